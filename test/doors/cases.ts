import type { Scope } from '../../shared/model/actor.ts'

/**
 * Who may come through which door, written from the documentation ("Who may do what") and not from the contract: what a procedure says
 * about itself is what is tested.
 */

/** A test's requests and the people around them. */
export type Ids = {
  /** Asked of the owner by the first source. */
  readonly run: string
  readonly approval: string
  /** SHA-256 of what the approval asks. */
  readonly version: string
  /** An expense of the first source, asked of the owner. */
  readonly expense: string
  /** Answered by the owner, and to be undone for a while. */
  readonly held: string
  /** Between two people who are neither the owner nor the stranger. */
  readonly delegation: string
}

/** The same door with everything right but the person, or the source. */
type Wrong = {
  readonly input: (ids: Ids) => Readonly<Record<string, unknown>>
  /** What it answers; `results` where each one of several is answered for itself. */
  readonly code: string
  /** Who administers may do it for others. */
  readonly adminMay?: true
}

export type Door = {
  /** The scopes that open it; any one of them. */
  readonly may: readonly Scope[] | 'anybody'
  /** What somebody with the right scope is told who is not the one asked; or why everybody with the scope may. */
  readonly stranger?: Wrong | string
  /** What a source is told about what another source sent. */
  readonly otherSource?: Wrong
}

const readers: readonly Scope[] = ['read', 'decide', 'admin']
const everybody: readonly Scope[] = ['submit', 'read', 'decide', 'admin']
const reads: Door = { may: readers }
const submits: Door = { may: ['submit'] }
const administers: Door = { may: ['admin'] }
const ownInbox = 'It concerns the own inbox of whoever does it.'
const operates = 'Whoever decides may set going what got stuck.'

const soon = new Date(Date.now() + 30 * 86_400_000).toISOString()
const ofRun = ({ run }: Ids) => ({ task_id: run })
const ofApproval = ({ approval }: Ids) => ({ approval_id: approval })
const foreignRun: Wrong = { input: ofRun, code: 'not-found' }

export const doors: Readonly<Record<string, Door>> = {
  'requests.submitRequest': submits,
  'requests.submitExpense': submits,
  'requests.requestDeployment': submits,
  'requests.submitBatch': submits,
  'requests.startExpense': submits,
  'requests.expense': { may: everybody, otherSource: { input: ({ expense }) => ({ workflow_id: expense }), code: 'not-found' } },
  'requests.approveExpense': {
    may: ['decide'],
    stranger: { input: ({ expense }) => ({ workflow_id: expense, decision: 'approve' }), code: 'not-approver' },
  },
  'approvals.pending': reads,
  'approvals.list': reads,
  'approvals.ids': reads,
  'approvals.byIds': reads,
  'approvals.facets': reads,
  'approvals.get': reads,
  'approvals.stream': reads,
  'approvals.versions': reads,
  'approvals.decide': {
    may: ['decide'],
    stranger: { input: (ids) => ({ ...ofApproval(ids), decision: 'approve' }), code: 'not-approver' },
  },
  'approvals.decideMany': {
    may: ['decide'],
    stranger: {
      input: ({ approval, version }) => ({ decision: 'approve', items: [{ approval_id: approval, version }] }),
      code: 'not-approver',
    },
  },
  'approvals.undo': { may: ['decide'], stranger: { input: ({ held }) => ({ approval_id: held }), code: 'forbidden' } },
  'approvals.webhook': {
    may: ['decide'],
    stranger: { input: ({ approval }) => ({ key: approval, action: 'approve' }), code: 'not-approver' },
  },
  'approvals.revise': {
    may: ['submit', 'admin'],
    otherSource: { input: (ids) => ({ ...ofApproval(ids), title: 'Other' }), code: 'forbidden' },
  },
  'approvals.withdraw': { may: ['submit', 'admin'], otherSource: { input: ofApproval, code: 'forbidden' } },
  'approvals.reassign': {
    may: ['decide', 'admin'],
    stranger: { input: (ids) => ({ ...ofApproval(ids), to: ['cy@example.com'] }), code: 'not-approver', adminMay: true },
  },
  'approvals.extend': {
    may: ['decide', 'admin'],
    stranger: { input: (ids) => ({ ...ofApproval(ids), hours: 1 }), code: 'not-approver', adminMay: true },
  },
  'approvals.snooze': { may: ['decide'], stranger: ownInbox },
  'approvals.unsnooze': { may: ['decide'], stranger: ownInbox },
  'approvals.watch': { may: ['decide'], stranger: ownInbox },
  'approvals.comment': {
    may: ['submit', 'decide'],
    stranger: 'Whoever is one of the people may remark on what they read.',
    otherSource: { input: (ids) => ({ ...ofApproval(ids), comment: 'Mine' }), code: 'forbidden' },
  },
  'tasks.status': { may: everybody, otherSource: foreignRun },
  'tasks.wait': { may: everybody, otherSource: foreignRun },
  'tasks.pending': { may: everybody, otherSource: foreignRun },
  'tasks.cancel': {
    may: ['submit', 'decide', 'admin'],
    stranger: { input: ofRun, code: 'forbidden', adminMay: true },
    otherSource: foreignRun,
  },
  'tasks.signal': {
    may: ['submit', 'decide', 'admin'],
    stranger: 'A message answers nothing that people are asked; it is recorded with who sent it.',
    otherSource: { input: (ids) => ({ ...ofRun(ids), name: 'paid', payload: {} }), code: 'not-found' },
  },
  'tasks.retry': { may: ['decide', 'admin'], stranger: operates },
  'tasks.resend': { may: ['decide', 'admin'], stranger: operates },
  'tasks.list': reads,
  'tasks.get': reads,
  'tasks.timeline': reads,
  'tasks.deadDeliveries': reads,
  'workflows.list': reads,
  'workflows.start': submits,
  'workflows.reload': administers,
  'people.get': reads,
  'people.savePerson': administers,
  'people.removePerson': administers,
  'people.saveGroup': administers,
  'people.removeGroup': administers,
  'people.setAway': {
    may: ['decide', 'admin'],
    stranger: { input: () => ({ email: 'bo@example.com', away: null }), code: 'forbidden', adminMay: true },
  },
  'people.delegate': {
    may: ['decide', 'admin'],
    stranger: {
      input: () => ({ from: 'bo@example.com', to: 'cy@example.com', ends_at: soon }),
      code: 'forbidden',
      adminMay: true,
    },
  },
  'people.endDelegation': {
    may: ['decide', 'admin'],
    stranger: { input: ({ delegation }) => ({ delegation_id: delegation }), code: 'forbidden', adminMay: true },
  },
  'policy.get': reads,
  'policy.check': reads,
  'policy.form': reads,
  'policy.try': reads,
  'policy.replay': reads,
  'policy.save': administers,
  'events.subscribe': reads,
  'alerts.next': reads,
  'settings.get': reads,
  'settings.update': administers,
  'settings.outgoing': administers,
  'tokens.list': administers,
  'tokens.create': administers,
  'tokens.revoke': administers,
  'sources.list': administers,
  'sources.sample': administers,
  'model.status': reads,
  'model.pull': administers,
  'model.cancel': administers,
  'model.test': administers,
  'audit.list': administers,
  'audit.get': administers,
  'audit.export': administers,
  'erasure.erase': administers,
  'erasure.retention': reads,
  'erasure.setRetention': administers,
  'erasure.preview': administers,
  'insight.precedents': reads,
  'insight.overview': reads,
  'insight.export': reads,
  'system.health': { may: 'anybody' },
  'system.session': reads,
  'system.link': administers,
  'system.doctor': reads,
  'system.verify': administers,
  'system.rebuild': administers,
}

/** Whether somebody with these scopes may come in at all. */
export const opensFor = ({ may }: Door, scopes: readonly Scope[]): boolean =>
  may === 'anybody' || may.some((scope) => scopes.includes(scope))
