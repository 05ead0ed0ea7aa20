import { useEffect, useState } from 'react'
import type { PolicyChange, PolicyForm } from '../../shared/contract/policy-form.ts'
import { type CallFailure, toFailure } from '../failure.ts'
import { useInboxHandle } from './context.ts'
import { draftText, usePolicy, usePolicyDesk } from './policy.ts'

/** The text as forms show it; null where it has mistakes. A change is written into the text, like one that somebody typed. */
export type FormDesk = {
  readonly form: PolicyForm | null | undefined
  readonly change: (change: PolicyChange) => Promise<CallFailure | null>
}

export function usePolicyForm(): FormDesk {
  const { client } = useInboxHandle()
  const desk = usePolicyDesk()
  const draft = usePolicy((state) => state.draft)
  const version = usePolicy((state) => state.view?.version)
  const [form, setForm] = useState<PolicyForm | null>()
  // biome-ignore lint/correctness/useExhaustiveDependencies: another version in force is another text
  useEffect(() => {
    let isOver = false
    client.policy.form(draftText(draft)).then(
      (answer) => isOver || setForm(answer.form),
      () => isOver || setForm(null),
    )
    return () => {
      isOver = true
    }
  }, [client, draft, version])
  const change = async (wanted: PolicyChange): Promise<CallFailure | null> => {
    try {
      const { text, form: next } = await client.policy.form({ ...draftText(desk.store.getState().draft), change: wanted })
      setForm(next)
      desk.write(text)
      return null
    } catch (error) {
      return toFailure(error)
    }
  }
  return { form, change }
}
