import { ArrowRightLeft } from 'lucide-react'
import { useState } from 'react'
import type { Delegation } from '../../shared/contract/people.ts'
import { normalEmail } from '../../shared/model/actor.ts'
import { phaseOf } from '../absence.ts'
import { asWords, money, when } from '../format.ts'
import { useNow } from '../now.ts'
import { Sheet } from '../parts/dialog.tsx'
import { Notice } from '../parts/notice.tsx'
import { Part } from '../parts/page.tsx'
import { Plain } from '../parts/text.tsx'
import { useActions } from '../store/context.ts'
import type { PeopleDesk } from '../store/people.ts'
import { t } from '../strings.ts'
import { tp } from '../strings-people.ts'
import { visible } from '../visible-text.ts'
import { DelegationForm } from './people-delegation-form.tsx'

/** Who decides for whom: now, later, and before. */
export function DelegationsPart({ desk }: { desk: PeopleDesk }) {
  const now = useNow(20_000)
  const [handing, setHanding] = useState(false)
  const { delegations } = desk.view
  return (
    <div className="grid gap-4">
      {(desk.mayDecide || desk.mayEdit) && (
        <button type="button" className="btn justify-self-start" onClick={() => setHanding(true)}>
          <ArrowRightLeft size={14} aria-hidden /> {desk.mayEdit ? tp.delegation.handAny : tp.delegation.hand}
        </button>
      )}
      {delegations.length === 0 && (
        <Notice
          icon={<ArrowRightLeft size={32} strokeWidth={1.5} aria-hidden />}
          title={tp.delegation.none}
          text={tp.delegation.noneHelp}
        />
      )}
      {(['active', 'coming', 'ended'] as const).map((phase) => {
        const found = delegations.filter((each) => phaseOf(each, now) === phase)
        if (found.length === 0) return null
        return (
          <Part key={phase} title={tp.delegation.groups[phase]}>
            <ul className="card divide-y divide-line">
              {found.map((each) => (
                <DelegationRow key={each.id} delegation={each} desk={desk} now={now} over={phase === 'ended'} />
              ))}
            </ul>
          </Part>
        )
      })}
      <Sheet open={handing} onClose={() => setHanding(false)} title={tp.delegation.title}>
        <DelegationForm desk={desk} onClose={() => setHanding(false)} />
      </Sheet>
    </div>
  )
}

type RowProps = { readonly delegation: Delegation; readonly desk: PeopleDesk; readonly now: number; readonly over: boolean }

function DelegationRow({ delegation, desk, now, over }: RowProps) {
  const actions = useActions()
  const from = visible(desk.nameOf(delegation.from))
  const to = visible(desk.nameOf(delegation.to))
  const mayEnd = !over && (desk.mayEdit || normalEmail(delegation.from) === desk.myEmail)
  const { types, max_amount: most, currency } = delegation
  const end = async () => {
    const failure = await desk.change((client) => client.people.endDelegation({ delegation_id: delegation.id }))
    actions.toast(failure ? 'bad' : 'good', failure ? t.failed(failure.message) : tp.delegation.ended)
  }
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-3 gap-y-1 px-4 py-3">
      <div className={`min-w-0 flex-1 basis-56 ${over ? 'text-muted' : ''}`}>
        <p className="text-row font-semibold wrap-anywhere">{tp.delegation.line(from, to)}</p>
        <p className="dots text-meta text-muted tabular-nums">
          <span>{tp.delegation.dates(when(delegation.starts_at, now), when(delegation.ends_at, now))}</span>
          <span>
            {types.length > 0 ? tp.delegation.types(types.map((type) => visible(asWords(type)))) : tp.delegation.everyType}
          </span>
          <span>{most === null ? tp.delegation.anyAmount : tp.delegation.upTo(money(most, currency))}</span>
        </p>
        {delegation.reason && (
          <p className="wrap-anywhere">
            <Plain text={delegation.reason} oneLine />
          </p>
        )}
      </div>
      {mayEnd && (
        <button
          type="button"
          className="btn btn-quiet btn-reject -mx-3 shrink-0 text-muted"
          aria-label={tp.delegation.endLabel(from, to)}
          onClick={() => void end()}
        >
          {tp.delegation.end}
        </button>
      )}
    </li>
  )
}
