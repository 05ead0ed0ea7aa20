import { copyFileSync, mkdirSync, mkdtempSync, statSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Command, CommanderError } from 'commander'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createProgram } from '../../electron/cli/commands.ts'
import { toCliError } from '../../electron/cli/failures.ts'
import { openScene, type Scene } from './scene.ts'

/** Every verb that does something, found in the command line itself. */
const verbsOf = (command: Command, path = ''): string[] =>
  command.commands.flatMap((inner) => {
    const name = `${path} ${inner.name()}`.trim()
    const deeper = verbsOf(inner, name)
    const acts = (inner as unknown as { _actionHandler: unknown })._actionHandler !== null
    return [...(deeper.length === 0 || acts ? [name] : []), ...deeper]
  })

/**
 * What each verb is tried with, and as whom it acts: the owner or the command line that submits, by the keys of the home. `files` reads
 * what is on disk and asks no server: there the folder's own protection is the door. `holds` wants the home for itself.
 */
type Case = {
  readonly acts: 'owner' | 'submit' | 'files' | 'holds'
  readonly args: (scene: Scene) => readonly string[]
  /** Where a source may do the same with what is its own: for it, others' do not exist. */
  readonly ownOnly?: true
}

const none = () => []
const id = ({ ids }: Scene) => [ids.approval]
const run = ({ ids }: Scene) => [ids.run]

const cases: Readonly<Record<string, Case>> = {
  start: { acts: 'holds', args: () => ['--port', '0'] },
  serve: { acts: 'holds', args: () => ['--port', '0'] },
  ask: { acts: 'submit', args: () => ['--type', 'refund', '--title', 'x', '--no-wait'] },
  watch: { acts: 'owner', args: none },
  list: { acts: 'owner', args: none },
  show: { acts: 'owner', args: id },
  approve: { acts: 'owner', args: id },
  reject: { acts: 'owner', args: (scene) => [...id(scene), '--comment', 'no'] },
  'send-back': { acts: 'owner', args: (scene) => [...id(scene), '--question', 'why?'] },
  revise: { acts: 'submit', args: (scene) => [...id(scene), '--comment', 'x'] },
  withdraw: { acts: 'submit', args: id },
  reassign: { acts: 'owner', args: (scene) => [...id(scene), '--to', 'bo@example.com'] },
  extend: { acts: 'owner', args: (scene) => [...id(scene), '--hours', '1'] },
  'run list': { acts: 'owner', args: none },
  'run show': { acts: 'owner', args: run },
  'run start': { acts: 'submit', args: () => ['refund'] },
  'run retry': { acts: 'owner', args: run },
  'run cancel': { acts: 'owner', args: run, ownOnly: true },
  'run signal': { acts: 'owner', args: (scene) => [...run(scene), 'paid'], ownOnly: true },
  workflows: { acts: 'owner', args: none },
  'policy show': { acts: 'owner', args: none },
  'policy check': { acts: 'owner', args: ({ home }) => [join(home, 'policy.yaml')] },
  'policy try': { acts: 'owner', args: () => ['--type', 'refund'] },
  'policy replay': { acts: 'owner', args: none },
  people: { acts: 'owner', args: none },
  delegate: { acts: 'owner', args: () => ['--to', 'bo@example.com', '--until', '3d'] },
  away: { acts: 'owner', args: () => ['--until', '3d'] },
  url: { acts: 'owner', args: none },
  'token create': { acts: 'owner', args: () => ['--name', 'mine', '--scope', 'admin'] },
  'token list': { acts: 'owner', args: none },
  'token revoke': { acts: 'owner', args: () => ['src_1'] },
  export: { acts: 'owner', args: none },
  'audit verify': { acts: 'files', args: none },
  'audit export': { acts: 'files', args: none },
  erase: { acts: 'owner', args: (scene) => [...run(scene), '--reason', 'x', '--yes'] },
  rebuild: { acts: 'owner', args: none },
  doctor: { acts: 'owner', args: none },
}

let scene: Scene
const homes: string[] = []
beforeAll(async () => {
  scene = await openScene()
})
afterAll(async () => {
  vi.unstubAllGlobals()
  await scene.stop()
  for (const home of homes) await rm(home, { recursive: true, force: true })
})

/** A folder that knows where the server is and has these keys for it. */
function homeWith(keys: { owner: string; submit: string }): string {
  const home = mkdtempSync(join(tmpdir(), 'countersign-doors-cli-'))
  homes.push(home)
  mkdirSync(join(home, 'journal'))
  copyFileSync(join(scene.home, 'server.json'), join(home, 'server.json'))
  writeFileSync(join(home, 'keys.json'), JSON.stringify(keys))
  return home
}

/** Runs one command line in this process; what it printed, and the code it failed with. */
async function runVerb(verb: string, args: readonly string[], home: string): Promise<{ code: string | null; out: string }> {
  let out = ''
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text)
    return true
  })
  const noise = vi.spyOn(process.stderr, 'write').mockImplementation(() => true)
  try {
    await createProgram().parseAsync([...verb.split(' '), ...args, '--home', home], { from: 'user' })
    return { code: null, out }
  } catch (error) {
    return { code: error instanceof CommanderError ? `usage: ${error.message}` : toCliError(error).code, out }
  } finally {
    write.mockRestore()
    noise.mockRestore()
    process.exitCode = 0
  }
}

test('every verb of the command line has a case, and every case a verb', () => {
  expect(verbsOf(createProgram()).sort()).toEqual(Object.keys(cases).sort())
})

const acting = (who: Case['acts']) => Object.entries(cases).filter(([, { acts }]) => acts === who)

describe('with keys that are not this server’s', () => {
  test.each([...acting('owner'), ...acting('submit')])('%s does nothing and shows nothing', async (verb, { args }) => {
    const before = scene.records()
    const home = homeWith({ owner: 'cs_oGUESSED', submit: 'cs_lGUESSED' })
    expect(await runVerb(verb, args(scene), home)).toEqual({ code: 'unauthorized', out: '' })
    expect(scene.records()).toBe(before)
  })
})

describe('with the other key of the two', () => {
  test.each([...acting('owner'), ...acting('submit')])('%s does nothing and shows nothing', async (verb, { args, ownOnly }) => {
    const { owner, submit } = scene.keys()
    const before = scene.records()
    const home = homeWith({ owner: submit, submit: owner })
    expect(await runVerb(verb, args(scene), home)).toEqual({ code: ownOnly ? 'not-found' : 'forbidden', out: '' })
    expect(scene.records()).toBe(before)
  })
})

describe('as the owner, who is not asked here', () => {
  test.each(['approve', 'reject'])('%s decides nothing', async (verb) => {
    const { tokens, url } = scene
    const headers = { authorization: `Bearer ${tokens.submit}`, 'content-type': 'application/json' }
    const body = JSON.stringify({ type: 'refund', title: 'For Bo', approver_email: 'bo@example.com' })
    const asked = (await (await fetch(`${url}/requests`, { method: 'POST', headers, body })).json()) as { task_id: string }
    const status = await fetch(`${url}/tasks/${asked.task_id}/status`, { headers })
    const [approval] = ((await status.json()) as { pending_approvals: { id: string }[] }).pending_approvals
    const before = scene.records()
    const comment = verb === 'reject' ? ['--comment', 'no'] : []
    expect(await runVerb(verb, [approval!.id, ...comment], scene.home)).toEqual({ code: 'not-approver', out: '' })
    expect(scene.records()).toBe(before)
  })
})

describe('a verb that reads files', () => {
  test.each(acting('files'))(
    '%s finds nothing in a home without a journal, and the journal is for its owner’s account alone',
    async (verb) => {
      const empty = mkdtempSync(join(tmpdir(), 'countersign-doors-cli-'))
      homes.push(empty)
      expect(await runVerb(verb, [], empty)).toEqual({ code: 'not-found', out: '' })
      const modes = ['', 'journal', 'journal/00000001.jsonl', 'keys.json', 'secrets.json', 'config.yaml'].flatMap((name) => {
        const stat = statSync(join(scene.home, name), { throwIfNoEntry: false })
        return stat === undefined || name === 'config.yaml' ? [] : [[name, stat.mode & 0o077]]
      })
      expect(modes).toEqual(modes.map(([name]) => [name, 0]))
    },
  )
})

describe('a verb that wants the home', () => {
  test('serve is refused while another holds it', async () => {
    expect(await runVerb('serve', ['--port', '0'], scene.home)).toEqual({ code: 'home-unusable', out: '' })
  })

  test('start shows no way in where the keys are not the server’s', async () => {
    for (const name of ['DISPLAY', 'WAYLAND_DISPLAY']) vi.stubEnv(name, '')
    const home = homeWith({ owner: 'cs_oGUESSED', submit: 'cs_lGUESSED' })
    expect(await runVerb('start', [], home)).toEqual({ code: 'unauthorized', out: '' })
    const { owner, submit } = scene.keys()
    expect(await runVerb('start', [], homeWith({ owner: submit, submit: owner }))).toEqual({ code: 'forbidden', out: '' })
    vi.unstubAllEnvs()
  })
})
