import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileStorage } from '../../electron/core/journal/file-storage.ts'
import type { Storage } from '../../electron/core/journal/port.ts'
import { verifyJournal } from '../../electron/core/journal/verify.ts'
import { type Headless, startHeadless } from '../../electron/headless/host.ts'
import { clientFor, ownerEmail, silentLog } from '../support/app.ts'
import { mountSmallDisk, type SmallDisk } from '../support/small-disk.ts'
import { type Part, random, Tally } from './part.ts'
import { quotaStorage } from './quota-storage.ts'

/** Of the whole small disk: the application's reserve is 8 MiB of it. */
const diskBytes = 24 * 1024 * 1024

type Disk = Pick<SmallDisk, 'fill' | 'free'> & {
  readonly folder: string
  readonly storage: Storage
  readonly real: boolean
  remove(): void
}

/** A small disk of its own where one can be mounted; else a folder of which the application's files may take so much. */
function smallDisk(): Disk {
  const folder = fs.mkdtempSync(join(tmpdir(), 'countersign-full-'))
  const remove = () => fs.rmSync(folder, { recursive: true, force: true })
  const mounted = mountSmallDisk(folder, diskBytes)
  if (!mounted) {
    const { storage, left } = quotaStorage(fileStorage, diskBytes)
    return { folder, storage, real: false, fill: left, free: () => left(diskBytes), remove }
  }
  const { fill, free, unmount } = mounted
  return {
    folder,
    storage: fileStorage,
    real: true,
    fill,
    free,
    remove() {
      unmount()
      remove()
    },
  }
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

type Asked = { readonly task: string; readonly key: string }

class Scene {
  readonly disk: Disk
  readonly home: string
  readonly problems: string[] = []
  readonly asked: Asked[] = []
  readonly decided = new Set<string>()
  host!: Headless
  #tokens = { submit: '', decide: '' }

  constructor(disk: Disk) {
    this.disk = disk
    this.home = join(disk.folder, 'home')
  }

  async start(): Promise<void> {
    fs.mkdirSync(this.home, { recursive: true })
    const config = join(this.home, 'config.yaml')
    if (!fs.existsSync(config))
      fs.writeFileSync(
        config,
        'undo: { seconds: 0 }\nmodel: { enabled: false }\nlimits: { requests_per_minute: 100000, burst: 10000 }\n',
      )
    this.host = await startHeadless({ home: this.home, owner: ownerEmail, port: 0, storage: this.disk.storage, log: silentLog })
    if (this.#tokens.submit !== '') return
    const owner = clientFor(this.host.app, this.host.app.ownerCaller('http'))
    const make = async (scope: 'submit' | 'decide') => (await owner.tokens.create({ name: scope, scope })).token
    this.#tokens = { submit: await make('submit'), decide: await make('decide') }
    await this.reserveIs(true)
  }

  async reserveIs(held: boolean): Promise<void> {
    const size = () => (fs.existsSync(join(this.home, 'reserve')) ? fs.statSync(join(this.home, 'reserve')).size : 0)
    for (let n = 0; n < 100; n++) {
      if ((size() === 8 * 1024 * 1024) === held) return
      await sleep(50)
    }
    this.problems.push(`the reserve is ${held ? 'not set aside' : 'still there'}`)
  }

  async #post(token: string, path: string, body: unknown, key?: string) {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      ...(key ? { 'idempotency-key': key } : {}),
    }
    const response = await fetch(this.host.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
    return { status: response.status, headers: response.headers, body: (await response.json()) as Record<string, unknown> }
  }

  /** Asks once; answers whether it was taken. Anything but taken or a clear 507 is a problem. */
  async ask(bytes: number): Promise<boolean> {
    const key = `key_${this.asked.length}_${Math.random()}`
    const { status, headers, body } = await this.#post(
      this.#tokens.submit,
      '/requests',
      { type: 'refund', title: 'Refund', data: { note: 'x'.repeat(bytes) } },
      key,
    )
    if (status === 200 || status === 201 || status === 202) {
      this.asked.push({ task: String(body.task_id), key })
      return true
    }
    const clear =
      status === 507 &&
      body.code === 'disk-full' &&
      headers.get('retry-after') !== null &&
      /disk is full/i.test(String(body.detail))
    if (!clear) this.problems.push(`a request on the full disk is answered ${status} ${JSON.stringify(body).slice(0, 200)}`)
    return false
  }

  async decide({ task }: Asked): Promise<void> {
    const owner = clientFor(this.host.app, this.host.app.ownerCaller('http'))
    const status = await owner.tasks.status({ task_id: task })
    const [pending] = status.pending_approvals as readonly { id: string }[]
    if (!pending) return void this.problems.push(`${task} was acknowledged and waits for nothing`)
    const { status: code, body } = await this.#post(this.#tokens.decide, '/approvals/decide', {
      approval_id: pending.id,
      decision: 'approve',
    })
    if (code === 200) this.decided.add(task)
    else this.problems.push(`a decision on the full disk is answered ${code} ${JSON.stringify(body).slice(0, 200)}`)
  }

  async stop(what: string): Promise<void> {
    await this.host.stop().catch((error: Error) => this.problems.push(`${what} it does not stop in order: ${error.message}`))
    const checkpoints = fs.readFileSync(join(this.home, 'checkpoints.jsonl'), 'utf8').trimEnd().split('\n')
    const found = await verifyJournal(join(this.home, 'journal'), {
      checkpoints: { file: join(this.home, 'checkpoints.jsonl'), keyFile: join(this.home, 'checkpoint.key') },
    })
    if (!found.ok || found.torn)
      this.problems.push(`${what} the journal is not whole: ${JSON.stringify([found.torn, found.problems[0]])}`)
    const signed = (JSON.parse(checkpoints.at(-1) ?? '{}') as { seq?: number }).seq
    if (signed !== found.head.seq) this.problems.push(`${what} the last checkpoint is of ${signed}, the head is ${found.head.seq}`)
    for (const name of fs.readdirSync(join(this.home, 'journal'))) {
      const glued = /\}\{"hash"/.test(fs.readFileSync(join(this.home, 'journal', name), 'latin1'))
      if (glued) this.problems.push(`${what} there is a glued line in ${name}`)
    }
  }

  async allThere(): Promise<void> {
    const owner = clientFor(this.host.app, this.host.app.ownerCaller('http'))
    for (const { task } of this.asked) {
      const status = await owner.tasks.status({ task_id: task }).catch((error: Error) => ({ status: error.message }))
      const wanted = this.decided.has(task) ? 'completed' : 'waiting'
      if (!String(status.status).includes(wanted)) this.problems.push(`${task} should be ${wanted} and is ${status.status}`)
    }
  }
}

/** Fills the disk up to a few bytes, goes on asking, decides, stops, and makes room again. */
async function fillUp(disk: Disk, next: (below: number) => number): Promise<readonly string[]> {
  const scene = new Scene(disk)
  try {
    await through(scene, disk, next)
  } catch (error) {
    scene.problems.push(`it went wrong: ${(error as Error).stack}`)
    await scene.host?.stop().catch(() => undefined)
  }
  return scene.problems
}

async function through(scene: Scene, disk: Disk, next: (below: number) => number): Promise<void> {
  await scene.start()
  for (let n = 0; n < 12; n++) await scene.ask(next(3000))
  disk.fill(next(40_000))
  let refused = 0
  for (let n = 0; n < 400 && refused < 5; n++) if (!(await scene.ask(next(3000)))) refused++
  if (refused === 0) scene.problems.push('the full disk refuses nothing')
  for (const asked of scene.asked.slice(0, 10)) await scene.decide(asked)
  if (next(2) === 0) {
    await scene.stop('on the full disk')
    disk.free()
    await scene.start()
  } else disk.free()
  await scene.reserveIs(true)
  await sleep(50)
  if (!(await scene.ask(2000))) scene.problems.push('there is room again, and a request is refused')
  await scene.decide(scene.asked.at(-1)!)
  await scene.allThere()
  await scene.stop('at the end')
}

/** A full disk: what is not taken is said, what is taken stays, what waits can be decided, and it works again once there is room. */
export const fullDisk: Part = {
  name: 'full-disk',
  async run({ seed, quick, only }) {
    const tally = new Tally('full-disk', 'fill, decide, stop, free', seed)
    for (let n = 0; n < (quick ? 3 : 30); n++) {
      const id = `full-disk/${n}`
      if (only !== undefined && only !== id) continue
      const disk = smallDisk()
      tally.note ??= disk.real ? 'tmpfs of 24 MiB' : 'no tmpfs can be mounted here: a storage that counts bytes'
      try {
        tally.add(id, await fillUp(disk, random(seed + n)))
      } finally {
        disk.remove()
      }
    }
    return [tally.row()]
  },
}
