import { AlertDialog } from '@base-ui/react/alert-dialog'
import { TriangleAlert } from 'lucide-react'
import { useRef, useState } from 'react'
import type { HookView } from '../../shared/contract/settings.ts'
import { ago, asWords, count, fullDate } from '../format.ts'
import { allOf } from '../language.ts'
import { useNow } from '../now.ts'
import { CopyButton } from '../parts/copy.tsx'
import { Question } from '../parts/dialog.tsx'
import { hookExample } from '../request-examples.ts'
import { useActions, useInbox } from '../store/context.ts'
import { t } from '../strings.ts'
import { tsr } from '../strings-sources.ts'
import { visible } from '../visible-text.ts'
import { Code } from './code-example.tsx'
import { Figure } from './sources-rows.tsx'

/** An address that takes anybody's JSON, how it is verified, and a delivery to try it with. */
export function HookRow({ hook, onRemove }: { hook: HookView; onRemove: () => void }) {
  const url = useInbox((state) => state.settings?.url ?? null)
  const [open, setOpen] = useState(false)
  const name = visible(hook.name)
  const address = `${(url ?? '').replace(/\/$/, '')}${hook.path}`
  return (
    <li className="grid gap-3 px-4 py-3.5">
      <div className="flex flex-wrap items-start justify-between gap-x-3 gap-y-1">
        <div className="min-w-0 flex-1 basis-64">
          <h3 className="font-semibold wrap-anywhere">{name}</h3>
          <p>
            <code className="font-mono text-meta wrap-anywhere">{visible(address)}</code>
          </p>
          <HookFacts hook={hook} />
        </div>
        <div className="flex gap-1">
          <CopyButton text={address} label={tsr.copyAddress} />
          <button
            type="button"
            className="btn btn-quiet btn-reject text-muted"
            aria-label={tsr.removeHookNamed(name)}
            onClick={onRemove}
          >
            {tsr.removeHook}
          </button>
        </div>
      </div>
      {hook.problem && (
        <p className="flex items-start gap-1.5 text-amber">
          <TriangleAlert size={14} className="mt-[3px] shrink-0" aria-hidden />
          <span className="wrap-anywhere">{tsr.hookProblem(visible(hook.problem))}</span>
        </p>
      )}
      <dl className="grid grid-cols-3 gap-x-4 md:grid-cols-[repeat(3,88px)]">
        <Figure label={tsr.requests} value={count(hook.usage.requests)} />
        <Figure label={tsr.today} value={count(hook.usage.requests_today)} />
        <Figure label={tsr.waiting} value={count(hook.usage.waiting)} />
      </dl>
      {url && (
        <details className="min-w-0" onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary className="w-fit text-accent" aria-label={tsr.tryHookOf(name)}>
            {tsr.tryHook}
          </summary>
          {open && (
            <div className="mt-2 grid gap-1.5">
              <p className="text-meta text-muted">{tsr.hookSecret}</p>
              <Code text={hookExample(hook.scheme, url, hook.path)} label={tsr.tryHookOf(name)} />
            </div>
          )}
        </details>
      )}
    </li>
  )
}

function HookFacts({ hook }: { hook: HookView }) {
  const now = useNow(20_000)
  const { scheme, type, secret, last_at, line } = hook
  return (
    <p className="dots text-meta text-muted">
      <span>{tsr.verified(asWords(scheme))}</span>
      <span className="wrap-anywhere">{tsr.secretIn[secret.in](allOf(secret.names.map((each) => visible(each))))}</span>
      <span>{tsr.type(visible(type))}</span>
      <span title={last_at ? fullDate(last_at) : undefined}>{last_at ? tsr.lastDelivery(ago(last_at, now)) : tsr.noDelivery}</span>
      {line !== null && <span>{tsr.hookLine(count(line))}</span>}
    </p>
  )
}

type RemoveProps = { readonly hook: HookView | null; readonly onClose: () => void; readonly onRemoved: () => void }

/** How it turns a delivery into a request is written by hand, and is gone with it. */
export function RemoveHookDialog({ hook, onClose, onRemoved }: RemoveProps) {
  const actions = useActions()
  const cancel = useRef<HTMLButtonElement>(null)
  const name = hook?.name ?? ''
  const remove = async () => {
    onClose()
    const failure = await actions.saveSettings({ hooks: { [name]: null } })
    if (failure) actions.toast('bad', t.failed(failure.message))
    else actions.toast('good', tsr.hookRemoved(visible(name)))
    onRemoved()
  }
  return (
    <Question open={hook !== null} onClose={onClose} title={tsr.removeHookTitle(visible(name))} focus={cancel}>
      <AlertDialog.Description className="text-muted">{tsr.removeHookText}</AlertDialog.Description>
      <div className="mt-5 flex justify-end gap-2">
        <AlertDialog.Close ref={cancel} className="btn">
          {t.cancel}
        </AlertDialog.Close>
        <button type="button" className="btn btn-reject border-red text-red" onClick={() => void remove()}>
          {tsr.removeHook}
        </button>
      </div>
    </Question>
  )
}
