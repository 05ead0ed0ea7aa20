import { Check, MessageSquare, Pencil, X } from 'lucide-react'
import { type MouseEvent, useId, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { normalEmail } from '../../shared/model/actor.ts'
import type { ApprovalItem } from '../../shared/model/approval.ts'
import { count } from '../format.ts'
import { useCommands } from '../keys.ts'
import { LaterDialog } from '../parts/later.tsx'
import { Plain } from '../parts/text.tsx'
import { consequenceOf } from '../said.ts'
import { useActions, useInbox } from '../store/context.ts'
import { t } from '../strings.ts'
import { td } from '../strings-decide.ts'
import { tt } from '../strings-triage.ts'
import { visible } from '../visible-text.ts'
import { type Answering, useAnswering } from './answering.ts'
import { decisionDialogs } from './later-screens.ts'
import { type MoreItem, MoreMenu } from './more-menu.tsx'

type Props = {
  readonly item: ApprovalItem
  /** Ids of the batch's items that were taken out. */
  readonly left: ReadonlySet<string>
  /** Opens the list of items, where some can be taken out. */
  readonly onItems: () => void
}

/** Always in reach: what approving will do, and every answer there is. A high risk asks a second time. */
export function DecisionBar({ item, left, onItems }: Props) {
  const answering = useAnswering(item, left)
  const { standing, mayAnswer, whyNot, begin, approve, choose, deciding } = answering
  const [isWriting, setWriting] = useState(false)
  // What was written with an answer that was refused would go with the next one: it is seen.
  const writing = isWriting || (answering.comment !== '' && deciding === undefined)
  const field = useRef<HTMLTextAreaElement>(null)
  const posting = useRef(false)
  const whose = useId()
  const closed = mayAnswer ? {} : { 'aria-disabled': true, 'aria-describedby': whose }
  const watching = useInbox((state) => state.person !== null && item.watchers.includes(normalEmail(state.person.email)))
  const actions = useActions()
  const hasEdit = mayAnswer && (item.editable?.length ?? 0) > 0
  const hasPart = mayAnswer && item.partial === true && (item.amount !== null || item.items !== undefined)

  const reject = () => begin({ kind: 'reject' })
  const edit = () => begin({ kind: 'fill', mode: { kind: 'edit' } })
  const part = () => (item.items ? onItems() : begin({ kind: 'fill', mode: { kind: 'part' } }))
  const write = () => {
    // Before the next key comes: what is typed must never be taken for commands.
    flushSync(() => setWriting(true))
    field.current?.focus()
  }
  const remark = async () => {
    if (posting.current) return
    posting.current = true
    const failure = await actions.remark(item.id, answering.comment)
    posting.current = false
    // What was written behind it meanwhile stays, and whoever is somewhere else by now stays there.
    if (failure || field.current?.value !== answering.comment) return
    const { activeElement } = document
    const isHere = activeElement === document.body || field.current.parentElement?.contains(activeElement)
    answering.setComment('')
    setWriting(false)
    if (isHere) document.getElementById('request-title')?.focus()
  }
  const more: readonly MoreItem[] = [
    ...(hasPart ? [{ command: 'part' as const, label: item.items ? td.act.partItems : td.act.part, run: part }] : []),
    ...(mayAnswer ? [{ command: 'send_back' as const, label: td.act.sendBack, run: () => begin({ kind: 'send_back' }) }] : []),
    { command: 'snooze', label: tt.snooze.act, run: () => begin({ kind: 'snooze' }, true) },
    { command: 'watch', label: watching ? tt.watch.stop : tt.watch.act, run: () => void actions.watch(item.id, !watching) },
    { command: 'reassign', label: td.act.reassign, run: () => begin({ kind: 'reassign' }, true) },
    { command: 'cancel', label: td.act.cancel, run: () => begin({ kind: 'cancel' }, true) },
  ]
  useCommands(
    {
      approve,
      reject,
      ...(mayAnswer ? { comment: write } : {}),
      ...(hasEdit ? { edit } : {}),
      ...(item.options ? { option: (key) => pick(item, key, choose) } : {}),
      ...Object.fromEntries(more.map(({ command, run }) => [command, run])),
    },
    mayAnswer ? [] : ['approve', 'reject', 'option'],
  )
  return (
    <section
      aria-label={t.decide.label}
      className="border-t border-line bg-page px-4 pt-2.5 pb-[max(10px,env(safe-area-inset-bottom))] lg:px-6"
    >
      <div className="mx-auto grid max-w-[760px] grid-cols-[minmax(0,1fr)] gap-2">
        <p className="line-clamp-3 wrap-anywhere [@media(max-height:500px)]:line-clamp-1">
          {mayAnswer ? (
            <>
              <span className="text-muted">{t.detail.consequence}: </span>
              <Plain text={consequenceOf(item)} oneLine />
            </>
          ) : (
            <span id={whose}>{whyNot}</span>
          )}
        </p>
        {mayAnswer && <Behalf answering={answering} />}
        {writing && (
          <div className="grid gap-1.5">
            <textarea
              ref={field}
              className="field min-h-14 resize-none [field-sizing:content]"
              aria-label={t.decide.comment}
              placeholder={t.decide.commentHint}
              maxLength={10_000}
              value={answering.comment}
              onChange={(event) => answering.setComment(event.target.value)}
              onKeyDown={(event) => {
                if (event.key !== 'Escape') return
                event.stopPropagation()
                if (answering.comment === '') setWriting(false)
                document.getElementById('request-title')?.focus()
              }}
            />
            {answering.comment.trim() !== '' && (
              <button type="button" className="btn btn-quiet justify-self-start px-2 text-meta text-muted" onClick={remark}>
                {tt.remark.post}
              </button>
            )}
          </div>
        )}
        {mayAnswer && item.options && <Options item={item} answering={answering} />}
        <div className="flex flex-wrap items-center gap-2 max-lg:gap-1.5">
          {!standing.vote && (
            <>
              <button
                type="button"
                className="btn btn-accent min-h-9 max-md:min-h-11 max-lg:flex-1 max-lg:px-2.5 lg:min-w-32"
                onClick={once(approve)}
                disabled={deciding !== undefined}
                {...closed}
              >
                <Check size={16} aria-hidden />
                {deciding === 'approved' ? t.decide.approving : approveWords(item, left)}
                <Key name="a" />
              </button>
              <button
                type="button"
                className="btn btn-reject min-h-9 max-md:min-h-11 max-lg:flex-1 max-lg:px-2.5 lg:min-w-28"
                onClick={once(reject)}
                disabled={deciding !== undefined}
                {...closed}
              >
                <X size={16} aria-hidden />
                {deciding === 'rejected' ? t.decide.rejecting : t.decide.reject}
                <Key name="r" />
              </button>
            </>
          )}
          {hasEdit && (
            <button
              type="button"
              className="btn min-h-9 max-md:min-h-11 max-lg:px-3"
              title={td.act.edit}
              onClick={edit}
              disabled={deciding !== undefined}
            >
              <Pencil size={15} aria-hidden />
              <span className="max-lg:sr-only">{td.act.edit}</span>
              <Key name="e" />
            </button>
          )}
          {mayAnswer && !writing && (
            <button
              type="button"
              className="btn btn-quiet min-h-9 text-muted max-md:min-h-11 max-lg:px-3"
              title={t.decide.comment}
              onClick={write}
            >
              <MessageSquare size={16} aria-hidden />
              <span className="max-lg:sr-only">{t.decide.comment}</span>
              <Key name="c" />
            </button>
          )}
          <MoreMenu items={more} />
        </div>
      </div>
      {answering.asking.kind !== 'none' && (
        <LaterDialog load={decisionDialogs} given={{ item, left, answering }} onClose={answering.close} />
      )}
    </section>
  )
}

/** A double click is one: the second half of it would answer the request that has opened in the same place. */
const once = (act: () => void) => (event: MouseEvent) => {
  if (event.detail < 2) act()
}

const approveWords = (item: ApprovalItem, left: ReadonlySet<string>) =>
  item.items && left.size > 0
    ? td.items.approveSome(count(item.items.length - left.size), count(item.items.length))
    : t.decide.approve

/** The option of that number. */
function pick(item: ApprovalItem, key: string, choose: Answering['choose']) {
  const option = item.options?.[Number(key) - 1]
  if (option) choose(option)
}

/** The sender's own answers. */
function Options({ item, answering }: { item: ApprovalItem; answering: Answering }) {
  return (
    <fieldset aria-label={td.act.options} className="flex flex-wrap gap-2">
      {item.options?.map((option, index) => (
        <button
          key={option.id}
          type="button"
          className={`btn whitespace-normal wrap-anywhere max-md:min-h-11 ${option.outcome === 'rejected' ? 'btn-reject' : ''}`}
          disabled={answering.deciding !== undefined}
          onClick={once(() => answering.choose(option))}
        >
          {visible(option.label)}
          {index < 9 && <Key name={String(index + 1)} />}
        </button>
      ))}
    </fieldset>
  )
}

/** In whose name it is answered, where there is a choice or it is not one's own. */
function Behalf({ answering }: { answering: Answering }) {
  const { standing, behalf, setBehalf } = answering
  const select = useRef<HTMLSelectElement>(null)
  // Without a choice there is nothing to go to.
  const isChosen = standing.standsInFor.length > (standing.asked || !behalf ? 0 : 1)
  useCommands({ behalf: () => select.current?.focus() }, isChosen ? [] : ['behalf'])
  if (standing.standsInFor.length === 0) return null
  if (!standing.asked && standing.standsInFor.length === 1 && behalf) {
    return <p className="text-muted">{td.standing.onlyFor(visible(behalf.name))}</p>
  }
  return (
    <label className="flex flex-wrap items-center gap-2">
      <span className="text-muted">{td.standing.decidesFor}</span>
      <select
        ref={select}
        className="field w-auto"
        value={behalf?.email ?? ''}
        onChange={(event) => setBehalf(standing.standsInFor.find(({ email }) => email === event.target.value) ?? null)}
      >
        {standing.asked && <option value="">{td.standing.asYourself}</option>}
        {standing.standsInFor.map(({ email, name }) => (
          <option key={email} value={email}>
            {td.standing.for(visible(name))}
          </option>
        ))}
      </select>
    </label>
  )
}

/** The key that does the same; gone where there is no keyboard or single keys are off. */
function Key({ name }: { name: string }) {
  const on = useInbox((state) => state.singleKeys)
  if (!on) return null
  return (
    <span className="kbd ml-1 font-normal max-lg:hidden" aria-hidden="true">
      {name}
    </span>
  )
}
