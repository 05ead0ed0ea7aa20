import { expect, test } from 'vitest'
import { openScene, type SendOptions, sendRaw } from './scene.ts'

/** What must come out, computed from the rules alone. */
function verdict(
  host: string,
  own: string,
  fetchSite: string | null,
  origin: string | null,
  type: string,
): [number, string | null] {
  if (!own) return [403, 'host-not-allowed']
  if (fetchSite !== null && fetchSite !== 'same-origin' && fetchSite !== 'none') return [403, 'origin-not-allowed']
  if (origin !== null && origin !== `http://${host.toLowerCase()}`) return [403, 'origin-not-allowed']
  return type === 'application/json' ? [202, null] : [415, 'unsupported-media-type']
}

test('only the inbox itself and programs get through, in every combination of host, origin, site and type', async () => {
  const scene = await openScene({ hosts: ['inbox.lan'] })
  const { port } = scene
  const good = [`127.0.0.1:${port}`, `localhost:${port}`, `LOCALHOST:${port}`, `[::1]:${port}`, `inbox.lan:${port}`, 'inbox.lan']
  const bad = [
    'evil.example',
    `evil.example:${port}`,
    '127.0.0.1',
    'localhost',
    `127.0.0.1:${port + 1}`,
    `127.0.0.1.evil.example:${port}`,
    `0.0.0.0:${port}`,
    `localhost.:${port}`,
    'a'.repeat(300),
  ]
  const origins = [
    null,
    `http://127.0.0.1:${port}`,
    `http://localhost:${port}`,
    'http://127.0.0.1:1',
    'https://evil.example',
    'null',
  ]
  const sites = [null, 'same-origin', 'same-site', 'cross-site', 'none', 'junk']
  const types = ['application/json', 'text/plain']
  let combinations = 0
  for (const host of [...good, ...bad]) {
    for (const origin of origins) {
      for (const site of sites) {
        for (const type of types) {
          const headers = {
            host,
            'content-type': type,
            ...(origin === null ? {} : { origin }),
            ...(site === null ? {} : { 'sec-fetch-site': site }),
          }
          const answer = await scene.send('POST', '/requests', { body: '{"type":"refund"}', headers, token: scene.tokens.submit })
          const expected = verdict(host, good.includes(host) ? host : '', site, origin, type)
          expect([host, origin, site, type, answer.status, answer.json.code ?? null]).toEqual([
            host,
            origin,
            site,
            type,
            ...expected,
          ])
          combinations++
        }
      }
    }
  }
  expect(combinations).toBe(1080)
  await scene.close()
})

test('every method that could change something is refused to other pages, and a foreign host even reading', async () => {
  const scene = await openScene()
  const paths: [string, string, SendOptions][] = [
    ['POST', '/requests', { body: '{"type":"refund"}', token: scene.tokens.submit }],
    ['POST', '/tasks/a/cancel', { token: scene.tokens.submit }],
    ['PATCH', '/settings', { body: '{}', token: scene.tokens.admin }],
    ['DELETE', '/tokens/tok_1', { token: scene.tokens.admin }],
    ['POST', '/session', { body: '{"key":"x"}' }],
    ['DELETE', '/session', {}],
  ]
  for (const [method, path, options] of paths) {
    const foreign = await scene.send(method, path, { ...options, headers: { origin: 'http://evil.example' } })
    expect([path, foreign.status, foreign.json.code]).toEqual([path, 403, 'origin-not-allowed'])
    const site = await scene.send(method, path, { ...options, headers: { 'sec-fetch-site': 'same-site' } })
    expect([path, site.status, site.json.code]).toEqual([path, 403, 'origin-not-allowed'])
  }
  for (const path of ['/', '/healthz', '/approvals', '/events', '/openapi.json', '/docs', '/docs.css', '/nope']) {
    const answer = await scene.send('GET', path, { headers: { host: 'evil.example' } })
    expect([path, answer.status, answer.json.code]).toEqual([path, 403, 'host-not-allowed'])
  }
  expect(scene.seen).toEqual([])
  await scene.close()
})

test.each([
  ['no Host', ''],
  ['two Hosts', 'Host: 127.0.0.1:PORT\r\nHost: 127.0.0.1:PORT\r\n'],
  ['an empty Host', 'Host: \r\n'],
])('%s is refused as a foreign one', async (_name, hosts) => {
  const scene = await openScene()
  for (const version of ['1.1', '1.0']) {
    const head = `GET /healthz HTTP/${version}\r\n${hosts.replaceAll('PORT', String(scene.port))}Connection: close\r\n\r\n`
    expect(await sendRaw(scene.port, head)).toMatch(/^HTTP\/1\.1 4(00|03) /)
  }
  await scene.close()
})
