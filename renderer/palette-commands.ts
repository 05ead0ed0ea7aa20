import { setDensity, setTheme } from './appearance.ts'
import { count } from './format.ts'
import { type Binding, bindings, type Command, isAvailable, run } from './keys.ts'
import { language, languageNames } from './language.ts'
import type { Findable } from './palette.ts'
import { go, toRoute } from './route.ts'
import { filterHash } from './saved-filters.ts'
import { sections } from './settings-panes.ts'
import { writeLanguage } from './store/kept.ts'
import type { InboxState } from './store/state.ts'
import { tpa } from './strings-palette.ts'
import { ts } from './strings-settings.ts'
import { ownTitle } from './title.ts'
import { visible } from './visible-text.ts'

export type PaletteGroup = 'now' | 'go' | 'filters' | 'settings' | 'look' | 'list'

/** Something that the palette can do. */
export type PaletteEntry = Findable & {
  readonly group: PaletteGroup
  /** As the sheet of keys shows them, one after the other. */
  readonly keys: readonly string[]
  readonly run: () => void
}

const names: Readonly<Record<string, string>> = { ArrowDown: '↓', ArrowUp: '↑', Enter: '↵' }

const shownKeys = ({ shown, keys }: Binding): readonly string[] =>
  shown ? [shown] : (keys[0]?.split(' ') ?? []).map((key) => names[key] ?? key)

/** In the key table one heading has what acts on a request, and also what brings the last answer back. */
const groupOf = ({ group }: Binding): PaletteGroup => (group === 'Decide' ? 'now' : group === 'Go' ? 'go' : 'list')

/** What stands under the key table's own commands: those that can be done at the moment. */
function fromKeys(state: InboxState, id: string | null): readonly PaletteEntry[] {
  return bindings.flatMap((binding): readonly PaletteEntry[] => {
    const { command, label } = binding
    if (command === 'palette' || !isAvailable(command)) return []
    if (command === 'option') return options(state, id)
    const also = binding.group === 'Go' ? { also: tpa.also.view } : {}
    return [{ id: command, label, ...also, group: groupOf(binding), keys: shownKeys(binding), run: () => run(command) }]
  })
}

/** The sender's own answers, each by its words. */
const options = (state: InboxState, id: string | null): readonly PaletteEntry[] =>
  (state.items.get(id ?? '')?.options ?? []).slice(0, 9).map(({ id: option, label }, index) => {
    const key = String(index + 1)
    return { id: `option ${option}`, label: tpa.answer(visible(label)), group: 'now', keys: [key], run: () => run('option', key) }
  })

const fromFilters = (state: InboxState): readonly PaletteEntry[] => [
  ...(state.settings?.filters ?? []).map(
    (filter): PaletteEntry => ({
      ...{ id: `filter ${filter.name}`, label: visible(filter.name), also: tpa.also.filter, group: 'filters', keys: [] },
      run: () => go(toRoute(filterHash(filter))),
    }),
  ),
  ...(['save_filter', 'arrange_filters'] satisfies Command[]).filter(isAvailable).map(
    (command): PaletteEntry => ({
      ...{ id: command, label: tpa.filters[command === 'save_filter' ? 'save' : 'arrange'], also: tpa.also.filter },
      ...{ group: 'filters', keys: [], run: () => run(command) },
    }),
  ),
]

const fromSettings = (): readonly PaletteEntry[] =>
  sections.map(
    ({ pane, title }): PaletteEntry => ({
      ...{ id: `settings ${title}`, label: `${ts.title}: ${title}`, also: tpa.also.settings, group: 'settings', keys: [] },
      run: () => {
        go({ view: 'settings', id: pane })
        showSection(title, 60)
      },
    }),
  )

/** Its code may still be on the way: looked for in so many frames. */
function showSection(title: string, frames: number): void {
  const heading = [...document.querySelectorAll<HTMLElement>('main h2')].find(({ textContent }) => textContent === title)
  if (!heading) {
    if (frames > 0) requestAnimationFrame(() => showSection(title, frames - 1))
    return
  }
  heading.tabIndex = -1
  heading.focus({ preventScroll: true })
  heading.scrollIntoView({ block: 'start' })
}

type Look = readonly [id: string, label: string, also: string, run: () => void]

const fromLook = (): readonly PaletteEntry[] => {
  const looks: readonly Look[] = [
    ...([null, 'light', 'dark'] as const).map(
      (theme): Look => [`theme ${theme}`, `${ts.theme}: ${ts.themes[theme ?? 'system']}`, tpa.also.theme, () => setTheme(theme)],
    ),
    ...(['comfortable', 'compact'] as const).map(
      (density): Look => [
        `density ${density}`,
        `${ts.density}: ${ts.densities[density]}`,
        tpa.also.density,
        () => setDensity(density),
      ],
    ),
    ...(Object.keys(languageNames) as (keyof typeof languageNames)[])
      .filter((name) => name !== language)
      .map(
        (name): Look => [
          `language ${name}`,
          `${ts.language}: ${languageNames[name]}`,
          tpa.also.language,
          () => {
            writeLanguage(name)
            location.reload()
          },
        ],
      ),
  ]
  return looks.map(([id, label, also, does]): PaletteEntry => ({ id, label, also, group: 'look', keys: [], run: does }))
}

const groups: readonly PaletteGroup[] = ['now', 'go', 'filters', 'list', 'look', 'settings']

/** Everything that can be done now, the most useful first. */
export function paletteEntries(state: InboxState, id: string | null): readonly PaletteEntry[] {
  const all = [...fromKeys(state, id), ...fromFilters(state), ...fromLook(), ...fromSettings()]
  return groups.flatMap((group) => all.filter((entry) => entry.group === group))
}

/** What answers are about: several that are selected, or the request that is read. */
export function subjectOf({ selection, items }: InboxState, id: string | null): string {
  const n = selection.ids.length
  if (n > 0) return tpa.selected(n, count(n))
  const item = items.get(id ?? '')
  return item ? tpa.about(visible(ownTitle(item))) : tpa.groups.now
}
