import { AlertDialog } from '@base-ui/react/alert-dialog'
import { Plus } from 'lucide-react'
import { useRef, useState } from 'react'
import type { ActionView } from '../../shared/contract/outgoing.ts'
import { count } from '../format.ts'
import { allOf } from '../language.ts'
import { Question } from '../parts/dialog.tsx'
import { useActions } from '../store/context.ts'
import type { useOutgoing } from '../store/outgoing.ts'
import { t } from '../strings.ts'
import { ts } from '../strings-settings.ts'
import { visible } from '../visible-text.ts'
import { Group } from './settings.tsx'
import { ActionSheet } from './settings-action-form.tsx'

/** What is done once a request of a type is approved: a line each. */
export function ActionSection({ outgoing }: { outgoing: ReturnType<typeof useOutgoing> }) {
  const { view, failure, load } = outgoing
  const [editing, setEditing] = useState<ActionView | 'new' | null>(null)
  const [leaving, setLeaving] = useState<ActionView | null>(null)
  return (
    <Group title={ts.after.title} help={ts.after.help}>
      {view === null && failure === null && <div className="bone late h-12" aria-hidden="true" />}
      {view === null && failure?.status === 403 && <p className="text-muted">{ts.onlyAdminSees}</p>}
      {view === null && failure !== null && failure.status !== 403 && (
        <p className="flex flex-wrap items-center gap-3">
          {ts.after.failed}
          <button type="button" className="btn" onClick={() => void load()}>
            {t.retry}
          </button>
        </p>
      )}
      {view?.actions.length === 0 && <p className="text-muted">{ts.after.none}</p>}
      {view && view.actions.length > 0 && (
        <ul aria-label={ts.after.title} className="-my-1 divide-y divide-line">
          {view.actions.map((action) => (
            <ActionRow key={action.type} action={action} onEdit={() => setEditing(action)} onRemove={() => setLeaving(action)} />
          ))}
        </ul>
      )}
      {view && (
        <button type="button" className="btn justify-self-start" onClick={() => setEditing('new')}>
          <Plus size={15} aria-hidden /> {ts.after.add}
        </button>
      )}
      {view && <ActionSheet editing={editing} maySetCommands={view.may_set_commands} onClose={() => setEditing(null)} />}
      <RemoveDialog action={leaving} onClose={() => setLeaving(null)} />
    </Group>
  )
}

type RowProps = { readonly action: ActionView; readonly onEdit: () => void; readonly onRemove: () => void }

function ActionRow({ action, onEdit, onRemove }: RowProps) {
  const { type, timeout_seconds, line } = action
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-3 gap-y-1 py-2.5">
      <div className="min-w-0 flex-1 basis-64">
        <h3 className="font-semibold wrap-anywhere">{visible(type)}</h3>
        <p className="font-mono text-meta wrap-anywhere">
          {action.kind === 'call' ? ts.after.posts(visible(action.url)) : ts.after.runs(action.command.map(asWord).join(' '))}
        </p>
        <p className="dots text-meta text-muted">
          {action.kind === 'call' && action.headers.length > 0 && (
            <span>{ts.after.headers(allOf(action.headers.map((name) => visible(name))))}</span>
          )}
          {action.kind === 'command' && action.cwd && <span>{ts.after.in(visible(action.cwd))}</span>}
          <span>{ts.after.within(count(timeout_seconds ?? 30))}</span>
          {line !== null && <span>{ts.after.line(count(line))}</span>}
        </p>
      </div>
      <div className="flex gap-1 max-md:-ml-3">
        <button type="button" className="btn btn-quiet" aria-label={ts.after.editNamed(visible(type))} onClick={onEdit}>
          {ts.after.edit}
        </button>
        <button
          type="button"
          className="btn btn-quiet btn-reject text-muted"
          aria-label={ts.after.removeNamed(visible(type))}
          onClick={onRemove}
        >
          {ts.after.remove}
        </button>
      </div>
    </li>
  )
}

/** A word with spaces in it is one word all the same. */
const asWord = (word: string): string => (/^[^\s"]+$/.test(word) ? visible(word) : JSON.stringify(visible(word)))

/** What stands in headers cannot be brought back, so it is asked once. */
function RemoveDialog({ action, onClose }: { action: ActionView | null; onClose: () => void }) {
  const actions = useActions()
  const cancel = useRef<HTMLButtonElement>(null)
  const type = action?.type ?? ''
  const remove = async () => {
    onClose()
    const failure = await actions.saveSettings({ actions: { [type]: null } })
    if (failure) actions.toast('bad', t.failed(failure.message))
    else actions.toast('good', ts.after.removed(visible(type)))
  }
  return (
    <Question open={action !== null} onClose={onClose} title={ts.after.removeTitle(visible(type))} focus={cancel}>
      <AlertDialog.Description className="text-muted">{ts.after.removeText}</AlertDialog.Description>
      <div className="mt-5 flex justify-end gap-2">
        <AlertDialog.Close ref={cancel} className="btn">
          {t.cancel}
        </AlertDialog.Close>
        <button type="button" className="btn btn-reject border-red text-red" onClick={() => void remove()}>
          {ts.after.remove}
        </button>
      </div>
    </Question>
  )
}
