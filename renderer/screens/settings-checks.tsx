import { CircleCheck, CircleX, TriangleAlert } from 'lucide-react'
import { useCallback, useEffect, useState } from 'react'
import type { Client } from '../client.ts'
import { toFailure } from '../failure.ts'
import { count } from '../format.ts'
import { Plain } from '../parts/text.tsx'
import { useInbox, useInboxHandle } from '../store/context.ts'
import { t } from '../strings.ts'
import { ts } from '../strings-settings.ts'
import { Group } from './settings.tsx'

type Checks = Awaited<ReturnType<Client['system']['doctor']>>['checks']
type Verdict = Awaited<ReturnType<Client['system']['verify']>>
type Loaded<T> =
  | { readonly state: 'none' }
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly value: T }
  | { readonly state: 'failed'; readonly why: string }

const icons = { ok: CircleCheck, warning: TriangleAlert, problem: CircleX } as const
const inks = { ok: 'text-accent', warning: 'text-amber', problem: 'text-red' } as const

/** What works on this machine and what does not, with what to do about it. Looks again when the model's settings change. */
export function DoctorSection() {
  const { client } = useInboxHandle()
  const model = useInbox((state) => state.settings?.model)
  const [checks, setChecks] = useState<Loaded<Checks>>({ state: 'loading' })
  const look = useCallback(async () => {
    setChecks((held) => (held.state === 'ready' ? held : { state: 'loading' }))
    try {
      setChecks({ state: 'ready', value: (await client.system.doctor({})).checks })
    } catch (error) {
      setChecks({ state: 'failed', why: toFailure(error).message })
    }
  }, [client])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another model is another answer
  useEffect(() => {
    void look()
  }, [look, model])
  return (
    <Group title={ts.doctor}>
      {checks.state === 'failed' && <p className="text-red">{t.failed(checks.why)}</p>}
      {checks.state === 'loading' && <div className="bone late h-16" aria-hidden="true" />}
      {checks.state === 'ready' && (
        <ul className="-my-1.5 divide-y divide-line">
          {checks.value.map((check) => {
            const Icon = icons[check.state]
            return (
              <li key={check.name} className="grid grid-cols-[20px_1fr] gap-x-2 py-2">
                <Icon size={15} className={`mt-0.5 ${inks[check.state]}`} aria-hidden />
                <div className="grid min-w-0 gap-x-4 wrap-anywhere md:grid-cols-[112px_1fr]">
                  <span className="font-medium">
                    {check.name}
                    <span className="sr-only"> ({ts.states[check.state]}): </span>
                  </span>
                  <span>
                    <Plain text={check.detail} />
                  </span>
                  {check.fix && (
                    <p className="text-muted md:col-start-2">
                      <Plain text={check.fix} />
                    </p>
                  )}
                </div>
              </li>
            )
          })}
        </ul>
      )}
      <button type="button" className="btn justify-self-start" onClick={() => void look()}>
        {ts.check}
      </button>
    </Group>
  )
}

/** Reads the whole journal and says whether it is as it was written. */
export function AuditSection() {
  const { client } = useInboxHandle()
  const [verdict, setVerdict] = useState<Loaded<Verdict>>({ state: 'none' })
  const verify = async () => {
    setVerdict({ state: 'loading' })
    try {
      setVerdict({ state: 'ready', value: await client.system.verify({}) })
    } catch (error) {
      setVerdict({ state: 'failed', why: toFailure(error).message })
    }
  }
  return (
    <Group title={ts.audit} help={ts.auditHelp}>
      <div role="status" className="empty:hidden">
        {verdict.state === 'loading' && <p className="text-muted">{ts.verifying}</p>}
        {verdict.state === 'failed' && <p className="text-red">{t.failed(verdict.why)}</p>}
        {verdict.state === 'ready' && <Answer verdict={verdict.value} />}
      </div>
      <button type="button" className="btn justify-self-start" disabled={verdict.state === 'loading'} onClick={() => void verify()}>
        {ts.verify}
      </button>
    </Group>
  )
}

function Answer({ verdict }: { verdict: Verdict }) {
  if (verdict.ok) {
    return (
      <p className="flex items-start gap-1.5">
        <CircleCheck size={15} className="mt-0.5 shrink-0 text-accent" aria-hidden />
        <span className="min-w-0">
          {ts.verified(count(verdict.records), count(verdict.segments))}{' '}
          <code className="font-mono text-meta text-muted wrap-anywhere">{verdict.head.hash.slice(0, 24)}</code>
        </span>
      </p>
    )
  }
  return (
    <div className="text-red">
      <p className="font-semibold">{ts.broken}</p>
      <ul className="list-disc pl-5">
        {verdict.problems.map((problem) => (
          <li key={`${problem.segment}:${problem.offset}`} className="wrap-anywhere">
            {ts.brokenAt(problem.segment, count(problem.offset), problem.message)}
          </li>
        ))}
      </ul>
    </div>
  )
}
