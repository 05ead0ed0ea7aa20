import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'

/** Builds; a busy machine takes its time. */
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

const root = join(import.meta.dirname, '../..')
let folder: string
let built: string

const node = (args: readonly string[], cwd: string) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' })
  return { status, out: `${stdout}${stderr}` }
}

/** The package as somebody else's program has it: built, and with nothing of ours around it. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-client-'))
  const installed = join(folder, 'node_modules/countersign')
  built = join(installed, 'dist/client')
  mkdirSync(installed, { recursive: true })
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  const ran = node([vite, 'build', '-c', 'vite.client.config.ts', '--outDir', built, '--logLevel', 'error'], root)
  if (ran.status !== 0) throw new Error(ran.out)
  const exported = { './client': { types: './dist/client/types/client/entry.d.ts', default: './dist/client/client.js' } }
  writeFileSync(join(installed, 'package.json'), JSON.stringify({ name: 'countersign', type: 'module', exports: exported }))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
})

afterAll(() => rmSync(folder, { recursive: true }))

it('runs in plain Node without any other package', () => {
  writeFileSync(
    join(folder, 'plain.js'),
    `import { createClient, verifyOutcome, NotGenuine } from 'countersign/client'
     const client = createClient({ url: 'http://127.0.0.1:9', token: 'x' })
     const gone = await client.submit({ type: 'x' }, { timeoutMs: 0 }).catch((error) => error.code)
     const refused = await verifyOutcome({ headers: {}, rawBody: '', secret: '' }).catch((error) => error instanceof NotGenuine)
     console.log(gone, refused)`,
  )
  expect(node(['plain.js'], folder)).toEqual({ status: 0, out: 'unreachable true\n' })
})

it('names nothing that a browser has not', () => {
  const code = readFileSync(join(built, 'client.js'), 'utf8')
  expect(code.match(/^\s*(?:import|export)\b.*\bfrom\b.*$/gm) ?? []).toEqual([])
  expect(code.match(/\b(?:require\(|process\.(?!env\.NODE_ENV)|Buffer\.|node:)/g) ?? []).toEqual([])
})

it('has types that lean on nothing but themselves', () => {
  writeFileSync(
    join(folder, 'typed.ts'),
    `import { type ApprovalRequest, createClient, NotApproved, verifyOutcome } from 'countersign/client'
     const client = createClient({ url: 'http://127.0.0.1:7171', token: 'x' })
     const request: ApprovalRequest = { type: 'refund', amount: '49.50', editable: ['amount'] }
     const pay: (order: { id: string; amount: number }) => Promise<string> = client.gate(
       async (order: { id: string; amount: number }) => order.id,
       { type: 'refund', title: ({ id }) => id, when: ({ amount }) => amount > 10 },
     )
     export const asked = async (): Promise<string> => (await client.submit(request)).task_id + (await pay({ id: '1', amount: 2 }))
     export const outcome = async (rawBody: Uint8Array) => (await verifyOutcome({ headers: {}, rawBody, secret: 'x' })).data.decision?.outcome
     // @ts-expect-error There is no such member.
     void client.submit({ type: 'x', colour: 'red' })
     export const failed = NotApproved`,
  )
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        module: 'nodenext',
        target: 'es2023',
        lib: ['es2023', 'dom'],
        strict: true,
        types: [],
        noEmit: true,
        skipLibCheck: false,
      },
      files: ['typed.ts'],
    }),
  )
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  expect(node([tsc, '-p', 'tsconfig.json'], folder)).toEqual({ status: 0, out: '' })
  expect(readdirSync(join(built, 'types')).sort()).toEqual(['client', 'model'])
})
