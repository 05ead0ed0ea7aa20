import { useState } from 'react'
import type { ApprovalItem } from '../../shared/model/approval.ts'
import { bytes } from '../format.ts'
import { t } from '../strings.ts'
import { visibleJson } from '../visible-text.ts'
import { CopyButton } from './copy.tsx'

const hashShown = 12

/** The data as JSON, folded; and which version of the request this is. */
export function RawPayload({ item }: { item: ApprovalItem }) {
  const [open, setOpen] = useState(false)
  const json = open ? visibleJson(item.data) : ''
  return (
    <section aria-label={t.detail.raw} className="border-t border-line pt-3">
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className="flex flex-wrap items-center justify-between gap-2 rounded-control py-1">
          <span className="flex items-center gap-1.5 text-muted hover:text-ink">
            <span aria-hidden="true" className={`inline-block transition-transform duration-120 ${open ? 'rotate-90' : ''}`}>
              ▸
            </span>
            {t.detail.raw}, {bytes(item.data_bytes)}
          </span>
          <span className="text-meta text-muted" title={`SHA-256 ${item.version.sha256}`}>
            {t.detail.version(item.version.number)} · <code className="font-mono">{item.version.sha256.slice(0, hashShown)}</code>
          </span>
        </summary>
        {open && (
          <div className="mt-1.5 grid gap-2">
            <pre className="raw-json rounded-card bg-well px-4 py-3 font-mono text-meta whitespace-pre-wrap wrap-anywhere">
              {json}
            </pre>
            <div>
              <CopyButton text={json} />
            </div>
          </div>
        )}
      </details>
    </section>
  )
}
