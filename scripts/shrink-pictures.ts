import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32, deflateSync, inflateSync } from 'node:zlib'

/*
 * Makes the reference pictures small enough to be kept with the code: each gets a palette of its 64 commonest colours. What is lost
 * is a shade at the edge of a letter, far below what the comparison overlooks. Reads what a browser writes: 8 bits, no interlacing.
 */

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const palettes = 3
const mostColours = 64

type Pixels = { readonly width: number; readonly height: number; readonly rgb: Uint8Array }

function* chunks(file: Buffer): Generator<readonly [type: string, data: Buffer]> {
  for (let at = signature.length; at < file.length; ) {
    const length = file.readUInt32BE(at)
    yield [file.toString('latin1', at + 4, at + 8), file.subarray(at + 8, at + 8 + length)]
    at += length + 12
  }
}

/** The pixels, or null where the picture has a palette already. */
function decode(file: Buffer): Pixels | null {
  const parts = [...chunks(file)]
  const head = parts.find(([type]) => type === 'IHDR')![1]
  const [width, height, kind] = [head.readUInt32BE(0), head.readUInt32BE(4), head[9]]
  if (kind === palettes) return null
  const each = kind === 6 ? 4 : 3
  const packed = Buffer.concat(parts.filter(([type]) => type === 'IDAT').map(([, data]) => data))
  const lines = unfilter(inflateSync(packed), width * each, height, each)
  const rgb = new Uint8Array(width * height * 3)
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let channel = 0; channel < 3; channel++) rgb[pixel * 3 + channel] = lines[pixel * each + channel]!
  }
  return { width, height, rgb }
}

/** Each line of a PNG is written as its difference from what stands left of it and above it. */
function unfilter(raw: Buffer, stride: number, height: number, each: number): Uint8Array {
  const out = new Uint8Array(stride * height)
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)]!
    for (let x = 0; x < stride; x++) {
      const at = y * stride + x
      const left = x >= each ? out[at - each]! : 0
      const above = y > 0 ? out[at - stride]! : 0
      const corner = x >= each && y > 0 ? out[at - stride - each]! : 0
      const from = [0, left, above, (left + above) >> 1, nearest(left, above, corner)][filter]!
      out[at] = raw[y * (stride + 1) + 1 + x]! + from
    }
  }
  return out
}

function nearest(left: number, above: number, corner: number): number {
  const guess = left + above - corner
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - above), Math.abs(guess - corner)]
  return a <= b && a <= c ? left : b <= c ? above : corner
}

/** The commonest colours, and for each colour of the picture the nearest of them. */
function toPalette({ rgb }: Pixels): { readonly palette: Buffer; indexOf(at: number): number } {
  const colour = (at: number) => (rgb[at]! << 16) | (rgb[at + 1]! << 8) | rgb[at + 2]!
  const counts = new Map<number, number>()
  for (let at = 0; at < rgb.length; at += 3) counts.set(colour(at), (counts.get(colour(at)) ?? 0) + 1)
  const kept = [...counts]
    .sort((one, other) => other[1] - one[1])
    .slice(0, mostColours)
    .map(([value]) => [value >> 16, (value >> 8) & 255, value & 255] as const)
  const known = new Map<number, number>()
  const closest = (value: number) => {
    const [red, green, blue] = [value >> 16, (value >> 8) & 255, value & 255]
    const far = kept.map(([r, g, b]) => (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2)
    return far.indexOf(Math.min(...far))
  }
  return {
    palette: Buffer.from(kept.flat()),
    indexOf(at) {
      const value = colour(at)
      const index = known.get(value) ?? closest(value)
      known.set(value, index)
      return index
    },
  }
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const out = Buffer.alloc(body.length + 8)
  out.writeUInt32BE(data.length, 0)
  body.copy(out, 4)
  out.writeUInt32BE(crc32(body), body.length + 4)
  return out
}

function encode(pixels: Pixels): Buffer {
  const { width, height } = pixels
  const { palette, indexOf } = toPalette(pixels)
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, palettes, 0, 0, 0], 8)
  const lines = Buffer.alloc((width + 1) * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) lines[y * (width + 1) + 1 + x] = indexOf((y * width + x) * 3)
  }
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('PLTE', palette),
    chunk('IDAT', deflateSync(lines, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** Shrinks what is not small yet; resolves with how many pictures there are, and how many bytes they take. */
export function shrinkPictures(folder: string): { readonly pictures: number; readonly bytes: number } {
  const names = readdirSync(folder).filter((name) => name.endsWith('.png'))
  let bytes = 0
  for (const name of names) {
    const path = join(folder, name)
    const file = readFileSync(path)
    const pixels = decode(file)
    const small = pixels === null ? file : encode(pixels)
    if (pixels !== null) writeFileSync(path, small)
    bytes += small.length
  }
  return { pictures: names.length, bytes }
}
