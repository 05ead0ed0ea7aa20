import { connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as later } from 'node:timers/promises'
import { startFakeOllama } from '../../support/fake-ollama/fake-ollama.ts'
import { errorRows, injectedAnswer, invalidTexts, okAnswer, type Scenario } from '../../support/fake-ollama/scenarios.ts'
import { pick, type Random } from '../life/random.ts'

type Mood = Scenario | 'refusing'

/** Half of the time it is well; else it is everything that a model and its server can be. */
const moods: readonly ((random: Random) => Mood)[] = [
  ...Array.from({ length: 7 }, () => () => ({ kind: 'ok', answer: okAnswer }) as const),
  () => ({ kind: 'slow-token', ms: 20 }),
  () => ({ kind: 'slow-load', ms: 800 }),
  (random) => ({ kind: 'ok', text: pick(random, invalidTexts) }),
  () => ({ kind: 'ok', answer: injectedAnswer }),
  () => ({ kind: 'never' }),
  () => ({ kind: 'stall' }),
  (random) => {
    const [status, error] = pick(random, errorRows)
    return { kind: 'error-before', status, error }
  },
  () => ({ kind: 'error-mid', chunks: 2 }),
  () => ({ kind: 'reset-mid', chunks: 2 }),
  () => ({ kind: 'bad-line' }),
  () => ({ kind: 'split-utf8' }),
  () => ({ kind: 'endless' }),
  () => ({ kind: 'huge-line' }),
  () => ({ kind: 'html-proxy' }),
  () => ({ kind: 'busy', times: 3 }),
  () => 'refusing',
  () => 'refusing',
]

/** A model that is somebody else every few seconds. `changes` counts how often. */
export type MoodyModel = { readonly url: string; changes(): number; chats(): number; close(): Promise<void> }

export async function openMoodyModel(random: Random): Promise<MoodyModel> {
  const fake = await startFakeOllama()
  const front = await openFront(Number(new URL(fake.url).port))
  const over = new AbortController()
  let changes = 0
  let chats = 0
  const changing = (async () => {
    while (!over.signal.aborted) {
      const mood = pick(random, moods)(random)
      changes++
      if (mood === 'refusing') await front.refuse()
      else {
        await front.accept()
        fake.setScenario(mood)
      }
      await later(3000 + random(12_000), undefined, { signal: over.signal }).catch(() => undefined)
      chats += fake.forget()
    }
  })()
  return {
    url: front.url,
    changes: () => changes,
    chats: () => chats,
    async close() {
      over.abort()
      await changing
      await front.refuse()
      await fake.close()
    },
  }
}

type Front = { readonly url: string; refuse(): Promise<void>; accept(): Promise<void> }

/** A port that passes everything on, until it refuses connections as a server does that is not running. */
async function openFront(behind: number): Promise<Front> {
  const sockets = new Set<Socket>()
  let port = 0
  let server: Server | null = null
  const keep = (socket: Socket, other: () => Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => {
      sockets.delete(socket)
      other().destroy()
    })
  }
  const accept = async () => {
    if (server !== null) return
    const opened = createServer((near) => {
      const far = connect(behind, '127.0.0.1')
      keep(near, () => far)
      keep(far, () => near)
      near.pipe(far)
      far.pipe(near)
    })
    await new Promise<void>((resolve, reject) => {
      opened.once('error', reject)
      opened.listen(port, '127.0.0.1', resolve)
    })
    port = (opened.address() as { port: number }).port
    server = opened
  }
  const refuse = async () => {
    const closing = server
    server = null
    for (const socket of sockets) socket.destroy()
    if (closing !== null) await new Promise<void>((resolve) => closing.close(() => resolve()))
  }
  await accept()
  return { url: `http://127.0.0.1:${port}`, refuse, accept }
}
