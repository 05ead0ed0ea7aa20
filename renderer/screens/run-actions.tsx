import { AlertDialog } from '@base-ui/react/alert-dialog'
import { type FormEvent, useRef, useState } from 'react'
import type { RunItem } from '../../shared/model/run.ts'
import { type CallFailure, toFailure } from '../failure.ts'
import { Question, Sheet } from '../parts/dialog.tsx'
import { Field, Problem, toFieldErrors } from '../parts/form.tsx'
import { Plain } from '../parts/text.tsx'
import { useActions, useInboxHandle } from '../store/context.ts'
import { t } from '../strings.ts'
import { tr } from '../strings-runs.ts'
import { visible } from '../visible-text.ts'

type Opened = { readonly open: boolean; readonly onClose: () => void }

/** Ends a run after a second look; the harmless answer has the focus. */
export function CancelDialog({ run, open, onClose }: Opened & { run: RunItem }) {
  const { client } = useInboxHandle()
  const actions = useActions()
  const keep = useRef<HTMLButtonElement>(null)
  const [reason, setReason] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const cancel = async (event: FormEvent) => {
    event.preventDefault()
    try {
      const words = reason.trim()
      const { status } = await client.tasks.cancel({ task_id: run.id, ...(words ? { reason: words } : {}) })
      actions.toast('good', status === 'cancelled' ? tr.done.cancelled : tr.done.cancelling)
      setProblem(null)
      onClose()
    } catch (error) {
      setProblem(toFailure(error).message)
    }
  }
  return (
    <Question open={open} onClose={onClose} title={tr.run.cancelTitle} focus={keep}>
      <AlertDialog.Description render={<div />} className="grid gap-2">
        <p className="font-semibold wrap-anywhere">
          <Plain text={run.title} oneLine />
        </p>
        <p className="text-muted">{tr.run.cancelHelp}</p>
      </AlertDialog.Description>
      <form className="mt-3 grid gap-4" onSubmit={cancel}>
        <Field label={tr.run.reason}>
          {(tied) => (
            <input
              {...tied}
              className="field"
              value={reason}
              maxLength={1000}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
        <Problem text={problem} />
        <div className="answers flex flex-wrap justify-end gap-2">
          <AlertDialog.Close ref={keep} className="btn">
            {tr.run.keep}
          </AlertDialog.Close>
          <button type="submit" className="btn btn-reject border-red text-red">
            {tr.run.cancelIt}
          </button>
        </div>
      </form>
    </Question>
  )
}

/** What a text means as JSON; nothing for an empty one. */
export function readJson(text: string): { readonly value?: unknown; readonly problem: string | null } {
  if (text.trim() === '') return { problem: null }
  try {
    return { value: JSON.parse(text), problem: null }
  } catch (error) {
    return { problem: tr.run.badJson(error instanceof Error ? error.message : String(error)) }
  }
}

/** A signal by hand: for what should have come from another system and did not. */
export function SignalSheet({ runId, awaited, open, onClose }: Opened & { runId: string; awaited: readonly string[] }) {
  return (
    <Sheet open={open} onClose={onClose} title={tr.run.signal}>
      <SignalForm runId={runId} awaited={awaited} onClose={onClose} />
    </Sheet>
  )
}

function SignalForm({ runId, awaited, onClose }: { runId: string; awaited: readonly string[]; onClose: () => void }) {
  const { client } = useInboxHandle()
  const actions = useActions()
  const [name, setName] = useState(awaited[0] ?? '')
  const [payload, setPayload] = useState('')
  const [badJson, setBadJson] = useState<string | null>(null)
  const [failure, setFailure] = useState<CallFailure | null>(null)
  const { errors, whole } = toFieldErrors(failure, ['name', 'payload'])
  const send = async (event: FormEvent) => {
    event.preventDefault()
    const read = readJson(payload)
    setBadJson(read.problem)
    if (read.problem) return
    try {
      await client.tasks.signal({
        task_id: runId,
        name: name.trim(),
        ...(read.value === undefined ? {} : { payload: read.value }),
      })
      actions.toast('good', tr.done.signalled)
      onClose()
    } catch (error) {
      setFailure(toFailure(error))
    }
  }
  return (
    <form className="grid gap-3" onSubmit={send}>
      <p className="text-muted">
        {tr.run.signalHelp} {awaited.length > 0 && tr.run.awaited(awaited.map((each) => visible(each)).join(', '))}
      </p>
      <Field label={tr.run.signalName} error={errors.get('name')}>
        {(tied) => (
          <input
            {...tied}
            className="field font-mono"
            value={name}
            required
            maxLength={100}
            spellCheck={false}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <Field label={tr.run.payload} error={badJson ?? errors.get('payload')}>
        {(tied) => (
          <textarea
            {...tied}
            className="field min-h-32 font-mono text-meta"
            value={payload}
            spellCheck={false}
            onChange={(event) => setPayload(event.target.value)}
            onBlur={() => setBadJson(readJson(payload).problem)}
          />
        )}
      </Field>
      <Problem text={whole} />
      <div className="answers flex justify-end gap-2">
        <button type="button" className="btn" onClick={onClose}>
          {t.cancel}
        </button>
        <button type="submit" className="btn btn-accent">
          {tr.run.send}
        </button>
      </div>
    </form>
  )
}
