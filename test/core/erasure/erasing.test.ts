import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { verifier, verifierName } from '../../../electron/core/audit/verifier.ts'
import { fileStorage } from '../../../electron/core/journal/file-storage.ts'
import { clientFor, sourceCaller } from '../../support/app.ts'
import { recordingStorage, systemError } from '../../support/storage-double.ts'
import { ask, askAndDecide, filesWith, openScene, type Scene, secret } from './scene.ts'

let scene: Scene
afterEach(() => scene?.remove())

const reason = 'The customer asked for it'
const erase = (run_id: string) => scene.owner.erasure.erase({ run_id, reason })

it('what a run said is in no file of the home any more, and everything else works as before', async () => {
  scene = await openScene()
  await askAndDecide(scene, 'refund', 'somebodyelse')
  const { task_id, approval_id } = await askAndDecide(scene)
  expect(filesWith(scene.home, secret).length).toBeGreaterThan(1)
  expect(await erase(task_id)).toMatchObject({ erased: [task_id], done: true })

  // What stays for ever: who asked and who was asked, as the chain has it.
  const left = filesWith(scene.home, secret)
  expect(filesWith(scene.home, `refund for ${secret}`)).toEqual([])
  expect(filesWith(scene.home, `${secret} is unhappy`)).toEqual([])
  expect(filesWith(scene.home, `${secret} may have it`)).toEqual([])
  expect(filesWith(scene.home, `x ${secret} y`)).toEqual([])
  expect(left).toEqual(['inbox.db', 'journal/00000001.jsonl'])

  expect(await scene.owner.system.verify({})).toMatchObject({ ok: true, problems: [] })
  expect((await scene.owner.approvals.get({ approval_id })).erased).toMatchObject({
    actor: { id: 'owner@example.com' },
    reason,
    retention_days: null,
  })
  expect(await scene.owner.tasks.get({ task_id })).toMatchObject({ title: '(erased)', input: null, result: null })
  const found = await scene.owner.approvals.list({ search: 'somebodyelse' })
  expect(found.items).toHaveLength(1)
  expect((await scene.owner.approvals.list({ search: 'unhappy' })).items).toHaveLength(1)
})

it('the program that is handed out with an export proves the journal before and after', async () => {
  scene = await openScene()
  const { task_id } = await askAndDecide(scene)
  const program = join(scene.home, verifierName)
  writeFileSync(program, verifier)
  const prove = () => {
    const args = [program, join(scene.home, 'journal'), join(scene.home, 'checkpoints.jsonl')]
    const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' })
    return [
      status,
      stdout
        .split('\n')
        .slice(0, -1)
        .map((line) => line.replace(/\d+ (?=records)|head .*|key .*/g, '')),
    ]
  }
  await scene.stop()
  expect(prove()).toEqual([0, ['OK records, ', '1 signed heads, by the ']])
  scene = await openScene('', { home: scene.home })
  expect(await erase(task_id)).toMatchObject({ done: true })
  await scene.stop()
  const gone = expect.stringMatching(/^\d+ of them say nothing any more/)
  expect(prove()).toEqual([0, ['OK records, ', gone, '2 signed heads, by the ']])
})

it('without a name in the chain not one byte of it is left', async () => {
  scene = await openScene()
  const { task_id } = await scene.source.requests.submitRequest({ type: 'refund', title: secret, data: { deep: [secret] } })
  const [asked] = (await scene.owner.tasks.pending({ task_id })).pending
  await scene.owner.approvals.decide({ approval_id: asked!.approval_id, decision: 'reject', comment: secret })
  await scene.owner.tasks.wait({ task_id, timeout_seconds: 5 })
  expect(filesWith(scene.home, secret)).toContain('inbox.db-wal')
  expect(await erase(task_id)).toMatchObject({ done: true })
  expect(filesWith(scene.home, secret)).toEqual([])
  await scene.stop()
  expect(filesWith(scene.home, secret)).toEqual([])
})

it('the database reads as one that is computed anew', async () => {
  scene = await openScene()
  const { task_id, approval_id } = await askAndDecide(scene)
  await erase(task_id)
  const read = async () => ({
    approval: await scene.owner.approvals.get({ approval_id }),
    run: await scene.owner.tasks.get({ task_id }),
    timeline: await scene.owner.tasks.timeline({ task_id }),
    facets: await scene.owner.approvals.facets({}),
    sorted: await scene.owner.approvals.list({ sort: 'amount' }),
  })
  const before = await read()
  await scene.owner.system.rebuild({})
  expect(await read()).toEqual(before)
  expect(filesWith(scene.home, `refund for ${secret}`)).toEqual([])
})

it('what has not ended is not erased: it is cancelled first', async () => {
  scene = await openScene()
  const { task_id } = await ask(scene)
  await expect(erase(task_id)).rejects.toMatchObject({ code: 'not-ended', message: expect.stringContaining('Cancel it first') })
  await scene.owner.tasks.cancel({ task_id })
  expect(await erase(task_id)).toMatchObject({ erased: [task_id], done: true })
})

it('a legal hold on a run or a type refuses', async () => {
  scene = await openScene('retention: { hold: { types: [refund] } }')
  const first = await askAndDecide(scene)
  await expect(erase(first.task_id)).rejects.toMatchObject({ code: 'on-hold', message: expect.stringContaining('type refund') })
  const hold = { runs: [first.task_id], types: [] }
  await scene.owner.erasure.setRetention({ days: null, types: {}, hold })
  await expect(erase(first.task_id)).rejects.toMatchObject({ code: 'on-hold', message: expect.stringContaining(first.task_id) })
  await scene.owner.erasure.setRetention({ days: null, types: {}, hold: { runs: [], types: [] } })
  expect(await erase(first.task_id)).toMatchObject({ done: true })
})

it('erasing twice is said, and leaves one tombstone', async () => {
  scene = await openScene()
  const { task_id } = await askAndDecide(scene)
  await erase(task_id)
  expect(await erase(task_id)).toEqual({ message: 'It had been erased before.', run_id: task_id, erased: [], done: true })
  const { items } = await scene.owner.audit.list({ type: 'run_erased' })
  expect(items.map(({ data, actor }) => [data, actor.id])).toEqual([[{ reason }, 'owner@example.com']])
})

it('only a person who administers erases', async () => {
  scene = await openScene()
  const { task_id } = await askAndDecide(scene)
  const nobody = clientFor(scene.app, { ...sourceCaller, scopes: ['admin'], source: null })
  await expect(nobody.erasure.erase({ run_id: task_id, reason })).rejects.toMatchObject({ code: 'forbidden' })
  const decider = clientFor(scene.app, { ...scene.app.ownerCaller('http'), scopes: ['read', 'decide'] })
  await expect(decider.erasure.erase({ run_id: task_id, reason })).rejects.toMatchObject({ code: 'forbidden' })
  await expect(scene.owner.erasure.erase({ run_id: task_id, reason: ' ' })).rejects.toMatchObject({ code: 'invalid-input' })
  await expect(erase('run_none')).rejects.toMatchObject({ code: 'not-found' })
})

it('a request that comes again under its key is told that it was erased, and is not asked anew', async () => {
  scene = await openScene()
  const idempotency = { key: 'order-1', sha256: 'a'.repeat(64) }
  const submit = () =>
    scene.app.engine.submit(
      { workflow: 'approval', type: 'refund', title: secret, input: { asked: null }, answer: (id) => ({ task_id: id }) },
      { id: 'src_test' },
      { kind: 'source', id: 'src_test', name: 'Test', via: 'http' },
      idempotency,
    )
  const first = await submit()
  const task_id = first.ok ? first.value.run_id : ''
  await scene.owner.tasks.cancel({ task_id })
  await erase(task_id)
  expect(await submit()).toMatchObject({ ok: false, failure: { code: 'erased', data: { task_id } } })
})

it('what a crash left between the tombstone and the files is finished at the next start', async () => {
  const failing = recordingStorage(fileStorage)
  scene = await openScene('', { storage: failing.storage })
  const { task_id } = await askAndDecide(scene)
  failing.fault = ({ op }) => (op === 'rename' ? { error: systemError('EIO') } : undefined)
  expect(await erase(task_id)).toMatchObject({ erased: [task_id], done: false })
  // Shown to nobody, although the files still have it.
  expect(await scene.owner.tasks.get({ task_id })).toMatchObject({ title: '(erased)', input: null })
  expect((await scene.owner.erasure.retention({})).unfinished).toBe(1)
  expect(filesWith(scene.home, `refund for ${secret}`)).not.toEqual([])
  await scene.stop()

  const again = await openScene('', { home: scene.home, clock: scene.clock })
  again.clock.advance(1)
  await vi.waitFor(async () => expect((await again.owner.erasure.retention({})).unfinished).toBe(0), 5000)
  expect(filesWith(again.home, `refund for ${secret}`)).toEqual([])
  expect(await again.owner.system.verify({})).toMatchObject({ ok: true })
  await again.stop()
})

it('a disk that refuses is tried again after a while', async () => {
  const failing = recordingStorage(fileStorage)
  scene = await openScene('', { storage: failing.storage })
  const { task_id } = await askAndDecide(scene)
  failing.fault = ({ op, path }) => (op === 'open' && path.endsWith('.erasing') ? { error: systemError('ENOSPC') } : undefined)
  expect(await erase(task_id)).toMatchObject({ done: false })
  failing.fault = () => undefined
  scene.clock.advance(11 * 60_000)
  await vi.waitFor(async () => expect((await scene.owner.erasure.retention({})).unfinished).toBe(0), 5000)
  expect(filesWith(scene.home, `refund for ${secret}`)).toEqual([])
})

it('requests go on being taken and answered while others are erased', async () => {
  scene = await openScene()
  const runs: string[] = []
  for (let n = 0; n < 5; n++) runs.push((await askAndDecide(scene)).task_id)
  const [erased, asked] = await Promise.all([Promise.all(runs.map(erase)), askAndDecide(scene, 'refund', 'somebodyelse')])
  expect(erased.every(({ done }) => done)).toBe(true)
  expect(await scene.owner.tasks.get({ task_id: asked.task_id })).toMatchObject({ status: 'completed' })
  expect(filesWith(scene.home, `refund for ${secret}`)).toEqual([])
  expect(await scene.owner.system.verify({})).toMatchObject({ ok: true })
})
