import { useState } from 'react'
import type { AnswerOption, ApprovalItem, Named } from '../../shared/model/approval.ts'
import { type Standpoint, standpoint } from '../asked.ts'
import type { CallFailure } from '../failure.ts'
import { useUnseen } from '../parts/changed-notice.tsx'
import { useNames } from '../parts/who.ts'
import { useActions, useInbox, useInboxHandle } from '../store/context.ts'
import type { Choice } from '../store/decide.ts'
import type { Deciding } from '../store/state.ts'
import { t } from '../strings.ts'
import { td } from '../strings-decide.ts'
import { visible } from '../visible-text.ts'
import { useAdvance } from './advance.ts'
import type { ApproveMode } from './approve-dialog.tsx'

/** What is open over the bar. */
type Asking =
  | { readonly kind: 'none' | 'confirm' | 'reject' | 'send_back' | 'reassign' | 'cancel' | 'snooze' }
  | { readonly kind: 'refuse_option'; readonly option: AnswerOption }
  | { readonly kind: 'fill'; readonly mode: ApproveMode }

const none: Asking = { kind: 'none' }

/** How this person stands to a request. */
export function useStandpoint(item: ApprovalItem): Standpoint {
  const me = useInbox((state) => state.person?.email)
  const people = useInbox((state) => state.people)
  return standpoint(item, me, people)
}

export type Answering = {
  readonly standing: Standpoint
  readonly deciding: Deciding | undefined
  /** Whether an answer of this person's is wanted, in whosever name. */
  readonly mayAnswer: boolean
  /** Why not, where it is not. */
  readonly whyNot: string
  readonly comment: string
  readonly setComment: (comment: string) => void
  /** For whom it is answered; null: in one's own name. */
  readonly behalf: Named | null
  readonly setBehalf: (behalf: Named | null) => void
  readonly asking: Asking
  readonly close: () => void
  /** Closes it if it is still this: another one may be open by the time an act is stored. */
  readonly closeOnly: (kind: Asking['kind']) => void
  /** Opens what belongs to an act, unless there is a reason not to answer now: that is said instead. */
  readonly begin: (asking: Asking, anybody?: boolean) => void
  readonly approve: () => void
  readonly choose: (option: AnswerOption) => void
  /** Opens the next request, where that is wanted. */
  readonly advance: () => void
  readonly send: (choice: Choice) => Promise<CallFailure | null>
}

/** Everything the decision bar does with one request. `left` are the items that were taken out of a batch. */
export function useAnswering(item: ApprovalItem, left: ReadonlySet<string>): Answering {
  const actions = useActions()
  const { store } = useInboxHandle()
  const names = useNames()
  const deciding = useInbox((state) => state.deciding[item.id])
  const standing = useStandpoint(item)
  const unseen = useUnseen(item)
  const [comment, setComment] = useState(useInbox((state) => state.refused[item.id] ?? ''))
  const [asking, setAsking] = useState<Asking>(none)
  const [chosen, setChosen] = useState<Named | null | undefined>()
  const advance = useAdvance(item.id)
  const behalf = chosen === undefined ? (standing.asked ? null : (standing.standsInFor[0] ?? null)) : chosen
  const mayAnswer = standing.asked || standing.standsInFor.length > 0
  const whyNot = standing.vote
    ? votedWords(item, standing)
    : t.detail.notAsked((item.waits_for.length > 0 ? item.waits_for : item.approvers).map(names))

  const begin = (next: Asking, anybody = false) => {
    if (deciding || asking.kind !== 'none') return
    if (!mayAnswer && !anybody) return actions.toast('bad', whyNot)
    if (unseen) {
      document.querySelector<HTMLElement>('.look-again')?.focus()
      return actions.toast('bad', td.stale.hold)
    }
    setAsking(next)
  }
  const send = async (choice: Choice) => {
    // A sheet that is filled in stays until its answer is taken: what was typed may still be of use.
    const filling = asking.kind === 'fill'
    const answered = actions.decide(item.id, { ...choice, ...(behalf ? { on_behalf_of: behalf.email } : {}) })
    // What could not even be sent stays in front, with everything that was written.
    const isOnItsWay = store.getState().deciding[item.id] !== undefined
    if (!filling && isOnItsWay) advance()
    const failure = await answered
    if (!failure || closes(failure)) setAsking(none)
    if (!failure) setComment('')
    if (!failure && filling) advance()
    return failure
  }
  const approve = () => {
    if (item.items && left.size === item.items.length) return actions.toast('bad', td.items.noneKept)
    if (left.size > 0) return begin({ kind: 'fill', mode: { kind: 'part' } })
    if (item.form) return begin({ kind: 'fill', mode: { kind: 'approve' } })
    if (item.risk === 'high' || !mayAnswer || unseen || deciding) return begin({ kind: 'confirm' })
    void send({ decision: 'approve', comment })
  }
  const choose = (option: AnswerOption) => {
    if (option.outcome === 'rejected') return begin({ kind: 'refuse_option', option })
    if (left.size > 0 || item.risk === 'high' || item.form || !mayAnswer || unseen || deciding) {
      return begin({ kind: 'fill', mode: { kind: 'option', option } })
    }
    void send({ decision: 'approve', option: option.id, comment })
  }
  return {
    ...{ standing, deciding, mayAnswer, whyNot, comment, setComment, behalf, asking, begin, approve, choose, advance, send },
    setBehalf: setChosen,
    close: () => setAsking(none),
    closeOnly: (kind) => setAsking((now) => (now.kind === kind ? none : now)),
  }
}

/** After these there is nothing left to do in the dialog; after others what was typed is still of use. */
const closes = ({ code }: CallFailure) => ['already-decided', 'already-voted', 'already-ended', 'not-found'].includes(code)

function votedWords(item: ApprovalItem, { vote }: Standpoint): string {
  if (!vote) return ''
  const given = item.votes.filter(({ counts, verdict, level }) => counts && verdict === 'approved' && level === vote.level).length
  const words = td.standing.voted(vote.verdict, Math.max(0, item.needed - given))
  if (!vote.on_behalf_of) return words
  return td.standing.votedFor(visible(vote.actor.name ?? vote.actor.id), visible(vote.on_behalf_of.name))
}
