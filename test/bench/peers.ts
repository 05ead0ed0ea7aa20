import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Options } from './part.ts'
import type { Work } from './peers/candidate.ts'
import { type Figure, median } from './report.ts'

/** The one place that says which ones. They are fetched into a folder for temporary files and are no dependencies of anything. */
const versions = { awaitly: '1.35.0', openworkflow: '0.10.1' } as const

const scratch = join(tmpdir(), 'countersign-bench-peers')
/** One of them does some two hundred a second: it gets fewer, and would not be faster with more. */
const counts = { countersign: 10_000, awaitly: 10_000, openworkflow: 1000 } as const
type Name = keyof typeof counts
const names = Object.keys(counts) as readonly Name[]
const fetchMs = 120_000

type Reading = Work & { readonly durability: string }

const steps = { acked: 'start → acknowledged', parked: 'start → parked', finished: 'decide → completed' } as const

function installed(name: keyof typeof versions): boolean {
  const file = join(scratch, 'node_modules', name, 'package.json')
  return existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version === versions[name]
}

/** Puts them into the scratch folder, once. False, and a line that says why, where they cannot be had. */
async function fetchPeers(say: Options['say']): Promise<boolean> {
  if (installed('awaitly') && installed('openworkflow')) {
    say(`  the peers are in ${scratch}`)
    return true
  }
  mkdirSync(scratch, { recursive: true })
  writeFileSync(join(scratch, 'package.json'), '{"private":true}\n')
  const wanted = Object.entries(versions).map(([name, version]) => `${name}@${version}`)
  say(`  fetching ${wanted.join(' and ')} into ${scratch}`)
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--prefix', scratch]
  // What an npm around us says about the project is not meant for that folder.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)))
  const { code, text } = await run('npm', ['install', ...flags, ...wanted], { cwd: scratch, env, timeout: fetchMs })
  const there = code === 0 && installed('awaitly') && installed('openworkflow')
  if (!there)
    say(
      `  The peers could not be fetched, so there is nothing to compare with: ${text.trim().split('\n').at(-1) ?? `npm ended with ${code}`}`,
    )
  return there
}

function run(
  command: string,
  words: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv; readonly timeout: number },
): Promise<{ readonly code: number | null; readonly out: string; readonly text: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, words, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    let out = ''
    let text = ''
    child.stdout.on('data', (chunk) => (out += chunk))
    child.stderr.on('data', (chunk) => (text += chunk))
    child.on('error', (error) => resolve({ code: null, out, text: error.message }))
    child.on('close', (code) => resolve({ code, out, text }))
  })
}

/** In a process of its own, which ends with it. */
async function measureOnce(name: Name, count: number, inFlight: number): Promise<Reading> {
  const program = fileURLToPath(new URL('peers/one.ts', import.meta.url))
  const words = [program, name, scratch, String(count), String(inFlight)]
  const { code, out, text } = await run(process.execPath, words, { timeout: 600_000 })
  if (code !== 0) throw new Error(`${name} ended with ${code}: ${text.slice(-2000)}`)
  return JSON.parse(out.trim().split('\n').at(-1)!) as Reading
}

async function measureAt(inFlight: number, these: readonly Name[], { repeats, scale, say }: Options): Promise<Figure[]> {
  const all = new Map<Name, readonly Reading[]>()
  for (const name of these) {
    const count = Math.max(200, counts[name] * scale)
    say(`  ${name}, ${count.toLocaleString('en')} runs, ${inFlight} in flight`)
    const readings: Reading[] = []
    for (let round = 0; round < repeats; round++) readings.push(await measureOnce(name, count, inFlight))
    all.set(name, readings)
  }
  const group = `The same work at the same durability, ${inFlight} in flight: step A (500 bytes) → a decision with a timeout → step B → completed`
  const figures: Figure[] = []
  for (const [step, words] of Object.entries(steps) as [keyof typeof steps, string][]) {
    const values = (name: Name) => (all.get(name) ?? []).map((reading) => reading[step])
    for (const [name, readings] of all) {
      const version = name === 'countersign' ? '' : ` ${versions[name]}`
      const runs = Math.max(200, counts[name] * scale).toLocaleString('en')
      figures.push({
        group,
        name: `${name}${version}, ${runs} runs: ${words} (${readings[0]!.durability})`,
        key: `same.${name}.${step}.${inFlight}`,
        unit: 'runs/s',
        readings: values(name),
        better: 'more',
      })
    }
    const best = Math.max(...these.filter((name) => name !== 'countersign').map((name) => median(values(name))))
    // Being taken is not yet being asked: what counts is what waits and what ends.
    const aim = step === 'acked' ? {} : { aim: 10 }
    if (these.length > 1) {
      const readings = values('countersign').map((value) => value / best)
      figures.push({ group, name: `countersign beside the better of them: ${words}`, unit: '×', readings, ...aim, better: 'more' })
    }
  }
  return figures
}

/** Two other libraries do what we do, each acknowledgement on disk. Without network only we do it. */
export async function measurePeers(options: Options): Promise<Figure[]> {
  const these = (await fetchPeers(options.say)) ? names : names.slice(0, 1)
  return [...(await measureAt(64, these, options)), ...(await measureAt(256, these, options))]
}
