import { createServer } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { expect, test } from 'vitest'
import { checkCallbackUrl, resolveTarget } from '../../../electron/core/channels/guard.ts'
import { createSendPost } from '../../../electron/core/channels/post.ts'
import { systemClock } from '../../../electron/core/clock.ts'
import { Receiver } from './receiver.ts'

const accepted = [
  'https://erp.example/hooks',
  'https://erp.example:8443/hooks?tenant=1',
  'https://93.184.215.14/hook',
  'https://[2606:4700::1111]/hook',
  'https://10.1.2.3/hook',
  'http://localhost:8080/hook',
  'http://erp.internal/hook',
  'http://127.0.0.1:9000/',
  'http://127.1/',
  'http://0x7f.1/',
  'http://2130706433/',
  'http://0177.0.0.1/',
  'http://①②⑦.0.0.1/',
  'http://[::1]:9000/',
  'http://[::ffff:127.0.0.1]/',
  'http://10.0.0.8/',
  'http://172.16.0.1/',
  'http://172.31.255.254/',
  'http://192.168.1.20/',
  'http://100.64.0.1/',
  'http://[fd00::1]/',
]

const refused = [
  '',
  'erp.example/hooks',
  'ftp://erp.example/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'data:text/plain,x',
  'unix:/run/docker.sock',
  'http://',
  'https://ada:secret@erp.example/',
  'https://erp.example@127.0.0.1/',
  'http://:x@127.0.0.1/',
  'http://93.184.215.14/',
  'http://172.32.0.1/',
  'http://100.128.0.1/',
  'http://192.169.0.1/',
  'http://11.0.0.1/',
  'http://[2606:4700::1111]/',
  'http://[::ffff:8.8.8.8]/',
  'https://0/',
  'https://0.0.0.0/',
  'https://0.1.2.3/',
  'https://169.254.169.254/latest/meta-data/',
  'http://169.254.169.254/',
  'http://2852039166/',
  'http://0xa9fea9fe/',
  'http://[::ffff:169.254.169.254]/',
  'http://[::ffff:a9fe:a9fe]/',
  'https://[64:ff9b::a9fe:a9fe]/',
  'https://[64:ff9b::7f00:1]/',
  'https://[2002:7f00:1::]/',
  'https://192.0.0.8/',
  'https://198.18.0.1/',
  'https://198.19.255.255/',
  'https://224.0.0.1/',
  'https://239.255.255.250/',
  'https://240.0.0.1/',
  'https://255.255.255.255/',
  'https://[::]/',
  'https://[fe80::1]/',
  'https://[febf::1]/',
  'https://[ff02::1]/',
  'https://erp.example:22/',
  'https://erp.example:25/',
  'http://127.0.0.1:6379/',
  'https://erp.example:99999/',
  'https://exa mple/',
  'https://[::1/',
]

test.each(accepted)('accepts %s', (url) => {
  expect(checkCallbackUrl(url)).toMatchObject({ ok: true })
})

test.each(refused)('refuses %s', (url) => {
  expect(checkCallbackUrl(url)).toMatchObject({ ok: false })
})

test.each([
  ['https://erp.example/', ['93.184.215.14'], true],
  ['https://erp.example/', ['10.0.0.5'], true],
  ['https://erp.example/', ['169.254.169.254'], false],
  ['https://erp.example/', ['93.184.215.14', '169.254.169.254'], false],
  ['https://erp.example/', ['93.184.215.14', '127.0.0.1'], false],
  ['https://erp.example/', ['::ffff:169.254.169.254'], false],
  ['https://erp.example/', [], false],
  ['http://erp.internal/', ['192.168.1.9', 'fd00::9'], true],
  ['http://erp.example/', ['93.184.215.14'], false],
  ['http://erp.example/', ['127.0.0.1', '93.184.215.14'], false],
])('judges %s, which resolves to %j, as %s', async (url, addresses, allowed) => {
  expect((await resolveTarget(new URL(url), async () => addresses)).ok).toBe(allowed)
})

test('connects to the address that was checked, looked up once, under the name', async () => {
  const receiver = await new Receiver().open()
  const answers = [['127.0.0.1'], ['169.254.169.254']]
  let lookups = 0
  const send = createSendPost({ clock: systemClock, resolve: async () => answers[lookups++] ?? [] })
  const url = receiver.url.replace('127.0.0.1', 'erp.internal')
  const signal = new AbortController().signal
  expect(await send({ url, headers: { 'x-test': '1' }, body: '{}', timeoutMs: 5000, signal })).toMatchObject({ status: 204 })
  expect(lookups).toBe(1)
  expect(receiver.received[0]?.headers).toMatchObject({ host: new URL(url).host, 'x-test': '1' })
  expect(await send({ url, headers: {}, body: '{}', timeoutMs: 5000, signal })).toMatchObject({ kind: 'failed' })
  expect(receiver.received).toHaveLength(1)
  await receiver.close()
})

test('names the host to a TLS server at the checked address, and trusts no other name', async () => {
  const names: string[] = []
  const server = createTlsServer({
    SNICallback: (name, done) => {
      names.push(name)
      done(new Error('no certificate'))
    },
  })
  server.on('tlsClientError', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const port = (server.address() as { port: number }).port
  const send = createSendPost({ clock: systemClock, resolve: async () => ['127.0.0.1'] })
  const post = { headers: {}, body: '{}', timeoutMs: 5000, signal: new AbortController().signal }
  expect(await send({ ...post, url: `https://erp.internal:${port}/` })).toMatchObject({ kind: 'failed' })
  expect(names).toEqual(['erp.internal'])
  await new Promise((resolve) => server.close(resolve))
})

test('opens no connection for a refused address', async () => {
  let connections = 0
  const server = createServer(() => connections++)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const port = (server.address() as { port: number }).port
  const send = createSendPost({ clock: systemClock })
  const post = { headers: {}, body: '{}', timeoutMs: 5000, signal: new AbortController().signal }
  expect(await send({ ...post, url: `http://a:b@127.0.0.1:${port}/` })).toMatchObject({ kind: 'refused' })
  expect(await send({ ...post, url: `https://0.0.0.0:${port}/` })).toMatchObject({ kind: 'refused' })
  expect(connections).toBe(0)
  await new Promise((resolve) => server.close(resolve))
})

test('reads no more than 64 KiB of an answer', async () => {
  const receiver = await new Receiver().open()
  receiver.answer = () => ({ status: 200, body: 'x'.repeat(5_000_000) })
  const send = createSendPost({ clock: systemClock })
  const result = await send({ url: receiver.url, headers: {}, body: '', timeoutMs: 5000, signal: new AbortController().signal })
  expect(result.kind === 'answered' && result.text.length).toBe(64 * 1024)
  await receiver.close()
})

test('says in words why nobody was reached', async () => {
  const receiver = await new Receiver().open()
  await receiver.close()
  const send = createSendPost({ clock: systemClock })
  const result = await send({ url: receiver.url, headers: {}, body: '', timeoutMs: 5000, signal: new AbortController().signal })
  expect(result).toEqual({ kind: 'failed', error: 'Nobody listens at this address (ECONNREFUSED).' })
})
