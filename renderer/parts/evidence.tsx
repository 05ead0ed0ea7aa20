import '../facts.css'
import { FileText, MessageSquareQuote } from 'lucide-react'
import type { ReactNode } from 'react'
import type { ApprovalItem, Attachment } from '../../shared/model/approval.ts'
import { bytes } from '../format.ts'
import { t } from '../strings.ts'
import { tf } from '../strings-facts.ts'
import { visible } from '../visible-text.ts'
import { Address } from './fact-address.tsx'
import { CopyCode } from './fact-code.tsx'
import { Prose } from './fact-text.tsx'
import { Facts } from './facts.tsx'
import { Plain } from './text.tsx'

/**
 * Everything that the sender wrote, in one frame under the sender's name: whatever it says or looks like, it is not Countersign that
 * says it.
 */
export function SenderFrame({ item }: { item: ApprovalItem }) {
  return (
    <section aria-label={tf.from(visible(item.source_name))} className="sender">
      <header className="sender-head">
        <MessageSquareQuote size={14} className="shrink-0" aria-hidden />
        <h3 className="min-w-0 font-semibold text-ink wrap-anywhere">{tf.from(visible(item.source_name))}</h3>
        <p className="min-w-0 basis-full text-meta @lg:ml-auto @lg:basis-auto">{tf.own}</p>
      </header>
      {hasFacts(item) && (
        <Section label={t.detail.facts}>
          {item.description && (
            <div className="border-b border-line px-4 py-2 last:border-0">
              <Prose text={item.description} />
            </div>
          )}
          {item.data_omitted ? (
            <p className="px-4 py-2 text-muted">
              {t.detail.loading} {bytes(item.data_bytes)}
            </p>
          ) : isNothing(item.data) ? (
            <p className="px-4 py-2 text-muted">{t.detail.noFacts}</p>
          ) : (
            <div className={typeof item.data === 'object' ? '' : 'px-4 py-2'}>
              <Facts value={item.data} />
            </div>
          )}
        </Section>
      )}
      {item.attachments && item.attachments.length > 0 && (
        <Section label={tf.attachments(item.attachments.length)}>
          <ul className="divide-y divide-line">
            {item.attachments.map((each, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a sender's list never changes its order
              <AttachmentEntry key={index} each={each} />
            ))}
          </ul>
          <p className="border-t border-line px-4 py-1.5 text-meta text-muted">{tf.notFetched}</p>
        </Section>
      )}
      {item.evidence && item.evidence.length > 0 && <EvidenceList evidence={item.evidence} />}
      {item.rollback && (
        <Section label={tf.rollback}>
          <div className="px-4 py-2">
            <Prose text={item.rollback} />
          </div>
        </Section>
      )}
    </section>
  )
}

const isNothing = (data: unknown) =>
  data === null || data === undefined || (typeof data === 'object' && !Array.isArray(data) && Object.keys(data).length === 0)

/** A batch's facts are its items. */
const hasFacts = (item: ApprovalItem) => !item.items || item.description !== null || !isNothing(item.data)

/** Whether the sender wrote anything besides a title and items. */
export const hasWords = (item: ApprovalItem): boolean =>
  hasFacts(item) || Boolean(item.attachments?.length || item.evidence?.length || item.rollback)

function Section({ label, children }: { label: string; children: ReactNode }) {
  return (
    <section aria-label={label} className="sender-part">
      <h4 className="head px-4 pt-2.5 pb-1">{label}</h4>
      {children}
    </section>
  )
}

/** A file by its name. What is behind the address is not known here: only what it should be. */
function AttachmentEntry({ each }: { each: Attachment }) {
  const { name, url, media_type, size_bytes, sha256 } = each
  const address = url !== undefined && URL.canParse(url) ? new URL(url) : null
  return (
    <li className="flex items-start gap-2.5 px-4 py-2">
      <FileText size={16} className="mt-0.5 shrink-0 text-muted" aria-hidden />
      <div className="grid min-w-0 flex-1 gap-0.5 wrap-anywhere">
        <span className="font-medium">
          <Plain text={name} oneLine />
        </span>
        {address && url !== undefined ? (
          <Address text={url} url={address} />
        ) : (
          <span className="text-meta text-muted">{url === undefined ? tf.noAddress : <Plain text={url} oneLine />}</span>
        )}
        {(media_type || size_bytes !== undefined || sha256) && (
          <span className="dots items-center text-meta text-muted">
            {media_type && <span>{visible(media_type)}</span>}
            {size_bytes !== undefined && <span className="tabular-nums">{bytes(size_bytes)}</span>}
            {sha256 && (
              <span className="inline-flex items-center gap-1" title={tf.digest(sha256)}>
                <code className="font-mono">{tf.digest(`${sha256.slice(0, 12)}…`)}</code>
                <CopyCode text={sha256} name="" label={tf.digestLabel} />
              </span>
            )}
          </span>
        )}
      </div>
    </li>
  )
}

function EvidenceList({ evidence }: { evidence: NonNullable<ApprovalItem['evidence']> }) {
  return (
    <Section label={tf.evidence}>
      <ul className="divide-y divide-line">
        {evidence.map(({ title, text, url }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a sender's list never changes its order
          <li key={index} className="grid gap-1 px-4 py-2 wrap-anywhere">
            <span className="font-medium">
              <Plain text={title} oneLine />
            </span>
            {text !== undefined && <Prose text={text} />}
            {url !== undefined && (URL.canParse(url) ? <Address text={url} url={new URL(url)} /> : <Plain text={url} oneLine />)}
          </li>
        ))}
      </ul>
    </Section>
  )
}
