import { Plus, Trash2 } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { ActionInput, ActionView } from '../../shared/contract/outgoing.ts'
import type { CallFailure } from '../failure.ts'
import { count } from '../format.ts'
import { Sheet } from '../parts/dialog.tsx'
import { Field, Problem, toFieldErrors } from '../parts/form.tsx'
import { useActions } from '../store/context.ts'
import { t } from '../strings.ts'
import { ts } from '../strings-settings.ts'
import { visible } from '../visible-text.ts'
import { Code } from './code-example.tsx'

type Props = { readonly editing: ActionView | 'new' | null; readonly maySetCommands: boolean; readonly onClose: () => void }

/** Enters or changes what is done after an approval. */
export function ActionSheet({ editing, maySetCommands, onClose }: Props) {
  const action = editing === 'new' ? null : editing
  const title = action ? ts.after.editTitle(visible(action.type)) : ts.after.addTitle
  return (
    <Sheet open={editing !== null} onClose={onClose} title={title} wide>
      <ActionForm action={action} maySetCommands={maySetCommands} onClose={onClose} />
    </Sheet>
  )
}

/** `value` is null for one that stays as it is. */
type Header = { readonly name: string; readonly value: string | null }

const startOf = (action: ActionView | null) => ({
  type: action?.type ?? '',
  kind: action?.kind ?? ('call' as const),
  url: action?.kind === 'call' ? action.url : '',
  headers: action?.kind === 'call' ? action.headers.map((name): Header => ({ name, value: null })) : [],
  command: action?.kind === 'command' ? action.command.join('\n') : '',
  cwd: action?.kind === 'command' ? (action.cwd ?? '') : '',
  seconds: action?.timeout_seconds == null ? '' : String(action.timeout_seconds),
})
type Form = ReturnType<typeof startOf>

const wordsOf = (command: string): string[] => command.split('\n').filter((word) => word.trim() !== '')

function toInput({ kind, url, headers, command, cwd, seconds }: Form): ActionInput {
  const timeout_seconds = seconds.trim() === '' ? null : Number(seconds)
  if (kind === 'command') return { command: wordsOf(command), cwd: cwd.trim() || null, timeout_seconds }
  const named = headers.filter(({ name }) => name.trim() !== '')
  return { url, headers: Object.fromEntries(named.map(({ name, value }) => [name.trim(), value ?? true])), timeout_seconds }
}

/** The entry as it stands in the file. A JSON string is a YAML string too. */
function toLines({ type, command, cwd, seconds }: Form): string {
  const words = wordsOf(command).map((word) => JSON.stringify(word))
  return [
    'actions:',
    `  ${type.trim() || 'deployment'}:`,
    `    command: [${words.join(', ') || 'node, deploy.mjs'}]`,
    ...(cwd.trim() ? [`    cwd: ${JSON.stringify(cwd.trim())}`] : []),
    ...(seconds.trim() ? [`    timeout_seconds: ${seconds.trim()}`] : []),
  ].join('\n')
}

/** Problems of an entry are the form's own. */
function inEntry(failure: CallFailure | null): CallFailure | null {
  const entries = failure?.data.errors
  if (!failure || !Array.isArray(entries)) return failure
  const errors = entries.map((each) => ({ ...each, pointer: `/${String(each.pointer).split('/').slice(3).join('/') || 'type'}` }))
  return { ...failure, data: { ...failure.data, errors } }
}

function ActionForm({ action, maySetCommands, onClose }: { action: ActionView | null } & Omit<Props, 'editing'>) {
  const actions = useActions()
  const [form, setForm] = useState(() => startOf(action))
  const [failure, setFailure] = useState<CallFailure | null>(null)
  const put = (change: Partial<Form>) => setForm((held) => ({ ...held, ...change }))
  const { errors, whole } = toFieldErrors(inEntry(failure), ['type', 'url', 'headers', 'command', 'cwd', 'timeout_seconds'])
  const isCommand = form.kind === 'command'
  /** A browser may change how long a command takes, and nothing else of it. */
  const isKept = isCommand && !maySetCommands && action?.kind === 'command'
  const isElsewhere = isCommand && !maySetCommands && !isKept
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (isElsewhere) return
    const type = form.type.trim()
    const refused = await actions.saveSettings({ actions: { [type]: toInput(form) } })
    setFailure(refused)
    if (refused) return
    actions.toast('good', ts.after.saved(visible(type)))
    onClose()
  }
  return (
    <form className="grid gap-3" onSubmit={submit}>
      <Field label={ts.after.type} help={ts.after.typeHelp} error={errors.get('type')}>
        {(tied) => (
          <input
            {...tied}
            className="field read-only:bg-well"
            value={form.type}
            readOnly={action !== null}
            required
            maxLength={64}
            spellCheck={false}
            autoCapitalize="off"
            onChange={(event) => put({ type: event.target.value })}
          />
        )}
      </Field>
      <fieldset>
        <legend className="mb-1 font-medium">{ts.after.kind}</legend>
        <div className="flex flex-wrap gap-1.5">
          {(['call', 'command'] as const).map((kind) => (
            <label key={kind} className="btn has-checked:border-accent has-checked:bg-picked has-focus-visible:outline-2">
              <input
                type="radio"
                name="action-kind"
                className="size-4 accent-accent"
                checked={form.kind === kind}
                onChange={() => put({ kind })}
              />
              {ts.after.kinds[kind]}
            </label>
          ))}
        </div>
      </fieldset>
      {isCommand ? (
        <CommandFields form={form} put={put} errors={errors} isKept={isKept} />
      ) : (
        <CallFields form={form} put={put} errors={errors} />
      )}
      <Field label={ts.after.seconds} error={errors.get('timeout_seconds')}>
        {(tied) => (
          <input
            {...tied}
            className="field w-28 tabular-nums"
            type="number"
            min={0.1}
            max={3600}
            step="any"
            value={form.seconds}
            onChange={(event) => put({ seconds: event.target.value })}
          />
        )}
      </Field>
      {isElsewhere && (
        <div className="grid gap-2" role="status">
          <p className="text-amber">{ts.after.commandHere}</p>
          <Code text={toLines(form)} label={ts.after.command} />
        </div>
      )}
      <Problem text={whole} />
      <div className="flex justify-end gap-2">
        <button type="button" className="btn" onClick={onClose}>
          {t.cancel}
        </button>
        {!isElsewhere && (
          <button type="submit" className="btn btn-accent">
            {ts.after.save}
          </button>
        )}
      </div>
    </form>
  )
}

type FieldsProps = {
  readonly form: Form
  readonly put: (change: Partial<Form>) => void
  readonly errors: ReadonlyMap<string, string>
}

function CommandFields({ form, put, errors, isKept }: FieldsProps & { isKept: boolean }) {
  return (
    <>
      <Field label={ts.after.command} help={isKept ? ts.after.commandKept : ts.after.commandHelp} error={errors.get('command')}>
        {(tied) => (
          <textarea
            {...tied}
            className="field min-h-20 font-mono text-meta read-only:bg-well"
            value={form.command}
            readOnly={isKept}
            required
            spellCheck={false}
            onChange={(event) => put({ command: event.target.value })}
          />
        )}
      </Field>
      <Field label={ts.after.folder} error={errors.get('cwd')}>
        {(tied) => (
          <input
            {...tied}
            className="field font-mono text-meta read-only:bg-well"
            value={form.cwd}
            readOnly={isKept}
            maxLength={4096}
            spellCheck={false}
            onChange={(event) => put({ cwd: event.target.value })}
          />
        )}
      </Field>
    </>
  )
}

function CallFields({ form, put, errors }: FieldsProps) {
  const { headers } = form
  const set = (index: number, change: Partial<Header>) =>
    put({ headers: headers.map((header, at) => (at === index ? { ...header, ...change } : header)) })
  return (
    <>
      <Field label={ts.after.url} help={ts.after.urlHelp} error={errors.get('url')}>
        {(tied) => (
          <input
            {...tied}
            className="field"
            type="url"
            value={form.url}
            required
            maxLength={2000}
            spellCheck={false}
            onChange={(event) => put({ url: event.target.value })}
          />
        )}
      </Field>
      <fieldset className="grid gap-2" aria-describedby="header-help">
        <legend className="mb-1 font-medium">{ts.after.headerList}</legend>
        {headers.map(({ name, value }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
          <div key={index} className="grid grid-cols-[1fr_1.4fr_auto] gap-2">
            <input
              className="field min-w-0"
              aria-label={ts.after.header(count(index + 1))}
              value={name}
              maxLength={200}
              spellCheck={false}
              onChange={(event) => set(index, { name: event.target.value, value: value ?? '' })}
            />
            <input
              className="field min-w-0"
              aria-label={ts.after.value(count(index + 1))}
              placeholder={value === null ? ts.after.stays : ''}
              value={value ?? ''}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => set(index, { value: event.target.value })}
            />
            <button
              type="button"
              className="btn btn-quiet px-2"
              aria-label={ts.after.removeHeader(count(index + 1))}
              onClick={() => put({ headers: headers.filter((_, at) => at !== index) })}
            >
              <Trash2 size={15} aria-hidden />
            </button>
          </div>
        ))}
        <p id="header-help" className="text-meta text-muted">
          {ts.after.headerHelp}
        </p>
        {errors.has('headers') && <p className="text-red wrap-anywhere">{visible(errors.get('headers') ?? '')}</p>}
        <button
          type="button"
          className="btn justify-self-start"
          onClick={() => put({ headers: [...headers, { name: '', value: '' }] })}
        >
          <Plus size={15} aria-hidden /> {ts.after.addHeader}
        </button>
      </fieldset>
    </>
  )
}
