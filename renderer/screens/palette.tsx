import { Dialog } from '@base-ui/react/dialog'
import { Search, X } from 'lucide-react'
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react'
import type { ApprovalItem } from '../../shared/model/approval.ts'
import { asWords, count, money } from '../format.ts'
import { find, moved, withRecent } from '../palette.ts'
import { type PaletteEntry, type PaletteGroup, paletteEntries, subjectOf } from '../palette-commands.ts'
import { currentRoute, go } from '../route.ts'
import { useInbox, useInboxHandle } from '../store/context.ts'
import { type FoundRequests, useFoundRequests } from '../store/found.ts'
import { readRecent, writeRecent } from '../store/kept.ts'
import { t } from '../strings.ts'
import { tpa } from '../strings-palette.ts'
import { ownTitle } from '../title.ts'
import { visible } from '../visible-text.ts'
import { type Choice, Foot, type Section, Sections } from './palette-list.tsx'

const heardAfterMs = 700

/** Everything that can be done, and every request, found by typing. It does what the keys do, and nothing by itself. */
export function Palette({ onClose }: { onClose: () => void }) {
  const [query, setQuery] = useState('')
  const [at, setAt] = useState<string | null>(null)
  const field = useRef<HTMLInputElement>(null)
  const id = useId()
  const [before] = useState(() => (document.activeElement instanceof HTMLElement ? document.activeElement : null))
  const runs = useRef(false)
  const { sections, commands, found, remember } = useSections(query)
  const choices = sections.flatMap((section) => section.choices)
  // With nothing typed nothing is chosen: Enter alone never decides.
  const chosen = choices.findIndex((choice) => choice.id === at)
  // What an earlier query has found stays until the answer is there, and Enter does not open it.
  const isOutdated = commands === 0 && found.state === 'searching' && found.items.length > 0
  const active = chosen >= 0 ? chosen : query.trim() === '' || isOutdated ? -1 : 0
  const optionId = (index: number) => `${id}-${index}`
  useEffect(() => {
    if (active >= 0) document.getElementById(`${id}-${active}`)?.scrollIntoView({ block: 'nearest' })
  }, [active, id])
  const choose = (choice: Choice) => {
    remember(choice.id)
    runs.current = true
    onClose()
    // Once the page is uncovered: some commands begin where the focus was, others put it elsewhere.
    setTimeout(() => {
      before?.focus({ preventScroll: true })
      choice.run()
    })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    const again = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k'
    const to = event.shiftKey || event.ctrlKey || event.metaKey ? null : moved(event.key, active, choices.length)
    const picked = choices[active]
    if (again) {
      // Held down it would open and close all the time.
      if (!event.repeat) onClose()
    } else if (to !== null) setAt(choices[to]!.id)
    else if (event.key !== 'Enter') return
    else if (picked && !event.repeat) choose(picked)
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <Dialog.Root open onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="shade" />
        <Dialog.Popup
          className="fixed top-[10vh] left-1/2 flex w-[min(640px,calc(100vw-32px))] -translate-x-1/2 flex-col overflow-hidden rounded-card bg-panel shadow-(--shadow) outline-none motion-safe:animate-[rise_140ms_ease-out] max-md:inset-x-0 max-md:top-0 max-md:w-full max-md:translate-x-0 max-md:rounded-none"
          style={{ maxHeight: useRoom() }}
          initialFocus={field}
          finalFocus={() => !runs.current && (before ?? true)}
        >
          <Dialog.Title className="sr-only">{tpa.title}</Dialog.Title>
          <div className="flex items-center gap-2.5 border-b border-line px-4">
            <Search size={16} className="shrink-0 text-muted" aria-hidden />
            <input
              ref={field}
              role="combobox"
              type="text"
              className="min-h-12 min-w-0 flex-1 bg-transparent text-row outline-none placeholder:text-muted"
              aria-label={tpa.label}
              aria-expanded="true"
              aria-controls={`${id}-list`}
              aria-autocomplete="list"
              aria-activedescendant={active < 0 ? undefined : optionId(active)}
              placeholder={tpa.hint}
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              enterKeyHint="go"
              maxLength={200}
              value={query}
              onChange={(event) => {
                setQuery(event.target.value)
                setAt(null)
              }}
              onKeyDown={onKeyDown}
            />
            <Dialog.Close className="btn btn-quiet -mr-2 min-h-9 px-2 max-md:min-h-11 max-md:px-3" aria-label={t.close}>
              <X size={16} aria-hidden />
            </Dialog.Close>
          </div>
          <div
            id={`${id}-list`}
            role="listbox"
            aria-label={tpa.results}
            aria-busy={found.state === 'searching'}
            className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-2 py-2"
            data-own-arrows
          >
            <Sections sections={sections} active={active} optionId={optionId} onPoint={setAt} onChoose={choose} />
          </div>
          <Foot />
          <Heard commands={commands} found={found} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

/** What is listed for a query, in sections. */
function useSections(query: string) {
  const { store } = useInboxHandle()
  const state = useInbox((each) => each)
  const route = currentRoute()
  const [recent] = useState(readRecent)
  const found = useFoundRequests(query)
  const entries = useMemo(() => paletteEntries(state, route.id), [state, route.id])
  const wanted = query.trim()
  const commands = useMemo(() => find(wanted, entries, recent), [wanted, entries, recent])
  const remember = (id: string) => {
    if (isKept(entries.find((entry) => entry.id === id))) writeRecent(withRecent(readRecent(), id))
  }
  const headings = { ...tpa.groups, now: subjectOf(store.getState(), route.id) }
  const sections: readonly Section[] =
    wanted === ''
      ? inGroups(entries, recent, headings)
      : [
          { title: tpa.title, choices: commands.map((entry) => ({ ...entry, ...noteOf(entry, headings) })) },
          { title: tpa.groups.requests, choices: [...found.items.map(asChoice), searchFor(wanted)] },
        ]
  return { sections: sections.filter(({ choices }) => choices.length > 0), commands: commands.length, found, remember }
}

/** What decides is found anew each time: it is about another request then. */
const isKept = (entry: PaletteEntry | undefined) => entry !== undefined && entry.group !== 'now'

type Headings = Readonly<Record<PaletteGroup, string>>

function inGroups(entries: readonly PaletteEntry[], recent: readonly string[], headings: Headings): readonly Section[] {
  const lately = recent.flatMap((id) => entries.filter((entry) => entry.id === id && isKept(entry))).slice(0, 4)
  const of = (group: PaletteGroup): Section => ({
    title: headings[group],
    choices: entries.filter((entry) => entry.group === group && !lately.includes(entry)),
  })
  return [
    of('now'),
    { title: tpa.groups.recent, choices: lately },
    ...(['go', 'filters', 'list', 'look', 'settings'] as const).map(of),
  ]
}

/** Where a command belongs, when it stands among others. */
const noteOf = (entry: PaletteEntry, headings: Headings) =>
  ['go', 'filters', 'now'].includes(entry.group) ? { note: headings[entry.group] } : {}

const asChoice = (item: ApprovalItem): Choice => ({
  id: item.id,
  label: visible(ownTitle(item)),
  note: [item.requester ?? item.source_name, item.status === 'pending' ? asWords(item.type) : t.status[item.status]]
    .map(visible)
    .join(' · '),
  ...(item.amount === null ? {} : { end: money(item.amount, item.currency) }),
  keys: [],
  run: () => go({ view: 'inbox', id: item.id }),
})

const searchFor = (query: string): Choice => ({
  id: 'search all',
  label: tpa.search(visible(query)),
  keys: [],
  run: () => go({ view: 'all', search: query }),
})

/** How much was found, once somebody pauses: read out, and shown where it is not what one would expect. */
function Heard({ commands, found }: { commands: number; found: FoundRequests }) {
  const [words, setWords] = useState('')
  const now =
    found.state === 'failed'
      ? tpa.failed
      : found.state === 'searching'
        ? ''
        : tpa.heard(commands, count(commands), count(found.total), found.state === 'ready')
  useEffect(() => {
    if (now === '') return
    const timer = setTimeout(() => setWords(now), heardAfterMs)
    return () => clearTimeout(timer)
  }, [now])
  return (
    <p role="status" className={found.state === 'failed' ? 'border-t border-line px-4 py-2 text-red' : 'sr-only'}>
      {found.state === 'failed' ? now : words}
    </p>
  )
}

const measure = () => {
  const seen = window.visualViewport?.height ?? window.innerHeight
  return window.innerWidth < 768 ? `${Math.round(seen)}px` : `${Math.round(Math.min(560, seen * 0.7))}px`
}

/** On a phone the keyboard covers the lower half: only what is seen counts. */
function useRoom(): string {
  const [room, setRoom] = useState(measure)
  useEffect(() => {
    const change = () => setRoom(measure())
    const seen = window.visualViewport
    seen?.addEventListener('resize', change)
    window.addEventListener('resize', change)
    return () => {
      seen?.removeEventListener('resize', change)
      window.removeEventListener('resize', change)
    }
  }, [])
  return room
}
