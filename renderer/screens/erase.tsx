import { AlertDialog } from '@base-ui/react/alert-dialog'
import { Eraser } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { toFailure } from '../failure.ts'
import { Question } from '../parts/dialog.tsx'
import { Field, Problem } from '../parts/form.tsx'
import { Plain } from '../parts/text.tsx'
import { useActions, useInbox, useInboxHandle } from '../store/context.ts'
import { t } from '../strings.ts'
import { te } from '../strings-erasure.ts'

type Props = {
  readonly runId: string
  readonly title: string
  /** What has the focus once the words, and this button with them, are gone. */
  readonly focusAfter: string
}

/** The way to erase what an ended request said, for people who may. */
export function EraseButton({ runId, title, focusAfter }: Props) {
  const mayErase = useInbox(({ scopes, person }) => person !== null && scopes.includes('admin'))
  const [open, setOpen] = useState(false)
  if (!mayErase) return null
  return (
    <>
      <button type="button" className="btn btn-quiet justify-self-start text-muted" onClick={() => setOpen(true)}>
        <Eraser size={14} aria-hidden /> {te.open}
      </button>
      <Question open={open} onClose={() => setOpen(false)} title={te.title}>
        <EraseForm runId={runId} title={title} focusAfter={focusAfter} onClose={() => setOpen(false)} />
      </Question>
    </>
  )
}

function EraseForm({ runId, title, focusAfter, onClose }: Props & { onClose: () => void }) {
  const { client } = useInboxHandle()
  const actions = useActions()
  const [reason, setReason] = useState('')
  const [typed, setTyped] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const isReady = reason.trim() !== '' && typed.trim().toLocaleLowerCase() === te.word
  const erase = async (event: FormEvent) => {
    event.preventDefault()
    if (!isReady || busy) return
    setBusy(true)
    try {
      const said = await client.erasure.erase({ run_id: runId, reason: reason.trim() })
      actions.toast(said.done ? 'good' : 'bad', said.done ? te.goneNow : te.notYet)
      onClose()
      requestAnimationFrame(() => document.getElementById(focusAfter)?.focus())
    } catch (error) {
      setProblem(toFailure(error).message)
      setBusy(false)
    }
  }
  return (
    <>
      <AlertDialog.Description render={<div />} className="grid gap-3">
        <p className="font-semibold wrap-anywhere">
          <Plain text={title} oneLine />
        </p>
        <Points title={te.goes} points={te.gone} />
        <Points title={te.stays} points={te.kept} />
        <p className="text-muted text-pretty">{te.elsewhere}</p>
      </AlertDialog.Description>
      <form className="mt-4 grid gap-3" onSubmit={erase}>
        <Field label={te.reason} help={te.reasonHelp}>
          {(tied) => (
            <input
              {...tied}
              className="field"
              value={reason}
              required
              maxLength={500}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
        <Field label={te.confirm(te.word)}>
          {(tied) => (
            <input
              {...tied}
              className="field"
              value={typed}
              required
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              maxLength={20}
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
        </Field>
        <Problem text={problem} />
        <div className="mt-1 flex flex-wrap justify-end gap-2">
          <AlertDialog.Close className="btn">{t.cancel}</AlertDialog.Close>
          <button type="submit" className="btn btn-reject border-red text-red" disabled={!isReady || busy}>
            {busy ? te.busy : te.erase}
          </button>
        </div>
      </form>
    </>
  )
}

function Points({ title, points }: { title: string; points: readonly string[] }) {
  return (
    <div className="grid gap-1">
      <p className="font-medium">{title}</p>
      <ul className="grid list-disc gap-0.5 pl-5 text-pretty">
        {points.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
    </div>
  )
}
