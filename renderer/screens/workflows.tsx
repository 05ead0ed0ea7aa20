import { FileCode, RotateCw, TriangleAlert } from 'lucide-react'
import { useCallback, useEffect, useState } from 'react'
import type { WorkflowView } from '../../shared/contract/workflows.ts'
import { type CallFailure, toFailure } from '../failure.ts'
import { anyOf } from '../language.ts'
import { Notice } from '../parts/notice.tsx'
import { Bones, Page } from '../parts/page.tsx'
import { Plain } from '../parts/text.tsx'
import { toHash } from '../route.ts'
import { useActions, useInbox, useInboxHandle } from '../store/context.ts'
import { t } from '../strings.ts'
import { tw } from '../strings-runs.ts'
import { visible, visibleJson } from '../visible-text.ts'

/** What can be started, where it comes from, and which files have no workflow in them. */
export function WorkflowsScreen() {
  const { client } = useInboxHandle()
  const actions = useActions()
  const mayReload = useInbox((state) => state.scopes.includes('admin'))
  const offline = useInbox((state) => state.connection.state === 'offline')
  const [items, setItems] = useState<readonly WorkflowView[] | null>(null)
  const [failure, setFailure] = useState<CallFailure | null>(null)
  const [busy, setBusy] = useState(false)
  const load = useCallback(async () => {
    try {
      setItems((await client.workflows.list({})).items)
      setFailure(null)
    } catch (error) {
      setFailure(toFailure(error))
    }
  }, [client])
  useEffect(() => {
    if (!offline) void load()
  }, [load, offline])
  const reload = async () => {
    setBusy(true)
    try {
      const read = (await client.workflows.reload({})).items
      const broken = read.filter((item) => item.error !== null).length
      setItems(read)
      actions.toast(broken > 0 ? 'bad' : 'good', broken > 0 ? tw.reloadedWith(broken) : tw.reloaded)
    } catch (error) {
      actions.toast('bad', t.failed(toFailure(error).message))
    }
    setBusy(false)
  }
  return (
    <Page
      id="workflows-title"
      title={tw.title}
      help={tw.help}
      actions={
        mayReload && (
          <button type="button" className="btn" disabled={busy} onClick={() => void reload()}>
            <RotateCw size={14} aria-hidden /> {busy ? tw.reloading : tw.reload}
          </button>
        )
      }
    >
      {items === null && !failure && <Bones />}
      {failure && (
        <Notice title={tw.failed} text={failure.message}>
          <button type="button" className="btn" onClick={() => void load()}>
            {t.retry}
          </button>
        </Notice>
      )}
      {items?.length === 0 && <Notice icon={<FileCode size={32} strokeWidth={1.5} aria-hidden />} title={tw.none} />}
      {items !== null && items.length > 0 && (
        <ul className="grid gap-3">
          {[...items].sort(brokenFirst).map((item) => (
            <li key={`${item.name}:${item.version}:${item.origin}`} className="card min-w-0">
              <Workflow item={item} />
            </li>
          ))}
        </ul>
      )}
    </Page>
  )
}

/** What needs somebody comes first; then files of one's own, then what is built in. */
const rank = (item: WorkflowView) => (item.error !== null ? 0 : item.origin === 'built-in' ? 2 : 1)
const brokenFirst = (a: WorkflowView, b: WorkflowView) => rank(a) - rank(b) || a.name.localeCompare(b.name)

function Workflow({ item }: { item: WorkflowView }) {
  // A file that never loaded has no version; one whose name is somebody else's has no input.
  const usable = item.version > 0 && (item.error === null || item.input !== null)
  return (
    <article aria-label={visible(item.name)} className="grid gap-2 px-4 py-3">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h2 className="text-row font-semibold wrap-anywhere">
          <Plain text={item.name} oneLine />
        </h2>
        {usable && (
          <a className="text-accent underline underline-offset-2" href={toHash({ view: 'runs', search: item.name })}>
            {tw.runs}
          </a>
        )}
      </div>
      <p className="dots text-meta text-muted">
        {usable && <span>{tw.version(item.version)}</span>}
        {item.origin === 'built-in' ? (
          <span>{tw.builtIn}</span>
        ) : (
          <span className="wrap-anywhere">
            <code className="font-mono">{visible(item.origin)}</code>
          </span>
        )}
      </p>
      {item.error !== null && (
        <div className="grid gap-1.5 rounded-control bg-amber-soft px-3 py-2">
          <p className="flex gap-1.5 font-semibold text-amber">
            <TriangleAlert size={15} className="mt-0.5 shrink-0" aria-hidden />
            {usable ? tw.broken : tw.brokenNew}
          </p>
          <pre className="font-mono text-meta whitespace-pre-wrap wrap-anywhere">
            <Plain text={item.error} />
          </pre>
        </div>
      )}
      {usable && <InputFields schema={item.input} />}
    </article>
  )
}

type Bag = Readonly<Record<string, unknown>>
const isBag = (value: unknown): value is Bag => typeof value === 'object' && value !== null && !Array.isArray(value)

/** A field's kind in a word or two: `number`, `string (email)`, `a, b or c`. */
function kindOf(schema: unknown): string {
  if (!isBag(schema)) return ''
  if (Array.isArray(schema.enum)) return anyOf(schema.enum.map(String))
  if (schema.const !== undefined) return String(schema.const)
  const options = Array.isArray(schema.anyOf) ? schema.anyOf : Array.isArray(schema.oneOf) ? schema.oneOf : null
  if (options) return [...new Set(options.map(kindOf))].filter(Boolean).join(' | ')
  if (schema.type === 'array') return tw.listOf(kindOf(schema.items) || tw.ofAnything)
  const type = Array.isArray(schema.type) ? schema.type.join(' | ') : typeof schema.type === 'string' ? schema.type : ''
  return typeof schema.format === 'string' ? `${type} (${schema.format})` : type
}

function InputFields({ schema }: { schema: unknown }) {
  const [open, setOpen] = useState(false)
  const fields = isBag(schema) && isBag(schema.properties) ? Object.entries(schema.properties) : []
  const required = isBag(schema) && Array.isArray(schema.required) ? schema.required : []
  return (
    <div className="grid gap-1.5 border-t border-line pt-2">
      {fields.length === 0 && <p className="text-muted">{tw.anything}</p>}
      {fields.length > 0 && (
        <dl className="grid gap-x-4 gap-y-1 md:grid-cols-[minmax(120px,200px)_minmax(0,1fr)]">
          {fields.map(([name, field]) => (
            <div key={name} className="contents">
              <dt className="font-mono text-meta leading-5 wrap-anywhere">{visible(name)}</dt>
              <dd className="dots max-md:mb-1">
                <span className="text-muted wrap-anywhere">{visible(kindOf(field))}</span>
                {required.includes(name) && <span>{tw.required}</span>}
                {isBag(field) && typeof field.description === 'string' && (
                  <span className="text-muted wrap-anywhere">
                    <Plain text={field.description} oneLine />
                  </span>
                )}
              </dd>
            </div>
          ))}
        </dl>
      )}
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className="w-fit rounded-control text-meta text-muted hover:text-ink">{tw.schema}</summary>
        {open && (
          <pre className="mt-1 max-h-96 overflow-auto rounded-control bg-well px-2.5 py-1.5 font-mono text-meta whitespace-pre-wrap wrap-anywhere">
            {visibleJson(schema)}
          </pre>
        )}
      </details>
    </div>
  )
}
