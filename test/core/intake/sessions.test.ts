import { afterAll, beforeAll, expect, test } from 'vitest'
import { ana } from '../access/scene.ts'
import { isProblem, openScene, type Scene } from './scene.ts'

let scene: Scene
beforeAll(async () => {
  scene = await openScene()
})
afterAll(() => scene.close())

const signIn = (key: unknown) => scene.send('POST', '/session', { body: JSON.stringify({ key }) })
const own = { 'x-countersign': '1' }

async function session(): Promise<string> {
  const answer = await signIn(scene.access.createLink().key)
  return (answer.headers['set-cookie'] as string[])[0]!.split(';')[0]!
}

test('a one-time key becomes a cookie that only this site and no script can use', async () => {
  const { key } = scene.access.createLink()
  const answer = await signIn(key)
  expect(answer.status).toBe(200)
  expect(answer.headers['set-cookie']).toEqual([
    expect.stringMatching(
      new RegExp(`^countersign_session_${scene.port}=cs_b[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict; Max-Age=2592000$`),
    ),
  ])
  expect(answer.json).toEqual({ expires_at: new Date(scene.clock.now() + 30 * 86_400_000).toISOString() })
  const again = await signIn(key)
  expect([again.status, again.json.code, again.headers['set-cookie']]).toEqual([401, 'unauthorized', undefined])
})

test('an old key signs nobody in', async () => {
  const { key } = scene.access.createLink()
  scene.clock.advance(10 * 60_000)
  expect((await signIn(key)).status).toBe(401)
})

test('what is no key is refused in words', async () => {
  for (const key of [undefined, '', 1, 'x'.repeat(201)]) {
    const answer = await signIn(key)
    expect([answer.status, isProblem(answer), answer.json.errors[0].pointer]).toEqual([422, true, '/key'])
  }
  expect((await scene.send('POST', '/session', { body: 'x' })).status).toBe(400)
  expect((await scene.send('POST', '/session')).status).toBe(400)
})

test('the cookie reads, and decides with the header of our own page', async () => {
  const cookie = await session()
  const who = await scene.send('GET', '/session', { headers: { cookie: `a=b; ${cookie}; c=d` } })
  expect(who.json).toEqual({ person: ana, scopes: ['read', 'decide', 'admin'], via: 'browser' })
  const body = '{"approval_id":"a","decision":"approve"}'
  const bare = await scene.send('POST', '/approvals/decide', { body, headers: { cookie } })
  expect([bare.status, bare.json.code]).toEqual([403, 'origin-not-allowed'])
  const marked = await scene.send('POST', '/approvals/decide', { body, headers: { cookie, ...own } })
  expect(marked.status).toBe(200)
  expect(scene.seen.at(-1)).toMatchObject({ context: { caller: { person: ana, via: 'browser', address: '127.0.0.1' } } })
})

test('two homes in one browser keep their own sessions', async () => {
  const other = await openScene()
  const { key } = other.access.createLink()
  const answer = await other.send('POST', '/session', { body: JSON.stringify({ key }) })
  const theirs = (answer.headers['set-cookie'] as string[])[0]!.split(';')[0]!
  const mine = await session()
  expect(theirs.split('=')[0]).not.toBe(mine.split('=')[0])
  for (const at of [scene, other]) {
    expect((await at.send('GET', '/session', { headers: { cookie: `${mine}; ${theirs}` } })).status).toBe(200)
  }
  expect((await scene.send('GET', '/session', { headers: { cookie: theirs } })).status).toBe(401)
  await other.close()
})

test('the cookie never submits', async () => {
  const cookie = await session()
  const answer = await scene.send('POST', '/requests', { body: '{"type":"refund"}', headers: { cookie, ...own } })
  expect([answer.status, answer.json.code]).toEqual([403, 'forbidden'])
})

test('other pages cannot even read with the cookie', async () => {
  const cookie = await session()
  for (const headers of [{ 'sec-fetch-site': 'same-site' }, { 'sec-fetch-site': 'cross-site' }, { origin: 'http://127.0.0.1:1' }]) {
    const answer = await scene.send('GET', '/approvals', { headers: { cookie, ...headers } })
    expect([answer.status, answer.json.code]).toEqual([403, 'origin-not-allowed'])
  }
  const same = { cookie, 'sec-fetch-site': 'same-origin', origin: `http://127.0.0.1:${scene.port}` }
  expect((await scene.send('GET', '/approvals', { headers: same })).status).toBe(200)
})

test('a session ends after thirty days', async () => {
  const cookie = await session()
  scene.clock.advance(30 * 86_400_000)
  expect((await scene.send('GET', '/session', { headers: { cookie } })).status).toBe(401)
})

test('signing out ends the session at once, and twice does no harm', async () => {
  const cookie = await session()
  const foreign = await scene.send('DELETE', '/session', { headers: { cookie } })
  expect(foreign.status).toBe(403)
  for (let n = 0; n < 2; n++) {
    const answer = await scene.send('DELETE', '/session', { headers: { cookie, ...own } })
    expect(answer.status).toBe(200)
    expect(answer.headers['set-cookie']).toEqual([
      `countersign_session_${scene.port}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0`,
    ])
  }
  expect((await scene.send('GET', '/session', { headers: { cookie } })).status).toBe(401)
})

test('no number of GETs uses a key up or changes anything', async () => {
  const { key } = scene.access.createLink()
  for (const path of [`/session?key=${key}`, `/?key=${key}`, `/session/${key}`]) await scene.send('GET', path)
  expect((await signIn(key)).status).toBe(200)
})
