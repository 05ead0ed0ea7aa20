import { CircleCheck, CircleX, TriangleAlert } from 'lucide-react'
import { useCallback, useEffect, useState } from 'react'
import type { Client } from '../client.ts'
import { toFailure } from '../failure.ts'
import { Plain } from '../parts/text.tsx'
import { inWords } from '../said.ts'
import { useInbox, useInboxHandle } from '../store/context.ts'
import { t } from '../strings.ts'
import { ts } from '../strings-settings.ts'
import { Group } from './settings.tsx'

type Checks = Awaited<ReturnType<Client['system']['doctor']>>['checks']
type Loaded<T> =
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
                    {inWords(check.name, check.said.name)}
                    <span className="sr-only"> ({ts.states[check.state]}): </span>
                  </span>
                  <span>
                    <Plain text={inWords(check.detail, check.said.detail)} />
                  </span>
                  {check.fix && (
                    <p className="text-muted md:col-start-2">
                      <Plain text={inWords(check.fix, check.said.fix)} />
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
