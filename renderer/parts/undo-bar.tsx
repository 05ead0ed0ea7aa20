import { Undo2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { count, span } from '../format.ts'
import { useCommands } from '../keys.ts'
import { go, useRoute } from '../route.ts'
import { useActions, useInbox, useInboxHandle } from '../store/context.ts'
import type { InboxState } from '../store/state.ts'
import { tt } from '../strings-triage.ts'
import { ownTitle } from '../title.ts'
import { visible } from '../visible-text.ts'

type HeldAnswer = InboxState['held'][number]

/** So many are shown each for itself; of more there is their number and the last one. */
const mostShown = 3

/** Own answers that have not left yet, the latest at the bottom, where the hand just was. */
export function UndoBar() {
  const held = useInbox((state) => state.held)
  const actions = useActions()
  useCommands({ undo: actions.undoLast }, held.length > 0 ? [] : ['undo'])
  useAskedAgain()
  return held.length === 0 ? null : (
    <ul aria-label={tt.undo.label} className="grid gap-2">
      {held.length > mostShown && <Many held={held} />}
      {held.slice(held.length > mostShown ? -1 : -mostShown).map((answer, index, shown) => (
        <Answer key={answer.id} answer={answer} isLast={index === shown.length - 1} />
      ))}
    </ul>
  )
}

/** What left while nothing could be reached is in no list any more and is told by nobody: it is asked for. */
function useAskedAgain() {
  const { store, actions } = useInboxHandle()
  const online = useInbox((state) => state.connection.state === 'online')
  useEffect(() => {
    if (online) for (const { id } of store.getState().held) void actions.loadItem(id)
  }, [store, actions, online])
}

/** More than are shown: how many, and all of them back with one press. */
function Many({ held }: { held: readonly HeldAnswer[] }) {
  const actions = useActions()
  return (
    <li className="pointer-events-auto flex items-center justify-between gap-2 rounded-card bg-panel py-1.5 pr-1.5 pl-3 shadow-(--shadow)">
      <span className="font-medium">{tt.bulk.answers(count(held.length))}</span>
      <button type="button" className="btn btn-quiet px-2.5" onClick={() => void actions.undoAll()}>
        <Undo2 size={15} aria-hidden />
        {tt.bulk.undoAll}
      </button>
    </li>
  )
}

function Answer({ answer, isLast }: { answer: HeldAnswer; isLast: boolean }) {
  const item = useInbox((state) => state.items.get(answer.id))
  const singleKeys = useInbox((state) => state.singleKeys)
  const { undo } = useActions()
  const route = useRoute()
  const left = useLeft(answer.until)
  const title = item ? visible(ownTitle(item)) : answer.id
  const verb = tt.undo.said[answer.said]
  return (
    // On a phone the open request has its own.
    <li
      className={`pointer-events-auto relative overflow-hidden rounded-card bg-panel py-1.5 pr-1.5 pl-3 shadow-(--shadow) motion-safe:animate-[rise_140ms_ease-out] ${route.id === answer.id ? 'max-md:hidden' : ''}`}
    >
      <span className="flex items-center gap-2">
        <span className="sr-only" role="status">
          {tt.undo.heard(verb, title, span(answer.holdMs))}
        </span>
        <span className="min-w-0 flex-1" aria-hidden="true">
          <button
            type="button"
            tabIndex={-1}
            className="block max-w-full truncate text-left font-medium"
            onClick={() => go({ ...route, id: answer.id }, 'replace')}
          >
            {tt.undo.done(verb, title)}
          </button>
          <span className="block text-meta text-muted tabular-nums">
            {left > 0 ? tt.undo.leaves(span(left + 999)) : tt.undo.leaving}
          </span>
        </span>
        <button type="button" className="btn btn-quiet px-2.5" disabled={left <= 0} onClick={() => void undo(answer.id)}>
          <Undo2 size={15} aria-hidden />
          {tt.undo.undo}
          {singleKeys && isLast && (
            <span className="kbd ml-0.5 font-normal max-lg:hidden" aria-hidden="true">
              z
            </span>
          )}
        </button>
      </span>
      <span
        className="absolute inset-x-0 bottom-0 h-0.5 origin-left bg-accent motion-reduce:hidden"
        style={{ animation: `drain ${answer.holdMs}ms linear ${answer.until - answer.holdMs - Date.now()}ms both` }}
        aria-hidden="true"
      />
    </li>
  )
}

/** Milliseconds until an instant of this machine's clock, looked at four times a second while there are some. */
function useLeft(until: number): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 250)
    return () => clearInterval(timer)
  }, [])
  return Math.max(0, until - now)
}
