import type { ApprovalItem, Attachment, Difference, Evidence, Vote } from '../../shared/model/approval.ts'
import { canReach, tooFew } from '../../shared/model/level.ts'
import { moment, plain } from './output.ts'

/** How one approval is shown: everything a person needs to decide, with nothing that a terminal obeys. */

type Field = readonly [name: string, value: string | null]

export const money = (item: Pick<ApprovalItem, 'amount' | 'currency'>): string =>
  item.amount === null ? '' : plain(`${item.amount} ${item.currency ?? ''}`.trim())

/** One approval, whole. */
export function card(item: ApprovalItem): string {
  const said = `${item.summary.origin === 'model' ? `Summary by ${item.summary.model ?? 'the model'}` : 'Summary by rules'}`
  return [
    plain(item.title),
    ...rows([...ended(item), ...whatIsAsked(item), ...whereItStands(item), ...reference(item)]),
    ...block(said, [`  ${plain(item.summary.summary)}`, `  ${plain(item.summary.impact)}`]),
    ...block('Look out', [...shortOf(item), ...flagsOf(item)]),
    ...block('Votes', item.votes.map(voteLine)),
    ...block('Changes', item.changes.flatMap(changeLines)),
    ...block('Description', item.description === null ? [] : [plain(item.description)]),
    ...block('Items', itemLines(item)),
    ...block('Data', dataLines(item)),
    ...block('Attachments', (item.attachments ?? []).map(attachmentLine)),
    ...block('Evidence', (item.evidence ?? []).flatMap(evidenceLines)),
    ...block('How it can be taken back', item.rollback === undefined ? [] : [plain(item.rollback)]),
    ...block(
      'Deliveries',
      item.deliveries.map(({ state, url, attempts }) => `  ${state} → ${plain(url)}, ${attempts} attempt(s)`),
    ),
  ].join('\n')
}

/** The part of a card that fits in front of a question. */
export function brief(item: ApprovalItem, now = Date.now()): string {
  const fields: readonly Field[] = [
    ['Type', item.type],
    ['Step', item.step],
    ...whatIsAsked(item).filter(([name]) => name !== 'Type'),
    ...whereItStands(item).filter(([name]) => name !== 'Due'),
    ['Time left', timeLeft(item, now)],
    ['Version', String(item.version.number)],
  ]
  return [
    plain(item.title),
    ...rows(fields),
    ...rows([['Summary', item.summary.summary]]),
    ...shortOf(item),
    ...flagsOf(item),
    ...item.changes.slice(-1).flatMap(changeLines),
  ].join('\n')
}

const rows = (fields: readonly Field[]): readonly string[] =>
  fields.flatMap(([name, value]) => (value === null || value === '' ? [] : [`  ${name.padEnd(12)} ${plain(value)}`]))

const block = (title: string, lines: readonly string[]): readonly string[] => (lines.length === 0 ? [] : ['', title, ...lines])

function ended(item: ApprovalItem): readonly Field[] {
  const { decision } = item
  if (decision === null) return [['Status', item.status]]
  const by = decision.actor.name ?? decision.actor.id
  const standsFor = decision.on_behalf_of === null ? '' : ` for ${decision.on_behalf_of.name}`
  const own = decision.self_approved ? ', who requested it' : ''
  return [
    ['Status', `${item.status} by ${by}${standsFor}${own}`],
    ['Decided', moment(decision.at)],
    ['Comment', decision.comment],
    ['Option', optionLabel(item, decision.option)],
    ['Answer', decision.answer === null || decision.answer === undefined ? null : JSON.stringify(decision.answer)],
  ]
}

const optionLabel = (item: ApprovalItem, id: string | null): string | null =>
  item.options?.find((option) => option.id === id)?.label ?? id

const whatIsAsked = (item: ApprovalItem): readonly Field[] => [
  ['Type', item.type],
  ['Amount', money(item) || null],
  ['Requester', item.requester],
  ['Beneficiary', item.beneficiary ?? null],
  ['Risk', [item.risk, ...item.risk_reasons].join(' · ')],
  ['If approved', item.consequence],
  ['Options', item.options?.map(({ id, label, outcome }) => `${id}: ${label} (${outcome})`).join('; ') ?? null],
  ['Editable', item.editable?.join(', ') ?? null],
  ['In part', item.partial ? 'a part of it may be approved' : null],
  ['Form', item.form ? formLine(item.form) : null],
]

function formLine(form: Readonly<Record<string, unknown>>): string {
  const { properties = {}, required = [] } = form as { properties?: Record<string, unknown>; required?: readonly string[] }
  return Object.keys(properties)
    .map((name) => (required.includes(name) ? `${name} (required)` : name))
    .join(', ')
}

function whereItStands(item: ApprovalItem): readonly Field[] {
  const votes = item.votes.filter(({ counts }) => counts)
  const approved = votes.filter(({ verdict }) => verdict === 'approved').length
  return [
    ['Level', levelLine(item)],
    ['Votes', item.needed > 1 || votes.length > 0 ? `${approved} approved in all; this level needs ${item.needed}` : null],
    ['Approvers', item.approvers.join(', ') || 'anybody who may decide'],
    ['Waits for', item.status === 'pending' && !isSame(item.waits_for, item.approvers) ? item.waits_for.join(', ') : null],
    ['Escalated', item.escalation && escalationLine(item.escalation)],
    ['Question', item.sent_back && `${item.sent_back.question} (${item.sent_back.actor.name ?? item.sent_back.actor.id})`],
    ['Lapsed', item.lapsed_at && `${moment(item.lapsed_at)}: nobody could see it, so it can still be answered`],
    ['Due', item.due_at && moment(item.due_at)],
    ['Rule', item.ruling && (item.ruling.rule ?? 'none matched, so a person is asked')],
  ]
}

const isSame = (some: readonly string[], others: readonly string[]): boolean => some.join() === others.join()

function levelLine({ levels, progress }: ApprovalItem): string | null {
  if (levels.length < 2) return null
  if (progress.current === null) return `${progress.done} of ${progress.total} passed`
  const [before, after] = [levels.slice(0, progress.done), levels.slice(progress.done + 1)]
  const chain = [...before.map(({ name }) => `✓ ${name}`), `● ${progress.current}`, ...after.map(({ name }) => `○ ${name}`)]
  return `${progress.current} (${progress.done + 1} of ${progress.total}): ${chain.join(' → ')}`
}

function escalationLine(mark: NonNullable<ApprovalItem['escalation']>): string {
  const why = mark.reason === 'timeout' ? 'time was up' : 'nobody answered'
  return `${why}; first asked: ${mark.original_approvers.join(', ')}${mark.while_away ? ' (while the application was closed)' : ''}`
}

const reference = (item: ApprovalItem): readonly Field[] => [
  ['Source', item.source_name],
  ['Asked', moment(item.created_at)],
  ['Version', `${item.version.number} (${item.version.sha256.slice(0, 12)})`],
  ['Task', `${item.run_id} ${item.run.status}`],
  ['Error', item.run.error],
  ['Approval', item.id],
]

/** That too few of those asked can still answer. Whether the policy lets somebody approve their own request, the host says. */
function shortOf(item: ApprovalItem): readonly string[] {
  const reach = canReach(item)
  if (reach.enough) return []
  const own = item.needed === 1 && item.excluded.length > 0 ? ' The policy may let a sole operator approve their own request.' : ''
  return [`  ! ${tooFew(reach)}${own}`]
}

const flagsOf = (item: ApprovalItem): readonly string[] =>
  item.flags.map(({ message, pointer }) => `  ! ${plain(message)}${pointer ? ` (${plain(pointer)})` : ''}`)

function voteLine(vote: Vote): string {
  const who = vote.actor.name ?? vote.actor.id
  const standsFor = vote.on_behalf_of === null ? '' : ` for ${vote.on_behalf_of.name}`
  const comment = vote.comment === null ? '' : `: ${vote.comment}`
  const stale = vote.counts ? '' : ` (for version ${vote.version.number}: counts no more)`
  return plain(`  ${vote.verdict} by ${who}${standsFor}, ${moment(vote.at)}${comment}${stale}`)
}

function changeLines(change: ApprovalItem['changes'][number]): readonly string[] {
  const who = change.actor.name ?? change.actor.id
  const comment = change.comment === null ? '' : `: ${change.comment}`
  const head = `  Version ${change.version.number} by ${who} (${change.by}), ${moment(change.at)}${comment}`
  return [plain(head), ...change.differences.map((one) => `    ${differenceLine(one)}`)]
}

/** `/data/amount: 120 → 100`. */
export function differenceLine({ pointer, before, after }: Difference): string {
  const shown = (value: unknown) => (value === undefined ? 'nothing' : JSON.stringify(value))
  return plain(`${pointer}: ${shown(before)} → ${shown(after)}`)
}

const itemLines = (item: ApprovalItem): readonly string[] =>
  (item.items ?? []).map((one) => `  ${plain(one.id)}  ${plain(one.title)}${one.amount === null ? '' : `  ${money(one)}`}`)

function attachmentLine({ name, url, media_type, size_bytes, sha256 }: Attachment): string {
  const size = size_bytes === undefined ? '' : `${size_bytes} bytes`
  const said = [media_type, size, sha256 && `SHA-256 ${sha256}`, url].filter(Boolean).join(', ')
  return plain(said ? `  ${name}  (${said})` : `  ${name}`)
}

const evidenceLines = ({ title, text, url }: Evidence): readonly string[] =>
  [`  ${title}`, ...(url === undefined ? [] : [`    ${url}`]), ...(text === undefined ? [] : [text])].map(plain)

/** The whole payload. Long runs of what cannot be seen are seen: each such character by its number. */
export function dataLines(item: ApprovalItem): readonly string[] {
  if (item.data_omitted) return [`  (${item.data_bytes} bytes)`]
  return item.data === null ? [] : [plain(JSON.stringify(item.data, null, 2))]
}

/** "3 h 20 min (until 2026-03-02 14:00)". */
function timeLeft({ due_at }: Pick<ApprovalItem, 'due_at'>, now: number): string {
  if (due_at === null) return 'no deadline'
  const minutes = Math.floor((Date.parse(due_at) - now) / 60_000)
  const text =
    minutes < 0
      ? 'none'
      : minutes === 0
        ? 'less than a minute'
        : minutes < 60
          ? `${minutes} min`
          : minutes < 48 * 60
            ? `${Math.floor(minutes / 60)} h ${minutes % 60} min`
            : `${Math.floor(minutes / 1440)} days`
  return `${text} (${moment(due_at, now).replace(/ \([^)]*\)$/, '')})`
}
