import { useLayoutEffect, useRef } from 'react'
import { tk } from './strings-keys.ts'
import { type KeyedView, keyedViews } from './views.ts'

/** What a key can do. */
export type Command =
  | KeyedView
  | 'next'
  | 'previous'
  | 'open'
  | 'approve'
  | 'reject'
  | 'comment'
  | 'edit'
  | 'part'
  | 'option'
  | 'send_back'
  | 'reassign'
  | 'extend'
  | 'cancel'
  | 'behalf'
  | 'undo'
  | 'snooze'
  | 'watch'
  | 'look_again'
  | 'more'
  | 'select'
  | 'select_all'
  | 'clear'
  | 'arrivals'
  | 'search'
  | 'help'
  | 'palette'
  | 'save_filter'
  | 'arrange_filters'

export type Binding = {
  readonly command: Command
  /** Each is one key, or two pressed after one another. */
  readonly keys: readonly string[]
  /** What the sheet shows instead of each of the keys. */
  readonly shown?: string
  readonly label: string
  readonly group: 'Move' | 'Decide' | 'Go'
}

const isApple = /^(Mac|iP)/.test(globalThis.navigator?.platform ?? '')

/** The one table of keys: it drives the handler, and the sheet behind `?` is drawn from it. */
export const bindings: readonly Binding[] = [
  { command: 'next', keys: ['j', 'ArrowDown'], label: tk.next, group: 'Move' },
  { command: 'previous', keys: ['k', 'ArrowUp'], label: tk.previous, group: 'Move' },
  { command: 'open', keys: ['Enter'], label: tk.open, group: 'Move' },
  { command: 'select', keys: ['x'], label: tk.select, group: 'Move' },
  { command: 'select_all', keys: ['*'], label: tk.select_all, group: 'Move' },
  { command: 'clear', keys: ['Escape'], shown: 'Esc', label: tk.clear, group: 'Move' },
  { command: 'arrivals', keys: ['n'], label: tk.arrivals, group: 'Move' },
  { command: 'search', keys: ['/'], label: tk.search, group: 'Move' },
  { command: 'approve', keys: ['a'], label: tk.approve, group: 'Decide' },
  { command: 'reject', keys: ['r'], label: tk.reject, group: 'Decide' },
  { command: 'comment', keys: ['c'], label: tk.comment, group: 'Decide' },
  { command: 'edit', keys: ['e'], label: tk.edit, group: 'Decide' },
  { command: 'part', keys: ['p'], label: tk.part, group: 'Decide' },
  {
    command: 'option',
    keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
    shown: '1 – 9',
    label: tk.option,
    group: 'Decide',
  },
  { command: 'send_back', keys: ['s'], label: tk.send_back, group: 'Decide' },
  { command: 'behalf', keys: ['b'], label: tk.behalf, group: 'Decide' },
  { command: 'reassign', keys: ['m'], label: tk.reassign, group: 'Decide' },
  { command: 'extend', keys: ['d'], label: tk.extend, group: 'Decide' },
  { command: 'cancel', keys: ['#'], label: tk.cancel, group: 'Decide' },
  { command: 'undo', keys: ['z'], label: tk.undo, group: 'Decide' },
  { command: 'snooze', keys: ['h'], label: tk.snooze, group: 'Decide' },
  { command: 'watch', keys: ['w'], label: tk.watch, group: 'Decide' },
  { command: 'more', keys: ['.'], label: tk.more, group: 'Decide' },
  { command: 'look_again', keys: ['l'], label: tk.look_again, group: 'Decide' },
  ...keyedViews.map(({ view, key }): Binding => ({ command: view, keys: [`g ${key}`], label: tk[view], group: 'Go' })),
  { command: 'help', keys: ['?'], label: tk.help, group: 'Go' },
  // Never read from the table: see `opensPalette`.
  { command: 'palette', keys: ['Mod+K'], shown: isApple ? '⌘ K' : 'Ctrl K', label: tk.palette, group: 'Go' },
]

/** What each command does; `key` is the one that was pressed. */
export type Handlers = Partial<Record<Command, (key: string, shift: boolean) => void>>

type Layer = { readonly handlers: Handlers; readonly idle: readonly Command[] }

const stack: (() => Layer)[] = []
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

/** It is no single key: it opens also while somebody types, but not over a dialog. On a Mac, Ctrl-K cuts a line. */
const opensPalette = (event: KeyboardEvent) =>
  event.key.toLowerCase() === 'k' && (event.metaKey || (event.ctrlKey && !isApple)) && !event.altKey && !event.shiftKey

const isCovered = () => document.querySelector('[role=dialog], [role=alertdialog], [role=menu]') !== null

/** The only keys that may be held: a held `a` decides once. */
const movesAlong = (key: string) => /^(j|k|arrowdown|arrowup)$/i.test(key)

/** Enter begins a new line there; with Ctrl or ⌘ it sends what is filled in. */
function formToSend(event: KeyboardEvent): HTMLFormElement | null {
  const sends = event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.repeat && !event.isComposing
  return sends && event.target instanceof HTMLTextAreaElement ? event.target.form : null
}

/** So long whoever writes goes on writing where their field has gone, ms. */
const writesOnMs = 1000

/**
 * Whether a press was meant for a field that went away by itself while somebody wrote in it, as when somebody else decides what it is
 * about. Who sends it, leaves it or presses elsewhere has stopped writing.
 */
function followWriting(): { readonly goesOn: (event: KeyboardEvent) => boolean; readonly end: () => void } {
  let field: Element | null = null
  let at = 0
  const onKey = (event: KeyboardEvent) => {
    if (!isTyping(event.target)) return
    const isOver = /^(Escape|Tab)$/.test(event.key) || (event.key === 'Enter' && !(event.target instanceof HTMLTextAreaElement))
    field = isOver || event.ctrlKey || event.metaKey ? null : (event.target as Element)
    at = event.timeStamp
  }
  const onPointer = () => {
    field = null
  }
  // Before anybody keeps them to themselves.
  window.addEventListener('keydown', onKey, true)
  window.addEventListener('pointerdown', onPointer, true)
  return {
    goesOn: (event) => {
      if (field === null || field.isConnected || event.timeStamp - at >= writesOnMs) return false
      at = event.timeStamp
      return true
    },
    end: () => {
      window.removeEventListener('keydown', onKey, true)
      window.removeEventListener('pointerdown', onPointer, true)
    },
  }
}

/** Installs the one listener; `allowed` says whether single keys are on. */
export function installKeys(allowed: () => boolean): () => void {
  let prefix = ''
  let prefixAt = 0
  const writing = followWriting()
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || (event.repeat && !movesAlong(event.key))) return
    if (opensPalette(event) && !event.repeat && !event.isComposing && !isCovered()) {
      event.preventDefault()
      return run('palette')
    }
    const form = formToSend(event)
    if (form) {
      event.preventDefault()
      return form.requestSubmit()
    }
    const undoes = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'z'
    if ((event.ctrlKey || event.metaKey) && !undoes) return
    if (event.altKey || event.isComposing || isTyping(event.target) || writing.goesOn(event)) return
    if (isCovered() || belongsToTarget(event.key, event.target)) return
    const single = event.key.length === 1
    if (single && !undoes && !allowed()) return
    const read = commandFor(event.key, event.timeStamp - prefixAt < chordMs ? prefix : '')
    prefix = read.prefix
    prefixAt = event.timeStamp
    const handler = read.command && handlerOf(read.command)
    if (!handler) return
    event.preventDefault()
    handler(event.key, event.shiftKey)
  }
  window.addEventListener('keydown', onKeyDown)
  return () => {
    writing.end()
    window.removeEventListener('keydown', onKeyDown)
  }
}

function handlerOf(command: Command): Handlers[Command] {
  for (let at = stack.length - 1; at >= 0; at -= 1) {
    const handler = stack[at]?.().handlers[command]
    if (handler) return handler
  }
  return undefined
}

/** Whether a command would do something now. */
export function isAvailable(command: Command): boolean {
  const top = stack.findLast((layer) => layer().handlers[command] !== undefined)?.()
  return top !== undefined && !top.idle.includes(command)
}

/** Does what its key does. */
export function run(command: Command, key = ''): void {
  handlerOf(command)?.(key, false)
}

/**
 * What commands do while this component is on the screen; the one drawn last wins. `idle` are those whose key only says why
 * nothing can be done now.
 */
export function useCommands(handlers: Handlers, idle: readonly Command[] = []): void {
  const latest = useRef({ handlers, idle })
  latest.current = { handlers, idle }
  // As soon as it can be seen: a key that is pressed before the frame is over counts.
  useLayoutEffect(() => {
    const current = () => latest.current
    stack.push(current)
    return () => {
      stack.splice(stack.indexOf(current), 1)
    }
  }, [])
}
