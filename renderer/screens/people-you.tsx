import { type FormEvent, useState } from 'react'
import { normalEmail } from '../../shared/model/actor.ts'
import { absenceOf, phaseOf } from '../absence.ts'
import { toFailure } from '../failure.ts'
import { when } from '../format.ts'
import { endsOfAbsence, fromLocal, toLocal } from '../local-time.ts'
import { useNow } from '../now.ts'
import { Field, Problem } from '../parts/form.tsx'
import { Part } from '../parts/page.tsx'
import { useActions } from '../store/context.ts'
import type { PeopleDesk } from '../store/people.ts'
import { tp } from '../strings-people.ts'
import { visible } from '../visible-text.ts'

type Away = { readonly from: string; readonly until: string }

/** Whether you are here, and one press to say that you are not. */
export function YouPart({ desk }: { desk: PeopleDesk }) {
  const now = useNow(20_000)
  const actions = useActions()
  const [problem, setProblem] = useState<string | null>(null)
  const [dates, setDates] = useState(false)
  const email = desk.myEmail
  if (email === null) return null
  const away = absenceOf(desk.me, now)
  const isAway = away?.begun ?? false
  const set = async (next: Away | null) => {
    const failure = await desk.change((client) => client.people.setAway({ email, away: next }))
    setProblem(failure?.message ?? null)
    if (failure) return
    setDates(false)
    actions.toast('good', next ? tp.you.setDone : tp.you.backDone)
  }
  const from = new Date(now).toISOString()
  const ends = endsOfAbsence(now)
  return (
    <Part title={tp.you.title}>
      <div className="card grid gap-3 px-4 py-3">
        <div>
          <p className="font-semibold">
            {away === null
              ? tp.you.here
              : isAway
                ? tp.you.away(when(away.until, now))
                : tp.you.coming(when(away.from, now), when(away.until, now))}
          </p>
          <Standins desk={desk} email={email} now={now} isAway={isAway} />
        </div>
        {away !== null ? (
          <button type="button" className="btn justify-self-start" onClick={() => void set(null)}>
            {isAway ? tp.you.back : tp.you.forget}
          </button>
        ) : (
          <div className="flex flex-wrap items-center gap-2">
            <span className="text-muted">{tp.you.awayUntil}</span>
            {(['today', 'monday', 'week'] as const).map((each) => (
              <button key={each} type="button" className="btn" onClick={() => void set({ from, until: ends[each] })}>
                {tp.you[each]}
              </button>
            ))}
            <button type="button" className="btn btn-quiet" aria-expanded={dates} onClick={() => setDates(!dates)}>
              {tp.you.other}
            </button>
          </div>
        )}
        {dates && away === null && <Dates now={now} onSet={set} />}
        <Problem text={problem} />
      </div>
    </Part>
  )
}

/** Who decides for you: those to whom you handed decisions, and while you are away your backup. */
function Standins({ desk, email, now, isAway }: { desk: PeopleDesk; email: string; now: number; isAway: boolean }) {
  const given = desk.view.delegations.filter((each) => normalEmail(each.from) === email && phaseOf(each, now) === 'active')
  const backup = desk.me?.backup ?? null
  const deciding = [...new Set([...given.map((each) => each.to), ...(isAway && backup ? [backup] : [])])]
  const sentences = [
    deciding.length > 0 ? tp.you.now(deciding.map((each) => visible(desk.nameOf(each)))) : isAway ? tp.you.nobody : null,
    isAway ? null : backup ? tp.you.backup(visible(desk.nameOf(backup))) : tp.you.noBackup,
  ]
  return <p className="text-muted">{sentences.filter((each) => each !== null).join(' ')}</p>
}

function Dates({ now, onSet }: { now: number; onSet: (away: Away) => Promise<void> }) {
  const [from, setFrom] = useState(toLocal(new Date(now).toISOString()))
  const [until, setUntil] = useState('')
  const [error, setError] = useState<string | undefined>()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const starts = fromLocal(from) ?? new Date(now).toISOString()
    const ends = fromLocal(until)
    const wrong = ends === null ? tp.needUntil : ends <= starts ? tp.noOrder : undefined
    setError(wrong)
    if (ends !== null && !wrong) onSet({ from: starts, until: ends }).catch((reason) => setError(toFailure(reason).message))
  }
  return (
    <form className="flex flex-wrap items-start gap-3 border-t border-line pt-3" onSubmit={submit}>
      <Field label={tp.you.from}>
        {(tied) => (
          <input {...tied} type="datetime-local" className="field" value={from} onChange={(event) => setFrom(event.target.value)} />
        )}
      </Field>
      <Field label={tp.you.until} error={error}>
        {(tied) => (
          <input
            {...tied}
            type="datetime-local"
            className="field"
            value={until}
            onChange={(event) => setUntil(event.target.value)}
          />
        )}
      </Field>
      <button type="submit" className="btn mt-6">
        {tp.you.set}
      </button>
    </form>
  )
}
