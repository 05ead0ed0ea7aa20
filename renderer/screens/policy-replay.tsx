import { type FormEvent, useState } from 'react'
import type { Client } from '../client.ts'
import { type CallFailure, toFailure } from '../failure.ts'
import { count, fullDate, when } from '../format.ts'
import { useNow } from '../now.ts'
import { Field, Problem, toFieldErrors } from '../parts/form.tsx'
import { Part } from '../parts/page.tsx'
import { ActionWord } from '../parts/policy-action.tsx'
import { Plain } from '../parts/text.tsx'
import { toHash } from '../route.ts'
import { useInboxHandle } from '../store/context.ts'
import { draftText, type PolicyView, typesOf, usePolicy } from '../store/policy.ts'
import { t } from '../strings.ts'
import { ty } from '../strings-policy.ts'
import { visible } from '../visible-text.ts'

type Replay = Awaited<ReturnType<Client['policy']['replay']>>

const mostShown = 200
const usual = 1000

/** What a text would have made of what people have decided. */
export function PolicyReplay({ view }: { view: PolicyView }) {
  const { client } = useInboxHandle()
  const draft = usePolicy((state) => state.draft)
  const [type, setType] = useState('')
  const [limit, setLimit] = useState(String(usual))
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<CallFailure | null>(null)
  const [found, setFound] = useState<Replay | null>(null)
  const { errors, whole } = toFieldErrors(failure, ['type', 'limit'])
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    try {
      const only = type.trim()
      setFound(await client.policy.replay({ ...draftText(draft), ...(only ? { type: only } : {}), limit: Number(limit) || usual }))
      setFailure(null)
    } catch (error) {
      setFound(null)
      setFailure(toFailure(error))
    }
    setBusy(false)
  }
  return (
    <>
      <form className="card grid gap-3 p-4" onSubmit={submit}>
        <p className="text-muted">{ty.replay.help}</p>
        <div className="flex flex-wrap items-end gap-3">
          <Field label={ty.replay.type} error={errors.get('type')}>
            {(tied) => (
              <input
                {...tied}
                className="field"
                value={type}
                maxLength={64}
                list="replay-types"
                spellCheck={false}
                onChange={(event) => setType(event.target.value)}
              />
            )}
          </Field>
          <datalist id="replay-types">
            {typesOf(view).map((each) => (
              <option key={each} value={each} />
            ))}
          </datalist>
          <Field label={ty.replay.limit} error={errors.get('limit')}>
            {(tied) => (
              <input
                {...tied}
                className="field tabular-nums"
                type="number"
                min={1}
                max={10_000}
                value={limit}
                onChange={(event) => setLimit(event.target.value)}
              />
            )}
          </Field>
          <button type="submit" className="btn btn-accent" disabled={busy}>
            {busy ? ty.replay.working : ty.replay.go}
          </button>
        </div>
        <Problem text={whole} />
      </form>
      <div role="status" className="grid gap-5 empty:hidden">
        {found && <Result found={found} />}
      </div>
    </>
  )
}

function Result({ found }: { found: Replay }) {
  if (found.looked_at === 0) return <p className="text-muted">{ty.replay.none}</p>
  const { auto_approved_but_rejected: wronglyYes, auto_rejected_but_approved: wronglyNo } = found
  const figures = [
    [ty.replay.lookedAt, found.looked_at, null],
    [ty.replay.approved, found.auto_approved, wronglyYes > 0 ? ty.replay.approvedWrong(count(wronglyYes)) : null],
    [ty.replay.rejected, found.auto_rejected, wronglyNo > 0 ? ty.replay.rejectedWrong(count(wronglyNo)) : null],
    [ty.replay.asked, found.asked, null],
    [ty.replay.unmatched, found.unmatched, null],
  ] as const
  return (
    <>
      <p className="text-title font-semibold text-balance">{found.summary}</p>
      <dl className="grid grid-cols-[repeat(auto-fit,minmax(148px,1fr))] gap-x-4 gap-y-3">
        {figures.map(([label, n, remark]) => (
          <div key={label} className="grid grid-rows-[auto_auto_1fr] content-start">
            <dt className="row-start-2 text-meta text-muted">{label}</dt>
            <dd className="row-start-1 text-title tabular-nums">{count(n)}</dd>
            {remark && <dd className="row-start-3 text-meta font-semibold text-amber">{remark}</dd>}
          </div>
        ))}
      </dl>
      <Part title={ty.replay.disagreements}>
        {found.disagreements.length === 0 ? <p>{ty.replay.agree}</p> : <Disagreements rows={found.disagreements} />}
        {found.disagreements.length >= mostShown && <p className="text-meta text-muted">{ty.replay.most(mostShown)}</p>}
      </Part>
    </>
  )
}

function Disagreements({ rows }: { rows: Replay['disagreements'] }) {
  const now = useNow(20_000)
  return (
    <div className="card overflow-hidden">
      <table className="grid-table stacked">
        <thead>
          <tr>
            <th scope="col">{ty.replay.request}</th>
            <th scope="col">{ty.replay.people}</th>
            <th scope="col">{ty.replay.text}</th>
            <th scope="col">{ty.replay.rule}</th>
            <th scope="col">{ty.replay.decided}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.approval_id}>
              <th scope="row" className="font-medium wrap-anywhere">
                <a className="underline underline-offset-2" href={toHash({ view: 'inbox', id: row.approval_id })}>
                  <Plain text={row.title} oneLine />
                </a>
              </th>
              <td>{(t.status as Readonly<Record<string, string>>)[row.decision] ?? visible(row.decision)}</td>
              <td>
                <ActionWord action={row.would} />
              </td>
              <td className="wrap-anywhere text-muted">{row.rule === null ? ty.try.noRule : visible(row.rule)}</td>
              <td className="text-meta whitespace-nowrap text-muted tabular-nums">
                <time dateTime={row.decided_at} title={fullDate(row.decided_at)}>
                  {when(row.decided_at, now)}
                </time>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
