import { ExternalLink } from 'lucide-react'
import { type MouseEvent, type ReactNode, useRef, useState } from 'react'
import { decodedHost, registrablePart } from '../host-name.ts'
import { t } from '../strings.ts'
import { tf } from '../strings-facts.ts'
import { visible } from '../visible-text.ts'
import { Question } from './dialog.tsx'
import { Plain } from './text.tsx'

/** Where the host stands in the text; -1 when a computer reads another one than is written. */
function hostAt(text: string, host: string): number {
  const from = text.indexOf('//') + 2
  const end = text.slice(from).search(/[/?#\\]/)
  const authority = end < 0 ? text.slice(from) : text.slice(from, from + end)
  const start = from + authority.lastIndexOf('@') + 1
  return text.slice(start, start + host.length).toLowerCase() === host ? start : -1
}

/**
 * An address as text, never cut. Its host stands out, the part that somebody registered most. Only a plain https one whose host is
 * what is written can be followed, alone in its field, and asks first; what a computer reads as its host is said when it looks different.
 */
export function Address({ text, url, inline = false }: { text: string; url: URL; inline?: boolean }) {
  const at = hostAt(text, url.host)
  const hasName = url.username !== '' || url.password !== ''
  const decoded = decodedHost(url.host)
  const drawn = at < 0 ? <Plain text={text} place="line" /> : <Parts text={text} at={at} host={url.host} />
  const follow = !inline && url.protocol === 'https:' && !hasName && at >= 0 && decoded === null
  const warns = at < 0 || hasName || decoded !== null
  const Block = inline ? 'span' : 'div'
  return (
    <Block className={inline ? '' : 'min-w-0'}>
      <span className="font-mono text-meta wrap-anywhere">{follow ? <Follow url={url}>{drawn}</Follow> : drawn}</span>
      {warns && (
        <span className={`${inline ? 'inline' : 'block'} font-sans text-red`}>
          {inline && ' ('}
          {tf.hostIs} <strong className="font-mono wrap-anywhere">{url.host}</strong>
          {decoded !== null && (
            <>
              {', '}
              {tf.hostLooks}{' '}
              <strong className="font-mono wrap-anywhere">
                <Plain text={decoded} oneLine />
              </strong>
            </>
          )}
          . {hasName && tf.userinfo}
          {inline && ')'}
        </span>
      )}
      {!inline && url.protocol === 'http:' && !warns && <span className="block text-meta text-muted">{tf.plainHttp}</span>}
    </Block>
  )
}

function Parts({ text, at, host }: { text: string; at: number; host: string }) {
  const name = registrablePart(host)
  const start = at + Math.max(0, host.replace(/:\d+$/, '').lastIndexOf(name))
  return (
    <>
      <span className="text-muted">
        <Plain text={text.slice(0, at)} place="part" />
      </span>
      {text.slice(at, start)}
      <wbr />
      <strong className="font-semibold">{text.slice(start, start + name.length)}</strong>
      {text.slice(start + name.length, at + host.length)}
      <wbr />
      <span className="text-muted">
        <Plain text={text.slice(at + host.length)} place="part" />
      </span>
    </>
  )
}

/** The desktop host asks by itself before anything leaves the window. */
const hostAsks = () => location.protocol === 'app:'

function Follow({ url, children }: { url: URL; children: ReactNode }) {
  const [asked, setAsked] = useState(false)
  const cancel = useRef<HTMLButtonElement>(null)
  const ask = (event: MouseEvent) => {
    if (hostAsks()) return
    event.preventDefault()
    setAsked(true)
  }
  const open = () => {
    setAsked(false)
    window.open(url.href, '_blank', 'noopener,noreferrer')
  }
  return (
    <>
      <a
        href={url.href}
        target="_blank"
        rel="noopener noreferrer"
        title={tf.newTab}
        draggable={false}
        className="underline decoration-edge underline-offset-2 hover:decoration-accent"
        onClick={ask}
        onAuxClick={ask}
      >
        {children}
      </a>
      <Question
        open={asked}
        onClose={() => setAsked(false)}
        title={tf.openTitle(visible(registrablePart(url.host)))}
        focus={cancel}
      >
        <p className="mb-3 rounded-control bg-well px-3 py-2 font-mono text-meta wrap-anywhere">
          <Parts text={url.href} at={hostAt(url.href, url.host)} host={url.host} />
        </p>
        <p className="mb-4 text-muted">{tf.openHelp}</p>
        <div className="answers flex flex-wrap justify-end gap-2">
          <button type="button" ref={cancel} className="btn" onClick={() => setAsked(false)}>
            {t.cancel}
          </button>
          <button type="button" className="btn btn-accent" onClick={open}>
            <ExternalLink size={14} aria-hidden /> {tf.open}
          </button>
        </div>
      </Question>
    </>
  )
}

/** An e-mail address: whose it is, and at which host. */
export function Email({ text, at }: { text: string; at: number }) {
  return (
    <span className="wrap-anywhere">
      <Plain text={text.slice(0, at + 1)} place="part" />
      <span className="font-medium">
        <Plain text={text.slice(at + 1)} place="part" />
      </span>
    </span>
  )
}
