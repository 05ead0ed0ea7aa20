import { Ellipsis } from 'lucide-react'
import type { KeyboardEvent } from 'react'
import { bindings, type Command, useCommands } from '../keys.ts'
import { usePopover } from '../parts/popover.ts'
import { useInbox } from '../store/context.ts'
import { td } from '../strings-decide.ts'

export type MoreItem = { readonly command: Command; readonly label: string; readonly run: () => void }

const keyOf = (command: Command) => bindings.find((binding) => binding.command === command)?.keys[0]

/** What is done less often, each with its key. Leaving it or Escape closes it and does nothing. */
export function MoreMenu({ items }: { items: readonly MoreItem[] }) {
  const menu = usePopover('menu', '[role=menuitem]')
  useCommands({ more: menu.show })
  const choose = (run: () => void) => {
    menu.close()
    run()
  }
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const entries = [...(menu.panel.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])]
    const at = entries.indexOf(document.activeElement as HTMLElement)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + entries.length, Home: 0, End: entries.length - 1 }[event.key]
    const named = event.repeat ? undefined : items.find(({ command }) => keyOf(command) === event.key.toLowerCase())
    if (to !== undefined) entries[to % entries.length]?.focus()
    else if (named) choose(named.run)
    else return menu.ofPanel.onKeyDown(event)
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <span className="relative ml-auto max-md:ml-0">
      <button {...menu.ofButton} className="btn btn-quiet min-h-9 px-2.5 text-muted max-md:min-h-11" title={td.act.more}>
        <Ellipsis size={16} aria-hidden />
        <span className="max-lg:sr-only">{td.act.more}</span>
      </button>
      {menu.open && (
        <div {...menu.ofPanel} role="menu" aria-label={td.act.more} className="menu" onKeyDown={onKeyDown}>
          {items.map((item) => (
            <Entry key={item.command} item={item} onChoose={choose} />
          ))}
        </div>
      )}
    </span>
  )
}

function Entry({ item, onChoose }: { item: MoreItem; onChoose: (run: () => void) => void }) {
  const singleKeys = useInbox((state) => state.singleKeys)
  return (
    <button
      type="button"
      role="menuitem"
      tabIndex={-1}
      className="menu-item"
      onMouseMove={(event) => event.currentTarget.focus()}
      onClick={() => onChoose(item.run)}
    >
      {item.label}
      {singleKeys && (
        <span className="kbd text-muted max-lg:hidden" aria-hidden="true">
          {keyOf(item.command)}
        </span>
      )}
    </button>
  )
}
