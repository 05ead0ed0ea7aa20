import { useState } from 'react'
import { count, isInstant, when } from '../format.ts'
import { useNow } from '../now.ts'
import { t } from '../strings.ts'
import { Plain } from './text.tsx'

const longText = 700
const keptEnd = 240

/** What is acted upon is never cut, however long it is. */
const neverCut = /amount|payee|iban|account|host|url|path|command|cmd|(?<!de)script|sql|query/i
const codeNames = /command|cmd|(?<!de)script|sql|query|path|diff|code|sha|hash|token|digest/i
const codeText = /^(\/|\.\/|~\/|[a-z]:\\|\$ |[0-9a-f]{24,}$)/i

/** A text as it came: addresses with their host in bold, code in a fixed width, long prose cut in its middle. */
export function FactText({ text, name }: { text: string; name: string }) {
  if (text === '') return <span className="text-muted italic">{t.facts.empty}</span>
  if (isInstant(text)) return <Instant text={text} />
  const address = toAddress(text)
  if (address) return <Address text={text} url={address} />
  const isCode = codeNames.test(name) || codeText.test(text) || /\t/.test(text)
  if (isCode && (text.length > 48 || text.includes('\n'))) {
    return (
      <pre className="rounded-control bg-well px-2.5 py-1.5 font-mono text-meta whitespace-pre-wrap wrap-anywhere">
        <Lines text={text} />
      </pre>
    )
  }
  if (isCode) {
    return (
      <code className="font-mono text-meta whitespace-pre-wrap wrap-anywhere">
        <Plain text={text} />
      </code>
    )
  }
  return <Prose text={text} whole={neverCut.test(name)} />
}

/** An instant as it came, and as the reader's own clock says it. */
function Instant({ text }: { text: string }) {
  const now = useNow(20_000)
  return (
    <span className="tabular-nums">
      {text} <span className="text-muted">· {when(text, now)}</span>
    </span>
  )
}

/** A command's line breaks matter, so they are seen. */
function Lines({ text }: { text: string }) {
  const lines = text.split('\n')
  return lines.map((line, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: lines of a fixed text
    <span key={index}>
      <Plain text={line} />
      {index < lines.length - 1 && <span className="text-muted select-none">{'⏎\n'}</span>}
    </span>
  ))
}

function Prose({ text, whole }: { text: string; whole: boolean }) {
  const [open, setOpen] = useState(false)
  const characters = Array.from(text)
  if (whole || open || characters.length <= longText) {
    return (
      <span className="whitespace-pre-wrap wrap-anywhere">
        <Plain text={text} />
      </span>
    )
  }
  const start = characters.slice(0, keptEnd).join('')
  const end = characters.slice(-keptEnd).join('')
  return (
    <div className="grid gap-1.5 whitespace-pre-wrap wrap-anywhere">
      <span>
        <Plain text={start} />
      </span>
      <span className="flex flex-wrap items-center gap-2 border-y border-dashed border-line py-1.5 text-meta text-muted">
        {t.facts.hiddenMiddle(count(characters.length - 2 * keptEnd))}
        <button type="button" className="btn" onClick={() => setOpen(true)}>
          {t.facts.showText(count(characters.length))}
        </button>
      </span>
      <span>
        <Plain text={end} />
      </span>
    </div>
  )
}

function toAddress(text: string): URL | null {
  if (!/^https?:\/\/\S+$/i.test(text) || text.length > 2000) return null
  try {
    return new URL(text)
  } catch {
    return null
  }
}

/** Where the host stands in the text; -1 when a computer reads another one than is written. */
function hostAt(text: string, host: string): number {
  const from = text.indexOf('//') + 2
  const end = text.slice(from).search(/[/?#\\]/)
  const authority = end < 0 ? text.slice(from) : text.slice(from, from + end)
  const start = from + authority.lastIndexOf('@') + 1
  return text.slice(start, start + host.length).toLowerCase() === host ? start : -1
}

/** An address as text. Only a plain https one can be followed; what a computer reads as its host is said when it looks different. */
function Address({ text, url }: { text: string; url: URL }) {
  const at = hostAt(text, url.host)
  const hasName = url.username !== '' || url.password !== ''
  const drawn =
    at < 0 ? (
      <Plain text={text} oneLine />
    ) : (
      <>
        <Plain text={text.slice(0, at)} oneLine />
        <strong className="font-semibold">{text.slice(at, at + url.host.length)}</strong>
        <Plain text={text.slice(at + url.host.length)} oneLine />
      </>
    )
  const follow = url.protocol === 'https:' && !hasName && at >= 0
  return (
    <span className="font-mono text-meta wrap-anywhere">
      {follow ? (
        <a
          href={url.href}
          target="_blank"
          rel="noopener noreferrer"
          className="underline decoration-edge underline-offset-2 hover:decoration-accent"
        >
          {drawn}
        </a>
      ) : (
        drawn
      )}
      {(at < 0 || hasName) && (
        <span className="block font-sans text-red">
          {t.facts.host} <strong className="font-mono">{url.host}</strong>. {hasName && t.facts.userinfo}
        </span>
      )}
    </span>
  )
}
