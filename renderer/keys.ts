import { useEffect, useRef } from 'react'

/** What a key can do. */
export type Command =
  | 'next'
  | 'previous'
  | 'open'
  | 'approve'
  | 'reject'
  | 'comment'
  | 'arrivals'
  | 'search'
  | 'inbox'
  | 'done'
  | 'review'
  | 'settings'
  | 'help'

type Binding = {
  readonly command: Command
  /** Each is one key, or two pressed after one another. */
  readonly keys: readonly string[]
  readonly label: string
  readonly group: 'Move' | 'Decide' | 'Go'
}

/** The one table of keys: it drives the handler, and the sheet behind `?` is drawn from it. */
export const bindings: readonly Binding[] = [
  { command: 'next', keys: ['j', 'ArrowDown'], label: 'Next request', group: 'Move' },
  { command: 'previous', keys: ['k', 'ArrowUp'], label: 'Previous request', group: 'Move' },
  { command: 'open', keys: ['Enter'], label: 'Read the request', group: 'Move' },
  { command: 'arrivals', keys: ['n'], label: 'Show new requests', group: 'Move' },
  { command: 'search', keys: ['/'], label: 'Search', group: 'Move' },
  { command: 'approve', keys: ['a'], label: 'Approve', group: 'Decide' },
  { command: 'reject', keys: ['r'], label: 'Reject, with a reason', group: 'Decide' },
  { command: 'comment', keys: ['c'], label: 'Write a comment', group: 'Decide' },
  { command: 'inbox', keys: ['g i'], label: 'Inbox', group: 'Go' },
  { command: 'done', keys: ['g h'], label: 'Done', group: 'Go' },
  { command: 'review', keys: ['g r'], label: 'Needs review', group: 'Go' },
  { command: 'settings', keys: ['g s'], label: 'Settings', group: 'Go' },
  { command: 'help', keys: ['?'], label: 'Show all keys', group: 'Go' },
]

export type Handlers = Partial<Record<Command, () => void>>

const stack: (() => Handlers)[] = []
const chordMs = 1200

/** What a press means: the command, or the first half of a chord. Letter case is ignored. */
export function commandFor(key: string, prefix: string): { readonly command: Command | null; readonly prefix: string } {
  const name = key.length === 1 ? key.toLowerCase() : key
  const wanted = prefix ? `${prefix} ${name}` : name
  const found = bindings.find((binding) => binding.keys.includes(wanted))
  if (found) return { command: found.command, prefix: '' }
  const opens = !prefix && bindings.some((binding) => binding.keys.some((keys) => keys.startsWith(`${name} `)))
  return { command: null, prefix: opens ? name : '' }
}

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ['TEXTAREA', 'SELECT'].includes(target.tagName) || isTextInput(target))

const isTextInput = (target: HTMLElement) =>
  target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'submit'].includes(target.type)

/** Enter and arrows keep their own meaning on controls and in the scrolling text of a request. */
const belongsToTarget = (key: string, target: EventTarget | null) => {
  if (!(target instanceof HTMLElement) || target === document.body) return false
  if (key === 'Enter') return target.closest('button, a, summary, [role=button]') !== null
  return key.startsWith('Arrow') && target.closest('[data-own-arrows]') !== null
}

/** The only keys that may be held: a held `a` decides once. */
const movesAlong = (key: string) => /^(j|k|arrowdown|arrowup)$/i.test(key)

/** Installs the one listener; `allowed` says whether single keys are on. */
export function installKeys(allowed: () => boolean): () => void {
  let prefix = ''
  let prefixAt = 0
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || (event.repeat && !movesAlong(event.key))) return
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return
    if (document.querySelector('[role=dialog], [role=alertdialog]') || belongsToTarget(event.key, event.target)) return
    const single = event.key.length === 1
    if (single && !allowed()) return
    const read = commandFor(event.key, event.timeStamp - prefixAt < chordMs ? prefix : '')
    prefix = read.prefix
    prefixAt = event.timeStamp
    const handler = read.command && handlerOf(read.command)
    if (!handler) return
    event.preventDefault()
    handler()
  }
  window.addEventListener('keydown', onKeyDown)
  return () => window.removeEventListener('keydown', onKeyDown)
}

function handlerOf(command: Command): (() => void) | undefined {
  for (let at = stack.length - 1; at >= 0; at -= 1) {
    const handler = stack[at]?.()[command]
    if (handler) return handler
  }
  return undefined
}

/** What commands do while this component is on the screen; the one drawn last wins. */
export function useCommands(handlers: Handlers): void {
  const latest = useRef(handlers)
  latest.current = handlers
  useEffect(() => {
    const current = () => latest.current
    stack.push(current)
    return () => {
      stack.splice(stack.indexOf(current), 1)
    }
  }, [])
}
