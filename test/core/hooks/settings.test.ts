import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { SettingsError } from '../../../electron/core/settings/port.ts'
import { openSettings } from '../../../electron/core/settings/settings.ts'

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'hooks-'))
})
afterEach(() => rm(home, { recursive: true, force: true }))

async function open(config: string) {
  const files = { configFile: join(home, 'config.yaml') }
  await writeFile(files.configFile, config)
  return openSettings({ ...files, environment: {} })
}

/** Every problem of one hook, written as YAML members. */
async function problems(...members: string[]): Promise<readonly string[]> {
  const error = await open(`hooks:\n  shop:\n${members.map((member) => `    ${member}\n`).join('')}`).then(
    () => null,
    (reason: unknown) => reason,
  )
  if (error === null) return []
  expect(error).toBeInstanceOf(SettingsError)
  return (error as SettingsError).problems.map(({ pointer, message }) => `${pointer}: ${message}`)
}

const valid = ['scheme: github', 'secret_env: SHOP', 'type: refund']

test('a hook says how it is verified and what it becomes; the rest has defaults', async () => {
  const { config } = await open(`hooks:\n  shop:\n${valid.map((member) => `    ${member}\n`).join('')}`)
  expect(config.hooks.shop).toEqual({ scheme: 'github', secret_env: ['SHOP'], tolerance_seconds: 300, type: 'refund' })
  expect((await open('')).config.hooks).toEqual({})
})

test.each([
  ['type: refund', []],
  ['type: body.kind', []],
  ['type: "\\"re\\" + body.kind"', []],
  ['currency: EUR', []],
  ['currency: body.currency', []],
  ['approver_email: ana@example.com', []],
  ['approver_email: body.manager', []],
  ['priority: urgent', []],
  ['department: support', []],
  ['amount: 12.5', []],
  ['amount: body.amount', []],
  ['data: body', []],
  ['data: { order: body.id, first: "body.items[0]" }', []],
  ['when: body.a == "b" && has(body.c)', []],
  ['when: body.wanted', []],
  ['data: "body.items.filter(i, i.n > 1).map(i, i.id)"', []],
])('takes %s', async (member, none) => {
  const [name] = member.split(':')
  expect(await problems(...valid.filter((each) => !each.startsWith(`${name}:`)), member)).toEqual(none)
})

test.each([
  ['title: Refund', '/title: line 6, column 5: is no valid expression: Unknown variable: Refund (line 1, column 1 of it)'],
  ['when: body.a = 1', '/when: line 6, column 5: is no valid expression: Unexpected character: = (line 1, column 8 of it)'],
  ['when: \'"yes"\'', '/when: line 6, column 5: must be true or false, not string'],
  ['amount: bodi.amount', '/amount: line 6, column 5: is no valid expression: Unknown variable: bodi (line 1, column 1 of it)'],
  ['title: body.a.matches("^(a+)+$")', '/title: line 6, column 5: must not use matches()'],
  ['data: body.a.map(x, x.map(y, y))', '/data: line 6, column 5: must not use map() inside another loop'],
  ['data: { order: ordr }', '/data/order: line 6, column 13: is no valid expression: Unknown variable: ordr'],
  ['secret: also', ': line 2, column 3: says secret_env and secret; one place for the secret is enough'],
  ['tolerance_seconds: 0', '/tolerance_seconds: line 6, column 5: '],
  ['tittle: body.a', '/tittle: line 6, column 5: “tittle” is not known here; did you mean “title”?'],
])('says where %s is wrong', async (member, problem) => {
  expect(await problems(...valid, member)).toEqual([expect.stringContaining(`/hooks/shop${problem}`)])
})

test('says that a secret and a known scheme are needed', async () => {
  expect(await problems('scheme: paypal', 'type: refund')).toEqual([
    expect.stringMatching(/^\/hooks\/shop\/scheme: .*must be standard-webhooks, github, slack, stripe or bearer/),
  ])
  expect(await problems('scheme: github', 'type: refund')).toEqual([
    '/hooks/shop: line 2, column 3: needs a secret: say secret_env, secret_file or secret',
  ])
})

test.each([
  'hooks: {shop: {scheme: github, secret_env: "whsec_S3CR3T-S3CR3T", type: refund}}',
  'hooks: {shop: {scheme: github, secret_env: [SHOP, whsec_S3CR3T=], type: refund}}',
  'hooks: {shop: {scheme: S3CR3T, secret: shop, type: refund}}',
  'hooks: {shop: {scheme: github, secret: *S3CR3T, type: refund}}',
  'hooks: {shop: {scheme: github, secret: |S3CR3T\n}}',
  'actions: {refund: {url: "ftp://me:S3CR3T@example.com/"}}',
  'actions: {refund: {url: "https://example.com/", headers: {Authorization: [S3CR3T]}}}',
  'alerts: {webhook: "slack.com/S3CR3T"}',
])('no problem repeats a secret: %s', async (config) => {
  const error = await open(config).then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(SettingsError)
  const { message, problems: told } = error as SettingsError
  expect(message + JSON.stringify(told)).not.toContain('S3CR3T')
  expect(told[0]!.message).toMatch(/^line \d+, column \d+: |alias/i)
})
