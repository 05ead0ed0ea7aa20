import { safe } from '@orpc/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Scope } from '../../shared/model/actor.ts'
import { type Client, openTestApp, ownerEmail, type TestApp } from '../support/app.ts'

/** Opens one kind of way to the router. The caller behind a client has one scope. */
export type OpenLink = (rig: TestApp) => Promise<{ client(scope: Scope): Promise<Client>; close(): Promise<void> }>

/** What every way to the router has to do alike: in process, over a MessagePort, over HTTP. */
export function linkSuite(name: string, openLink: OpenLink): void {
  describe(`over ${name}`, () => {
    let rig: TestApp
    let link: Awaited<ReturnType<OpenLink>>
    let submit: Client
    let decide: Client
    let read: Client

    beforeAll(async () => {
      rig = await openTestApp()
      link = await openLink(rig)
      ;[submit, decide, read] = [await link.client('submit'), await link.client('decide'), await link.client('read')]
    })
    afterAll(async () => {
      await link.close()
      await rig.remove()
    })

    const ask = (title = 'Refund') =>
      submit.requests.submitRequest({ type: 'refund', title, amount: '12.50', data: { order: 'ä€😀', nested: [1, null] } })
    const approvalOf = async (task_id: string) => (await read.tasks.status({ task_id })).pending_approvals[0]!

    it('takes a request from submission to the answer', async () => {
      const { task_id, status } = await ask()
      expect(status).toBe('waiting')
      const item = await approvalOf(task_id)
      expect(item).toMatchObject({
        title: 'Refund',
        amount: '12.50',
        approvers: [ownerEmail],
        data: { order: 'ä€😀', nested: [1, null] },
      })
      const ended = submit.tasks.wait({ task_id, timeout_seconds: 20 })
      const decided = await decide.approvals.decide({
        approval_id: item.id,
        decision: 'approve',
        comment: 'ok',
        version: item.version.sha256,
      })
      expect(decided).toEqual({
        message: 'The approval was approved.',
        approval_id: item.id,
        decision: 'approved',
        status: 'approved',
      })
      expect(await ended).toMatchObject({
        task_id,
        status: 'completed',
        result: { status: 'approved', comment: 'ok' },
        pending_approvals: [],
      })
    })

    it('carries an expected failure with its code, status and details', async () => {
      const [unknown] = await safe(read.approvals.get({ approval_id: 'apr_none' }))
      expect(unknown).toMatchObject({ code: 'not-found', status: 404, message: 'There is no approval apr_none.' })
      const item = await approvalOf((await ask()).task_id)
      await decide.approvals.decide({ approval_id: item.id, decision: 'reject' })
      const [error] = await safe(decide.approvals.decide({ approval_id: item.id, decision: 'approve' }))
      expect(error).toMatchObject({ code: 'already-decided', status: 409, data: { decision: 'rejected', decided_by: ownerEmail } })
    })

    it('refuses an input with problems and names each of them', async () => {
      const bad = { expense_data: { id: '', amount: -1, submitter_email: 'nobody' }, approver_email: 'x', extra: 1 }
      const [error] = await safe(submit.requests.submitExpense(bad as never))
      const { status, code, data } = error as {
        status: number
        code: string
        data: { errors?: { pointer: string }[]; issues?: { path: string[] }[] }
      }
      expect([status, code]).toEqual([422, 'invalid-input'])
      const pointers = data.errors?.map((entry) => entry.pointer).sort()
      expect(pointers).toEqual([
        '/approver_email',
        '/expense_data/amount',
        '/expense_data/id',
        '/expense_data/submitter_email',
        '/extra',
      ])
    })

    it('refuses a credential without the scope', async () => {
      const item = await approvalOf((await ask()).task_id)
      for (const client of [submit, read]) {
        const [error] = await safe(client.approvals.decide({ approval_id: item.id, decision: 'approve' }))
        expect(error).toMatchObject({ code: 'forbidden', status: 403 })
      }
      const [error] = await safe(decide.requests.submitRequest({ type: 'refund' }))
      expect(error).toMatchObject({ code: 'forbidden', status: 403 })
    })

    it('shows a source its own tasks only', async () => {
      const { task_id } = await rig.source.requests.submitRequest({ type: 'other' })
      const [error] = await safe(submit.tasks.status({ task_id }))
      expect(error).toMatchObject({ code: 'not-found', status: 404 })
    })

    it('streams changes, each with the whole item, until the listener goes', async () => {
      const events = await read.events.subscribe({})
      const hello = await events.next()
      expect(hello.value).toMatchObject({ kind: 'hello', health: { status: 'ok' } })
      const { task_id } = await ask('Streamed')
      for await (const event of events) {
        if (event.kind !== 'approval' || event.item.run_id !== task_id) continue
        expect(event.item).toMatchObject({ title: 'Streamed', status: 'pending', revision: expect.any(Number) })
        break
      }
      await events.return?.()
    })
  })
}
