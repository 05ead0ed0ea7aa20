/*
 * Which part of a host's name somebody had to register, and what a name in punycode looks like. There is no list of all suffixes
 * here: a wrong guess shows more of the name in bold, never less of it.
 */

/** Second levels under which people register names: "shop.co.uk". */
const secondLevels = new Set([
  'co',
  'com',
  'org',
  'net',
  'gov',
  'gob',
  'gouv',
  'ac',
  'edu',
  'or',
  'ne',
  'go',
  'govt',
  'ltd',
  'plc',
  'me',
])

/** Hosters that give each customer a name under theirs. */
const hosters = new Set(
  (
    'github.io gitlab.io pages.dev workers.dev web.app firebaseapp.com netlify.app vercel.app herokuapp.com azurewebsites.net ' +
    'blob.core.windows.net amazonaws.com cloudfront.net blogspot.com wordpress.com glitch.me ngrok.io ngrok.app ngrok-free.app ' +
    'trycloudflare.com onrender.com fly.dev surge.sh repl.co appspot.com run.app r2.dev'
  ).split(' '),
)

/** The part of a host that was registered: "shop.example" of "www.shop.example". An address in numbers is taken whole. */
export function registrablePart(host: string): string {
  const name = host.replace(/:\d+$/, '').replace(/\.$/, '')
  if (/^\[|^[\d.]+$/.test(name)) return name
  const labels = name.split('.')
  if (labels.length <= 2) return name
  for (let take = 2; take < labels.length; take++) {
    if (hosters.has(labels.slice(-take).join('.'))) return labels.slice(-take - 1).join('.')
  }
  const [second = '', top = ''] = labels.slice(-2)
  return labels.slice(top.length === 2 && secondLevels.has(second) ? -3 : -2).join('.')
}

/** A host with its `xn--` labels as people would see them; null where there are none or one cannot be read. */
export function decodedHost(host: string): string | null {
  if (!/(?:^|\.)xn--/i.test(host)) return null
  const labels = host.split('.').map((label) => (/^xn--/i.test(label) ? fromPunycode(label.slice(4).toLowerCase()) : label))
  return labels.some((label) => label === null) ? null : labels.join('.')
}

const [base, least, most, skew, damp] = [36, 1, 26, 38, 700]

/** RFC 3492, section 6.2. */
function fromPunycode(text: string): string | null {
  const split = text.lastIndexOf('-')
  const out = split < 0 ? [] : [...text.slice(0, split)].map((each) => each.codePointAt(0)!)
  let [code, at, bias] = [128, 0, 72]
  for (let index = split < 0 ? 0 : split + 1; index < text.length; ) {
    const before = at
    for (let weight = 1, k = base; ; k += base) {
      const digit = digitOf(text.charCodeAt(index++))
      if (digit < 0) return null
      at += digit * weight
      const limit = k <= bias ? least : k >= bias + most ? most : k - bias
      if (digit < limit) break
      weight *= base - limit
    }
    const length = out.length + 1
    bias = adapted(at - before, length, before === 0)
    code += Math.floor(at / length)
    at %= length
    if (code > 0x10ffff) return null
    out.splice(at++, 0, code)
  }
  return String.fromCodePoint(...out)
}

function digitOf(unit: number): number {
  if (unit >= 97 && unit <= 122) return unit - 97
  return unit >= 48 && unit <= 57 ? unit - 22 : -1
}

function adapted(delta: number, length: number, isFirst: boolean): number {
  let left = Math.floor(delta / (isFirst ? damp : 2))
  left += Math.floor(left / length)
  let k = 0
  for (; left > ((base - least) * most) / 2; k += base) left = Math.floor(left / (base - least))
  return k + Math.floor(((base - least + 1) * left) / (left + skew))
}
