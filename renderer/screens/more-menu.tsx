import { Menu } from '@base-ui/react/menu'
import { Ellipsis } from 'lucide-react'
import { useRef } from 'react'
import { bindings, type Command, useCommands } from '../keys.ts'
import { useInbox } from '../store/context.ts'
import { td } from '../strings-decide.ts'

export type MoreItem = { readonly command: Command; readonly label: string; readonly run: () => void }

/** What is done less often, each with its key. */
export function MoreMenu({ items }: { items: readonly MoreItem[] }) {
  const trigger = useRef<HTMLButtonElement>(null)
  const singleKeys = useInbox((state) => state.singleKeys)
  useCommands({ more: () => trigger.current?.click() })
  if (items.length === 0) return null
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger ref={trigger} className="btn btn-quiet min-h-9 px-2.5 text-muted max-md:min-h-11" aria-label={td.act.more}>
        <Ellipsis size={16} aria-hidden />
        <span className="max-lg:hidden" aria-hidden="true">
          {td.act.more}
        </span>
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner side="top" align="end" sideOffset={6} className="z-10">
          <Menu.Popup className="menu">
            {items.map(({ command, label, run }) => (
              <Menu.Item key={command} className="menu-item" onClick={() => requestAnimationFrame(run)}>
                {label}
                {singleKeys && (
                  <span className="kbd text-muted max-lg:hidden" aria-hidden="true">
                    {bindings.find((binding) => binding.command === command)?.keys[0]}
                  </span>
                )}
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  )
}
