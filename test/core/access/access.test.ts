import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { fileStorage } from '../../../electron/core/journal/file-storage.ts'
import type { TokenInput } from '../../../shared/contract/settings.ts'
import type { Scope } from '../../../shared/model/actor.ts'
import { recordingStorage, systemError } from '../../support/storage-double.ts'
import { type AccessScene, admin, ana, openAccessScene, removeHome } from './scene.ts'

const opened: AccessScene[] = []
async function open(options: Parameters<typeof openAccessScene>[0] = {}): Promise<AccessScene> {
  const scene = await openAccessScene(options)
  opened.push(scene)
  return scene
}

afterEach(async () => {
  for (const scene of opened.splice(0)) {
    await scene.close()
    await removeHome(scene.home)
  }
})

async function created(scene: AccessScene, input: TokenInput) {
  const result = await scene.access.create(input, admin)
  if (!result.ok) throw new Error(result.failure.message)
  return result.value
}

const journalText = ({ home }: AccessScene): string =>
  readdirSync(join(home, 'journal'))
    .map((name) => readFileSync(join(home, 'journal', name), 'utf8'))
    .join('')

test('a submitting token is a source and nothing else', async () => {
  const scene = await open()
  const { token, item } = await created(scene, { name: 'CI', scope: 'submit' })
  expect(token).toMatch(/^cs_s[\w-]{43}$/)
  expect(scene.access.byToken(token)).toEqual({
    scopes: ['submit'],
    person: null,
    source: { id: item.id, name: 'CI' },
    credential: item.id,
    via: 'http',
  })
  expect(item.id).toMatch(/^src_/)
  expect(scene.access.source(item.id)).toEqual({ id: item.id, name: 'CI', callback_url: null })
})

test('no token of any kind holds both submit and decide', async () => {
  const scene = await open()
  const scopes: Record<string, readonly Scope[]> = {}
  for (const scope of ['submit', 'read', 'decide', 'admin'] as const) {
    const { token } = await created(scene, { name: scope, scope })
    scopes[scope] = scene.access.byToken(token)!.scopes
  }
  expect(scopes).toEqual({ submit: ['submit'], read: ['read'], decide: ['read', 'decide'], admin: ['read', 'admin'] })
})

test('a deciding token stands for the owner, or for the person it was made for', async () => {
  const scene = await open()
  const own = await created(scene, { name: 'mine', scope: 'decide' })
  const bens = await created(scene, { name: 'ben', scope: 'decide', person: 'ben@example.com' })
  expect(scene.access.byToken(own.token)?.person).toEqual(ana)
  expect(scene.access.byToken(bens.token)?.person).toEqual({ email: 'ben@example.com', name: 'ben@example.com' })
})

test('a deciding token without anybody to decide is refused', async () => {
  const scene = await open({ owner: null })
  expect(await scene.access.create({ name: 'x', scope: 'decide' }, admin)).toMatchObject({
    ok: false,
    failure: { code: 'invalid-input', data: { errors: [{ pointer: '/person' }] } },
  })
})

test('what does not belong to the kind of token is refused, all of it at once', async () => {
  const scene = await open()
  const input: TokenInput = { name: 'x', scope: 'read', person: 'ben@example.com', callback_url: 'https://example.com/hook' }
  expect(await scene.access.create(input, admin)).toMatchObject({
    ok: false,
    failure: { code: 'invalid-input', data: { errors: [{ pointer: '/callback_url' }, { pointer: '/person' }] } },
  })
})

test('a callback that could never be delivered is refused when it is registered, with the reason', async () => {
  const scene = await openAccessScene()
  const reasons = {
    'http://169.254.169.254/latest': 'cannot be used: 169.254.169.254 points to an address that nothing may be sent to',
    'http://8.8.8.8/hook': 'cannot be used: http is for this machine and private networks; use https',
    'https://user:secret@ci.example/hook': 'cannot be used: it must not carry a user name or password',
    'http://127.0.0.1:22/': 'cannot be used: port 22 belongs to another protocol',
  }
  for (const [callback_url, message] of Object.entries(reasons)) {
    const refused = await scene.access.create({ name: 'CI', scope: 'submit', callback_url }, admin)
    expect(refused).toMatchObject({
      ok: false,
      failure: { code: 'invalid-input', data: { errors: [{ pointer: '/callback_url', message }] } },
    })
  }
  expect(scene.access.list()).toEqual([])
  await scene.close()
})

test('the journal holds neither a token nor a callback secret, and secrets.json is its owner’s alone', async () => {
  const scene = await open()
  const { token, callback_secret, item } = await created(scene, {
    name: 'shop',
    scope: 'submit',
    callback_url: 'https://shop.example/hook',
  })
  expect(callback_secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
  expect(scene.access.callbackSecret(item.id)).toBe(callback_secret)
  const text = journalText(scene)
  expect(text).toContain(item.id)
  expect(text).not.toContain(token)
  expect(text).not.toContain(callback_secret)
  expect(statSync(join(scene.home, 'secrets.json')).mode & 0o777).toBe(0o600)
})

test('a token works after a restart, and so does the secret of its callback', async () => {
  const first = await open()
  const made = await created(first, { name: 'shop', scope: 'submit', callback_url: 'https://shop.example/hook' })
  const revoked = await created(first, { name: 'old', scope: 'read' })
  await first.access.revoke(revoked.item.id, admin)
  await first.close()
  const second = await openAccessScene({ home: first.home })
  expect(second.access.list()).toEqual([made.item])
  expect(second.access.byToken(made.token)?.credential).toBe(made.item.id)
  expect(second.access.callbackSecret(made.item.id)).toBe(made.callback_secret)
  expect(second.access.byToken(revoked.token)).toBeNull()
  await second.close()
})

test('a revoked token stops at once, is listed no more, and cannot be revoked twice', async () => {
  const scene = await open()
  const { token, item } = await created(scene, { name: 'CI', scope: 'submit', callback_url: 'https://ci.example/hook' })
  expect(await scene.access.revoke(item.id, admin)).toMatchObject({ ok: true })
  expect(scene.access.byToken(token)).toBeNull()
  expect(scene.access.list()).toEqual([])
  expect(scene.access.source(item.id)?.name).toBe('CI')
  expect(await scene.access.revoke(item.id, admin)).toMatchObject({ ok: false, failure: { code: 'not-found' } })
  expect(await scene.access.revoke('tok_unknown', admin)).toMatchObject({ ok: false, failure: { code: 'not-found' } })
})

test('unknown and malformed tokens are nobody', async () => {
  const scene = await open()
  for (const token of ['', 'x', 'cs_s', `cs_s${'A'.repeat(43)}`, 'x'.repeat(100_000)]) {
    expect(scene.access.byToken(token)).toBeNull()
    expect(scene.access.bySession(token)).toBeNull()
  }
})

test('the last use is remembered while the process lives', async () => {
  const scene = await open()
  const { token } = await created(scene, { name: 'CI', scope: 'read' })
  expect(scene.access.list()[0]?.last_used_at).toBeNull()
  scene.access.byToken(token)
  expect(scene.access.list()[0]?.last_used_at).toBe(new Date(scene.clock.now()).toISOString())
})

test('a link signs the owner in once', async () => {
  const scene = await open()
  const { key } = scene.access.createLink()
  const session = await scene.access.exchangeLink(key, '127.0.0.1')
  expect(scene.access.bySession(session!.session)).toMatchObject({
    scopes: ['read', 'decide', 'admin'],
    person: ana,
    source: null,
    via: 'browser',
  })
  expect(scene.access.byToken(session!.session)).toBeNull()
  expect(await scene.access.exchangeLink(key, '127.0.0.1')).toBeNull()
  expect(scene.access.list()).toEqual([])
})

test('a link does not live longer because the clock is set back', async () => {
  const scene = await open()
  const { key } = scene.access.createLink()
  scene.clock.sleepSilently(-3_600_000)
  scene.clock.advance(11 * 60_000)
  expect(await scene.access.exchangeLink(key, undefined)).toBeNull()
})

test('a link is good for ten minutes and a session for thirty days', async () => {
  const scene = await open()
  const late = scene.access.createLink()
  const early = scene.access.createLink()
  scene.clock.advance(10 * 60_000 - 1)
  const session = await scene.access.exchangeLink(early.key, undefined)
  scene.clock.advance(1)
  expect(await scene.access.exchangeLink(late.key, undefined)).toBeNull()
  scene.clock.advance(30 * 86_400_000 - 2)
  expect(scene.access.bySession(session!.session)).not.toBeNull()
  scene.clock.advance(1)
  expect(scene.access.bySession(session!.session)).toBeNull()
})

test('before there is an owner, a session can look around and set one, and not decide', async () => {
  const scene = await open({ owner: null })
  const session = await scene.access.exchangeLink(scene.access.createLink().key, undefined)
  expect(scene.access.bySession(session!.session)).toMatchObject({ scopes: ['read', 'admin'], person: null })
})

test('the command line has one key to submit and another to decide, new at each start and never journalled', async () => {
  const scene = await open()
  await scene.access.start()
  const path = join(scene.home, 'keys.json')
  const keys = JSON.parse(readFileSync(path, 'utf8')) as { owner: string; submit: string }
  expect(scene.access.byToken(keys.owner)).toMatchObject({
    scopes: ['read', 'decide', 'admin'],
    person: ana,
    source: null,
    via: 'cli',
  })
  expect(scene.access.byToken(keys.submit)).toMatchObject({
    scopes: ['submit'],
    person: null,
    source: { id: 'cli', name: 'Command line' },
  })
  expect(scene.access.source('cli')).toEqual({ id: 'cli', name: 'Command line', callback_url: null })
  expect(statSync(path).mode & 0o777).toBe(0o600)
  await scene.close()
  const again = await openAccessScene({ home: scene.home })
  await again.access.start()
  expect(again.access.byToken(keys.owner)).toBeNull()
  expect(again.access.byToken(keys.submit)).toBeNull()
  expect(journalText(scene)).toBe('')
  await again.close()
})

test('a token that could not be stored does not exist, and the sender is told', async () => {
  const double = recordingStorage(fileStorage)
  const scene = await open({ storage: double.storage })
  double.fault = ({ op, path }) => (op === 'append' && path.includes('journal') ? { error: systemError('ENOSPC') } : undefined)
  const refused = await scene.access.create({ name: 'CI', scope: 'submit', callback_url: 'https://ci.example/hook' }, admin)
  expect(refused).toMatchObject({ ok: false, failure: { code: 'disk-full' } })
  expect(scene.access.list()).toEqual([])
  expect(readFileSync(join(scene.home, 'secrets.json'), 'utf8')).toBe('{}\n')
  double.fault = () => undefined
  expect(await scene.access.create({ name: 'CI', scope: 'submit' }, admin)).toMatchObject({ ok: true })
})

test('a revocation that could not be stored is taken back', async () => {
  const double = recordingStorage(fileStorage)
  const scene = await open({ storage: double.storage })
  const { token, item } = await created(scene, { name: 'CI', scope: 'submit' })
  double.fault = ({ op, path }) => (op === 'append' && path.includes('journal') ? { error: systemError('ENOSPC') } : undefined)
  expect(await scene.access.revoke(item.id, admin)).toMatchObject({ ok: false, failure: { code: 'disk-full' } })
  expect(scene.access.byToken(token)?.credential).toBe(item.id)
  expect(scene.access.list()).toHaveLength(1)
})

test('whoever revokes a second time learns what became of it on disk', async () => {
  const double = recordingStorage(fileStorage)
  const scene = await open({ storage: double.storage })
  const { item } = await created(scene, { name: 'ci', scope: 'submit' })
  const both = () => Promise.all([1, 2].map(() => scene.access.revoke(item.id, admin)))
  const full = { ok: false, failure: { code: 'disk-full' } }
  double.fault = ({ op, path }) => (op === 'append' && path.includes('journal') ? { error: systemError('ENOSPC') } : undefined)
  expect(await both()).toMatchObject([full, full])
  double.fault = () => undefined
  expect(await both()).toMatchObject([{ ok: true }, { ok: false, failure: { code: 'not-found' } }])
})

test('a secret that could not be stored stops the token before it is journalled', async () => {
  const double = recordingStorage(fileStorage)
  const scene = await open({ storage: double.storage })
  double.fault = ({ op }) => (op === 'rename' ? { error: systemError('EIO') } : undefined)
  const refused = await scene.access.create({ name: 'CI', scope: 'submit', callback_url: 'https://ci.example/hook' }, admin)
  expect(refused).toMatchObject({ ok: false, failure: { code: 'read-only' } })
  expect(journalText(scene)).toBe('')
})

test('a sign-in that could not be stored leaves its link good', async () => {
  const double = recordingStorage(fileStorage)
  const scene = await open({ storage: double.storage })
  const { key } = scene.access.createLink()
  double.fault = ({ op, path }) => (op === 'append' && path.includes('journal') ? { error: systemError('ENOSPC') } : undefined)
  await expect(scene.access.exchangeLink(key, undefined)).rejects.toThrow()
  double.fault = () => undefined
  expect(await scene.access.exchangeLink(key, undefined)).not.toBeNull()
})
