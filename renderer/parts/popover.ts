import { type ComponentProps, type FocusEvent, type KeyboardEvent, type RefObject, useEffect, useId, useRef, useState } from 'react'

/** What opens beside its button: the state of both, and what either is given. */
export type Popover = {
  readonly open: boolean
  readonly show: () => void
  /** Closes it, and the focus is at the button again. */
  readonly close: () => void
  readonly panel: RefObject<HTMLDivElement | null>
  readonly ofButton: ComponentProps<'button'>
  readonly ofPanel: ComponentProps<'div'> & { readonly onKeyDown: (event: KeyboardEvent<HTMLDivElement>) => void }
}

/**
 * A menu or a small dialog beside its button. When it opens, the first of what it holds has the focus; leaving it or Escape closes it
 * and does nothing.
 */
export function usePopover(kind: 'menu' | 'dialog', first: string): Popover {
  const [open, setOpen] = useState(false)
  const trigger = useRef<HTMLButtonElement>(null)
  const panel = useRef<HTMLDivElement>(null)
  const id = useId()
  useEffect(() => {
    if (open) panel.current?.querySelector<HTMLElement>(first)?.focus()
  }, [open, first])
  const close = () => {
    setOpen(false)
    trigger.current?.focus()
  }
  return {
    open,
    show: () => setOpen(true),
    close,
    panel,
    ofButton: {
      ref: trigger,
      type: 'button',
      'aria-haspopup': kind,
      'aria-expanded': open,
      'aria-controls': open ? id : undefined,
      onClick: () => setOpen(!open),
    },
    ofPanel: {
      ref: panel,
      id,
      tabIndex: -1,
      onKeyDown: (event: KeyboardEvent<HTMLDivElement>) => {
        if (event.key !== 'Escape' || event.ctrlKey || event.metaKey || event.altKey) return
        event.preventDefault()
        event.stopPropagation()
        close()
      },
      onBlur: (event: FocusEvent<HTMLElement>) => {
        const to = event.relatedTarget
        // Whoever looks at another window for a moment finds it as it was.
        if (to === null && !document.hasFocus()) return
        if (to !== trigger.current && !event.currentTarget.contains(to)) setOpen(false)
      },
    },
  }
}
