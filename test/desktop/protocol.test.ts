import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { answerFromFolder, contentSecurityPolicy, resolveAsset } from '../../electron/desktop/protocol.ts'
import { temporaryFolder } from './support.ts'

const home = 'app://countersign'

/** A served folder with something beside it that must never get out. */
function folders() {
  const outer = temporaryFolder()
  const root = join(outer, 'web')
  mkdirSync(join(root, 'assets'), { recursive: true })
  writeFileSync(join(outer, 'secret.json'), '{"secret":true}')
  writeFileSync(join(outer, 'index.html'), 'secret')
  writeFileSync(join(root, '.built'), 'secret')
  writeFileSync(join(root, '.hidden.json'), 'secret')
  writeFileSync(join(root, 'notes.txt'), 'secret')
  writeFileSync(join(root, 'index.html'), '<!doctype html>')
  writeFileSync(join(root, 'assets', 'index-B2_x.js'), 'export {}')
  return root
}

const hostile = [
  '/../secret.json',
  '/../../etc/passwd',
  '/..',
  '/../',
  '/.',
  '/./../secret.json',
  '/assets/../../secret.json',
  '/assets/..',
  '//secret.json',
  '/%2e%2e/secret.json',
  '/%2E%2E/secret.json',
  '/.%2e/secret.json',
  '/%2e./secret.json',
  '/..%2fsecret.json',
  '/%2e%2e%2fsecret.json',
  '/%252e%252e/secret.json',
  '/%252e%252e%252fsecret.json',
  '/..%5csecret.json',
  '/..\\secret.json',
  '/assets\\..\\..\\secret.json',
  '/..%c0%afsecret.json',
  '/%c0%ae%c0%ae/secret.json',
  '/..;/secret.json',
  '/....//secret.json',
  '/.../secret.json',
  '/secret.json%00.html',
  '/index.html\0',
  '/index.html%00',
  '/\0',
  '/C:/Windows/win.ini',
  '/C:%5cWindows%5cwin.ini',
  '/c:secret.json',
  '/file:///etc/passwd',
  '/index.html::$DATA',
  '/index.html.',
  '/.built',
  '/.hidden.json',
  '/%2ehidden.json',
  '/notes.txt',
  '/assets',
  '/assets/',
  '/index.html/',
  '/index.html%20',
  '/ index.html',
  '/\n../secret.json',
  '/\u202e/secret.json',
  '/~/secret.json',
  '/%',
  '/%zz',
  '/%e0%a4%a',
  '/etc/passwd',
].map((path) => home + path)

const strangers = [
  'app://evil/index.html',
  'app://countersign.evil/index.html',
  'app://evil@countersign/index.html',
  'app://countersign:80/index.html',
  'app:index.html',
  'app:///index.html',
  'file:///etc/passwd',
  'https://countersign/index.html',
  'countersign://countersign/index.html',
  '',
  'index.html',
  'app://',
]

describe('the page’s files', () => {
  it('are served with their type and the strict policy', async () => {
    const root = folders()
    const seen = []
    for (const path of ['/', '/index.html', '/index.html?x=../..#/approvals/../a', '/assets/index-B2_x.js']) {
      const answer = await answerFromFolder(root, { url: home + path, method: 'GET' })
      seen.push([answer.status, answer.headers.get('content-type'), answer.headers.get('content-security-policy')])
    }
    const page = [200, 'text/html; charset=utf-8', contentSecurityPolicy]
    expect(seen).toEqual([page, page, page, [200, 'text/javascript; charset=utf-8', contentSecurityPolicy]])
    expect(contentSecurityPolicy).not.toMatch(/unsafe|\*|https?:/)
  })

  it.each([...hostile, ...strangers])('are nothing but those: %j gets nothing', async (url) => {
    const root = folders()
    const answer = await answerFromFolder(root, { url, method: 'GET' })
    expect([answer.status, await answer.text()]).toEqual([404, 'There is no such file'])
    expect(answer.headers.get('content-security-policy')).toBe(contentSecurityPolicy)
  })

  it('are read and never written', async () => {
    const root = folders()
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
      expect((await answerFromFolder(root, { url: `${home}/index.html`, method })).status).toBe(405)
    }
  })

  it('stay inside their folder whatever is asked', () => {
    for (const url of hostile) {
      const file = resolveAsset('/srv/web', url)
      if (file !== null) expect(file.startsWith('/srv/web/')).toBe(true)
    }
  })
})
