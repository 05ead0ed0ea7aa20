import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Options } from './part.ts'
import type { Work } from './peers/candidate.ts'
import type { Figure } from './report.ts'

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

type Round = Readonly<Partial<Record<Name, Reading>>>

/** One after the other, again and again: whatever else the machine does meanwhile hits them all. */
async function measureAt(inFlight: number, these: readonly Name[], { repeats, scale, say }: Options): Promise<Figure[]> {
  const countOf = (name: Name) => Math.max(200, counts[name] * scale)
  const rounds: Round[] = []
  for (let n = 0; n < repeats; n++) {
    const round: Partial<Record<Name, Reading>> = {}
    for (const name of these) {
      say(`  ${name}, ${countOf(name).toLocaleString('en')} runs, ${inFlight} in flight`)
      round[name] = await measureOnce(name, countOf(name), inFlight)
    }
    rounds.push(round)
  }
  const group = `The same work at the same durability, ${inFlight} in flight: step A (500 bytes) → a decision with a timeout → step B → completed`
  const titleOf = (name: Name) => {
    const version = name === 'countersign' ? '' : ` ${versions[name]}`
    return `${name}${version}, ${countOf(name).toLocaleString('en')} runs (${rounds[0]![name]!.durability})`
  }
  const figure = (name: Name, of: keyof Work, words: string): Figure => ({
    group,
    name: `${titleOf(name)}: ${words}`,
    key: `same.${name}.${of}.${inFlight}`,
    unit: of === 'cpu' ? 'µs' : 'runs/s',
    readings: rounds.map((round) => round[name]![of]),
    better: of === 'cpu' ? 'less' : 'more',
  })
  return [
    ...(Object.entries(steps) as [keyof typeof steps, string][]).flatMap(([step, words]) => [
      ...these.map((name) => figure(name, step, words)),
      ...(these.length > 1 ? [ratio(group, step, words, rounds)] : []),
    ]),
    ...these.map((name) => figure(name, 'cpu', 'processor time of all threads, start to end')),
  ]
}

/** How many times the better of the others we do, round by round. */
function ratio(group: string, step: keyof typeof steps, words: string, rounds: readonly Round[]): Figure {
  const readings = rounds.map(({ countersign, ...others }) => {
    return countersign![step] / Math.max(...Object.values(others).map((reading) => reading[step]))
  })
  // Being taken is not yet being asked: what counts is what waits and what ends.
  const aim = step === 'acked' ? {} : { aim: 10 }
  return { group, name: `countersign beside the better of them: ${words}`, unit: '×', readings, ...aim, better: 'more' }
}

/** Two other libraries do what we do, each acknowledgement on disk. Without network only we do it. */
export async function measurePeers(options: Options): Promise<Figure[]> {
  const these = (await fetchPeers(options.say)) ? names : names.slice(0, 1)
  return [...(await measureAt(64, these, options)), ...(await measureAt(256, these, options))]
}
