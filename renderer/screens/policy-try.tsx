import { CircleCheck, CircleDashed } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { RulingView, SampleInput } from '../../shared/contract/policy.ts'
import { type CallFailure, toFailure } from '../failure.ts'
import { asWords } from '../format.ts'
import { Field, Problem, toFieldErrors } from '../parts/form.tsx'
import { Part } from '../parts/page.tsx'
import { ActionWord } from '../parts/policy-action.tsx'
import { Plain } from '../parts/text.tsx'
import { inWords } from '../said.ts'
import { useInboxHandle } from '../store/context.ts'
import { draftText, type PolicyView, typesOf, usePolicy } from '../store/policy.ts'
import { ty } from '../strings-policy.ts'
import { visible } from '../visible-text.ts'
import { readJson } from './run-actions.tsx'

const plainFields = ['type', 'title', 'amount', 'currency', 'requester', 'department'] as const
type PlainField = (typeof plainFields)[number]

/** What a policy makes of a request that nobody submits. */
export function PolicyTry({ view }: { view: PolicyView }) {
  const { client } = useInboxHandle()
  const draft = usePolicy((state) => state.draft)
  const [form, setForm] = useState<Record<PlainField, string>>({
    type: typesOf(view)[0] ?? 'expense',
    title: '',
    amount: '1200',
    currency: 'EUR',
    requester: '',
    department: '',
  })
  const [data, setData] = useState('')
  const [dataError, setDataError] = useState<string | undefined>()
  const [failure, setFailure] = useState<CallFailure | null>(null)
  const [ruling, setRuling] = useState<RulingView | null>(null)
  const { errors, whole } = toFieldErrors(inSample(failure), [...plainFields, 'data'])

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const read = readJson(data)
    const isObject =
      read.value === undefined || (typeof read.value === 'object' && read.value !== null && !Array.isArray(read.value))
    const wrong = read.problem ?? (isObject ? undefined : ty.try.badObject)
    setDataError(wrong)
    if (wrong) return
    const written = plainFields.filter((field) => form[field].trim() !== '').map((field) => [field, form[field].trim()])
    const sample = { ...Object.fromEntries(written), ...(read.value ? { data: read.value } : {}) } as SampleInput
    try {
      setRuling(await client.policy.try({ ...draftText(draft), sample }))
      setFailure(null)
    } catch (error) {
      setRuling(null)
      setFailure(toFailure(error))
    }
  }
  return (
    <div className="grid gap-5 lg:grid-cols-2 lg:items-start">
      <form className="card grid gap-3 p-4" onSubmit={submit}>
        <p className="text-muted">{ty.try.help}</p>
        <div className="grid gap-3 md:grid-cols-2">
          {plainFields.map((field) => (
            <Field key={field} label={ty.try[field]} error={errors.get(field)}>
              {(tied) => (
                <input
                  {...tied}
                  className="field"
                  value={form[field]}
                  required={field === 'type'}
                  inputMode={field === 'amount' ? 'decimal' : undefined}
                  list={field === 'type' ? 'policy-types' : undefined}
                  maxLength={300}
                  spellCheck={false}
                  onChange={(event) => setForm((held) => ({ ...held, [field]: event.target.value }))}
                />
              )}
            </Field>
          ))}
          <datalist id="policy-types">
            {typesOf(view).map((type) => (
              <option key={type} value={type} />
            ))}
          </datalist>
        </div>
        <Field label={ty.try.data} error={dataError ?? errors.get('data')}>
          {(tied) => (
            <textarea
              {...tied}
              className="field min-h-24 font-mono text-meta"
              value={data}
              spellCheck={false}
              onChange={(event) => setData(event.target.value)}
            />
          )}
        </Field>
        <Problem text={whole} />
        <button type="submit" className="btn btn-accent justify-self-start">
          {ty.try.go}
        </button>
      </form>
      <div role="status">{ruling && <Ruling ruling={ruling} />}</div>
    </div>
  )
}

/** The sample is one field of the call; its fields are the form's. */
function inSample(failure: CallFailure | null): CallFailure | null {
  const entries = failure?.data.errors
  if (!failure || !Array.isArray(entries)) return failure
  const errors = entries.map((each) => ({ ...each, pointer: String(each.pointer).replace(/^\/sample/, '') }))
  return { ...failure, data: { ...failure.data, errors } }
}

function Ruling({ ruling }: { ruling: RulingView }) {
  return (
    <section aria-label={ty.try.result} className="grid gap-4">
      <div className="card grid gap-1 px-4 py-3">
        <h2 className="text-row font-semibold">
          <ActionWord action={ruling.action} />
        </h2>
        <p>{ruling.rule === null ? ty.try.noRule : ty.try.byRule(visible(ruling.rule))}</p>
        <p className="text-muted wrap-anywhere">
          <Plain text={inWords(ruling.explanation, ruling.said)} />
        </p>
      </div>
      {ruling.levels.length > 0 && (
        <Part title={ty.try.levels}>
          <ol className="card divide-y divide-line">
            {ruling.levels.map((level, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: levels have an order and maybe no name
              <li key={index} className="px-4 py-2.5">
                {(level.name || ruling.levels.length > 1) && (
                  <p className="font-medium wrap-anywhere">{ty.try.level(index + 1, visible(asWords(level.name)))}</p>
                )}
                <p className="wrap-anywhere">{namesOf(level)}</p>
                <p className="dots text-meta text-muted">
                  <span>{votesOf(level.votes)}</span>
                  <span>{level.timeout_hours === null ? ty.try.noLimit : ty.try.within(level.timeout_hours)}</span>
                </p>
              </li>
            ))}
          </ol>
        </Part>
      )}
      <Part title={ty.try.trace}>
        {ruling.trace.length === 0 && <p className="text-muted">{ty.try.noTrace}</p>}
        <ol className="grid gap-1.5">
          {ruling.trace.map((step) => (
            <li key={step.rule} className="grid grid-cols-[16px_minmax(0,1fr)] gap-x-2">
              {step.matched ? (
                <CircleCheck size={14} className="mt-[3px] text-accent" aria-hidden />
              ) : (
                <CircleDashed size={14} className="mt-[3px] text-muted" aria-hidden />
              )}
              <span className="wrap-anywhere">
                <span className={step.matched ? 'font-semibold' : ''}>
                  <Plain text={step.rule} oneLine />
                </span>
                <span className="text-muted">: {step.matched ? ty.try.matched : ty.try.unmatched}</span>
                {step.note && (
                  <span className="block text-meta text-muted">
                    <Plain text={step.note} />
                  </span>
                )}
              </span>
            </li>
          ))}
        </ol>
      </Part>
    </section>
  )
}

type Level = RulingView['levels'][number]

/** Whom a level asks, and whom its groups stand for. */
function namesOf({ approvers, people }: Level): string {
  if (approvers.length === 0) return ty.try.anybody
  const asked = approvers.map((each) => visible(each)).join(', ')
  const meant = people.filter((each) => !approvers.includes(each)).map((each) => visible(each))
  return meant.length > 0 ? `${asked} (${meant.join(', ')})` : asked
}

function votesOf(votes: Level['votes']): string {
  if (votes === 'any' || votes === 'all') return ty.try.votes[votes]
  return typeof votes === 'number' ? ty.try.atLeast(votes) : ty.try.share(votes)
}
