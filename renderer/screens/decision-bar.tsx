import { Check, MessageSquare, X } from 'lucide-react'
import { useId, useRef, useState } from 'react'
import type { ApprovalItem } from '../../shared/model/approval.ts'
import { asksMe } from '../asked.ts'
import { money } from '../format.ts'
import { useCommands } from '../keys.ts'
import { Plain } from '../parts/text.tsx'
import { useActions, useInbox } from '../store/context.ts'
import { t } from '../strings.ts'
import { visible } from '../visible-text.ts'
import { ConfirmDialog, RejectDialog } from './decision-dialogs.tsx'

/** Always in reach: what approving will do, and the two answers. A high risk asks a second time. */
export function DecisionBar({ item }: { item: ApprovalItem }) {
  const actions = useActions()
  const deciding = useInbox((state) => state.deciding[item.id])
  const me = useInbox((state) => state.person?.email)
  const [comment, setComment] = useState('')
  const [writing, setWriting] = useState(false)
  const [asking, setAsking] = useState<'none' | 'approve' | 'reject'>('none')
  const field = useRef<HTMLTextAreaElement>(null)
  const asked = asksMe(item, me)
  const whose = useId()
  const notMine = t.detail.notAsked(item.approvers.map(visible))
  const closed = { 'aria-disabled': true, 'aria-describedby': whose }
  const refuse = () => actions.toast('bad', notMine)

  const approve = () => {
    if (deciding) return
    if (!asked) return refuse()
    if (item.risk === 'high') setAsking('approve')
    else void actions.decide(item.id, 'approved', comment)
  }
  const reject = () => {
    if (deciding) return
    if (!asked) return refuse()
    setAsking('reject')
  }
  const write = () => {
    setWriting(true)
    requestAnimationFrame(() => field.current?.focus())
  }
  useCommands({ approve, reject, ...(asked ? { comment: write } : {}) })
  return (
    <section
      aria-label="Decision"
      className="border-t border-line bg-page px-4 pt-2.5 pb-[max(10px,env(safe-area-inset-bottom))] lg:px-6"
    >
      <div className="mx-auto grid max-w-[760px] grid-cols-[minmax(0,1fr)] gap-2">
        <p className="line-clamp-3 wrap-anywhere [@media(max-height:500px)]:line-clamp-1">
          {asked ? (
            <>
              <span className="text-muted">{t.detail.consequence}: </span>
              <Plain text={item.consequence} oneLine />
            </>
          ) : (
            <span id={whose}>{notMine}</span>
          )}
        </p>
        {writing && (
          <textarea
            ref={field}
            className="field min-h-14 resize-none [field-sizing:content]"
            aria-label={t.decide.comment}
            placeholder={t.decide.commentHint}
            maxLength={10_000}
            value={comment}
            onChange={(event) => setComment(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Escape') return
              event.stopPropagation()
              if (comment === '') setWriting(false)
              document.getElementById('request-title')?.focus()
            }}
          />
        )}
        <div className="flex items-center gap-2">
          <button
            type="button"
            className="btn btn-accent min-h-9 max-md:min-h-11 max-md:flex-1 md:min-w-32"
            onClick={approve}
            disabled={deciding !== undefined}
            {...(asked ? {} : closed)}
          >
            <Check size={16} aria-hidden />
            {deciding === 'approved' ? t.decide.approving : t.decide.approve}
            <Key name="a" />
          </button>
          <button
            type="button"
            className="btn btn-reject min-h-9 max-md:min-h-11 max-md:flex-1 md:min-w-28"
            onClick={reject}
            disabled={deciding !== undefined}
            {...(asked ? {} : closed)}
          >
            <X size={16} aria-hidden />
            {deciding === 'rejected' ? t.decide.rejecting : t.decide.reject}
            <Key name="r" />
          </button>
          {asked && !writing && (
            <button type="button" className="btn btn-quiet min-h-9 text-muted max-md:min-h-11 max-md:px-3" onClick={write}>
              <MessageSquare size={16} aria-hidden />
              <span className="max-md:sr-only">{t.decide.comment}</span>
              <Key name="c" />
            </button>
          )}
        </div>
      </div>
      <ConfirmDialog
        open={asking === 'approve'}
        item={item}
        onClose={() => setAsking('none')}
        onConfirm={() => {
          setAsking('none')
          void actions.decide(item.id, 'approved', comment)
        }}
      />
      <RejectDialog
        open={asking === 'reject'}
        subject={item.amount === null ? item.title : `${item.title}, ${money(item.amount, item.currency)}`}
        comment={comment}
        onClose={() => setAsking('none')}
        onReject={(reason) => {
          setAsking('none')
          void actions.decide(item.id, 'rejected', reason)
        }}
      />
    </section>
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
