import { Ellipsis } from 'lucide-react'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { bindings, type Command, useCommands } from '../keys.ts'
import { useInbox } from '../store/context.ts'
import { td } from '../strings-decide.ts'

export type MoreItem = { readonly command: Command; readonly label: string; readonly run: () => void }

const keyOf = (command: Command) => bindings.find((binding) => binding.command === command)?.keys[0]

/** What is done less often, each with its key. Leaving it or Escape closes it and does nothing. */
export function MoreMenu({ items }: { items: readonly MoreItem[] }) {
  const [open, setOpen] = useState(false)
  const trigger = useRef<HTMLButtonElement>(null)
  const menu = useRef<HTMLDivElement>(null)
  const id = useId()
  useCommands({ more: () => setOpen(true) })
  useEffect(() => {
    if (open) menu.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus()
  }, [open])
  const close = () => {
    setOpen(false)
    trigger.current?.focus()
  }
  const choose = (run: () => void) => {
    close()
    run()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const entries = [...(menu.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])]
    const at = entries.indexOf(document.activeElement as HTMLElement)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + entries.length, Home: 0, End: entries.length - 1 }[event.key]
    const named = event.repeat ? undefined : items.find(({ command }) => keyOf(command) === event.key.toLowerCase())
    if (to !== undefined) entries[to % entries.length]?.focus()
    else if (event.key === 'Escape') close()
    else if (named) choose(named.run)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <span className="relative ml-auto max-md:ml-0">
      <button
        ref={trigger}
        type="button"
        className="btn btn-quiet min-h-9 px-2.5 text-muted max-md:min-h-11"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        <Ellipsis size={16} aria-hidden />
        <span className="max-lg:sr-only">{td.act.more}</span>
      </button>
      {open && (
        <div
          ref={menu}
          id={id}
          role="menu"
          tabIndex={-1}
          aria-label={td.act.more}
          className="menu"
          onKeyDown={onKeyDown}
          onBlur={(event) => {
            const to = event.relatedTarget
            if (!event.currentTarget.contains(to) && to !== trigger.current) setOpen(false)
          }}
        >
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
