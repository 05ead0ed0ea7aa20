import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AnyContractProcedure, isContractProcedure } from '@orpc/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toDocsPage } from '../../../electron/core/intake/docs.ts'
import { toOpenApi } from '../../../electron/core/intake/openapi.ts'
import { contract } from '../../../shared/contract/contract.ts'
import { catalogue } from '../../../shared/contract/errors.ts'
import { openScene, type Scene } from './scene.ts'

const csp =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"

let web: string
let scene: Scene
beforeAll(async () => {
  web = mkdtempSync(join(tmpdir(), 'countersign-web-'))
  mkdirSync(join(web, 'assets'))
  writeFileSync(join(web, 'index.html'), '<!doctype html><title>Inbox</title>')
  writeFileSync(join(web, 'assets/app-1a2b.js'), 'export {}')
  writeFileSync(join(web, 'favicon.svg'), '<svg/>')
  writeFileSync(join(web, 'healthz'), 'not the API')
  scene = await openScene({ web })
})
afterAll(async () => {
  await scene.close()
  await rm(web, { recursive: true })
})

function routes(tree: object = contract): AnyContractProcedure[] {
  return Object.values(tree).flatMap((value) => (isContractProcedure(value) ? [value] : routes(value)))
}

/** Everything a `$ref` points to, anywhere in a value. */
function refs(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, each]) => (key === '$ref' && typeof each === 'string' ? [each] : refs(each)))
}

test('the OpenAPI document has every procedure of the contract, and signing in and out', async () => {
  const document = await toOpenApi(contract, '1.2.3')
  expect(document.openapi).toMatch(/^3\.1\./)
  const listed = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  )
  const declared = routes().map((procedure) => `${procedure['~orpc'].route.method} ${procedure['~orpc'].route.path}`)
  expect(declared.length).toBeGreaterThan(20)
  const besides = ['POST /session', 'DELETE /session', 'POST /hooks/{source}', 'GET /api/approvals/{key}/stream']
  expect(listed.sort()).toEqual([...declared, ...besides].sort())
})

test('the OpenAPI document is sound: unique ids, described answers, declared parameters, references that lead somewhere', async () => {
  const document = await toOpenApi(contract, '1.2.3')
  const operations = Object.entries(document.paths).flatMap(([path, each]) =>
    Object.entries(each).map(([method, operation]) => ({ path, method, operation })),
  )
  expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(operations.length)
  for (const { path, operation } of operations) {
    for (const answer of Object.values(operation.responses ?? {})) expect(answer.description).toBeTypeOf('string')
    const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path').map(({ name }) => name)
    expect(inPath.sort()).toEqual([...path.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort())
  }
  for (const ref of refs(document)) {
    const target = ref
      .replace('#/', '')
      .split('/')
      .reduce<unknown>((value, key) => (value as Record<string, unknown>)?.[key], document)
    expect([ref, typeof target]).toEqual([ref, 'object'])
  }
})

test('every failure in the document is a problem', async () => {
  const document = await toOpenApi(contract, '1')
  const submit = document.paths['/requests']!.post!
  expect(submit.responses!['422']!.content).toEqual({
    'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
  })
  expect(submit.responses!['422']!.description).toContain('`invalid-input`')
})

test('says which scopes each operation needs, and which need no credential', async () => {
  const { paths } = await toOpenApi(contract, '1')
  expect(paths['/requests']!.post!['x-scopes']).toEqual(['submit'])
  expect(paths['/approvals/decide']!.post!['x-scopes']).toEqual(['decide'])
  expect(paths['/tasks/{task_id}/status']!.get!['x-scopes']).toContain('read')
  const open = Object.entries(paths).flatMap(([path, each]) =>
    Object.values(each)
      .filter(({ security }) => security?.length === 0)
      .map(() => path),
  )
  expect(open.sort()).toEqual(['/healthz', '/session'])
  const page = toDocsPage(await toOpenApi(contract, '1'), 'http://127.0.0.1:7777')
  expect(page).toContain('Needs the scope submit.')
  expect(page).toContain('Needs a signature.')
  expect(page).not.toContain('..</p>')
})

test('serves the document and the page without a credential', async () => {
  const document = await scene.send('GET', '/openapi.json')
  expect([document.status, document.json.info.version]).toEqual([200, '1.2.3'])
  const page = await scene.send('GET', '/docs')
  expect([page.status, page.headers['content-type'], page.headers['content-security-policy']]).toEqual([
    200,
    'text/html; charset=utf-8',
    csp,
  ])
  const style = await scene.send('GET', '/docs.css')
  expect([style.status, style.headers['content-type']]).toEqual([200, 'text/css; charset=utf-8'])
})

test('the page has every operation and every failure, and nothing inline or from elsewhere', async () => {
  const page = toDocsPage(await toOpenApi(contract, '1'), 'http://127.0.0.1:7777')
  for (const procedure of routes()) expect(page).toContain(`</span>${procedure['~orpc'].route.path}`)
  for (const code of Object.keys(catalogue)) expect(page).toContain(`id="${code}"`)
  expect(page).not.toMatch(/<script|<style|\sstyle=|\son\w+=|https?:\/\/(?!127\.0\.0\.1:7777)/)
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map((found) => found[1]!)
  expect(new Set(ids).size).toBe(ids.length)
  for (const [, anchor] of page.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(anchor)
})

test('the page shows what a hostile host name would inject as text', () => {
  const operation = { operationId: 'x', summary: '<img src=x onerror=alert(1)>' }
  const page = toDocsPage(
    { openapi: '3.1.1', info: { title: 't', version: '"><script>' }, paths: { '/x': { get: operation } } },
    '"><script>',
  )
  expect(page).not.toMatch(/<script|<img/)
})

test('the inbox page comes with its policy and is never kept', async () => {
  const page = await scene.send('GET', '/')
  expect([page.status, page.text]).toEqual([200, '<!doctype html><title>Inbox</title>'])
  expect(page.headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': csp,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
  })
})

test('files with a hash in their name are kept for ever, others are asked for again', async () => {
  const script = await scene.send('GET', '/assets/app-1a2b.js')
  expect([script.status, script.headers['content-type'], script.headers['cache-control']]).toEqual([
    200,
    'text/javascript; charset=utf-8',
    'public, max-age=31536000, immutable',
  ])
  const icon = await scene.send('GET', '/favicon.svg')
  expect([icon.status, icon.headers['content-type'], icon.headers['cache-control']]).toEqual([200, 'image/svg+xml', 'no-cache'])
})

test('a page that is built anew under a running server is served whole', async () => {
  writeFileSync(join(web, 'assets/app-3c4d.js'), 'export const anew = true')
  writeFileSync(join(web, 'index.html'), '<!doctype html><title>Anew</title>')
  expect((await scene.send('GET', '/')).text).toContain('Anew')
  expect((await scene.send('GET', '/assets/app-3c4d.js?v=1')).text).toContain('anew')
  rmSync(join(web, 'assets/app-3c4d.js'))
  expect((await scene.send('GET', '/assets/app-3c4d.js')).status).toBe(404)
  expect((await scene.send('POST', '/favicon.svg')).headers.allow).toBe('GET')
})

test('a link inside of the folder leads nowhere', async () => {
  symlinkSync('/etc/hostname', join(web, 'host.txt'))
  symlinkSync('/etc', join(web, 'etc'))
  expect((await scene.send('GET', '/host.txt')).status).toBe(404)
  expect((await scene.send('GET', '/etc/hostname')).status).toBe(404)
})

test('no path leaves the folder and no file hides the API', async () => {
  for (const path of [
    '/../package.json',
    '/assets/../../secret',
    '/assets/..%2f..%2fsecret',
    '/%2e%2e/secret',
    '/assets/',
    '/assets',
    '/index.html',
    '/assets/app-1a2b.js%00',
    '/assets\\app-1a2b.js',
  ])
    expect([path, (await scene.send('GET', path)).status]).toEqual([path, 404])
  expect((await scene.send('GET', '/healthz')).json).toEqual({ status: 'ok', version: '1' })
})

test('says what to do when the page is not built', async () => {
  const bare = await openScene({ web: join(web, 'missing') })
  const page = await bare.send('GET', '/')
  expect(page.status).toBe(200)
  expect(page.text).toContain('npm run build')
  await bare.close()
})
