import { AlertDialog } from '@base-ui/react/alert-dialog'
import { Dialog } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import type { ReactNode, RefObject } from 'react'
import { t } from '../strings.ts'

type Props = {
  readonly open: boolean
  readonly onClose: () => void
  readonly title: string
  readonly children: ReactNode
  readonly focus?: RefObject<HTMLElement | null> | (() => HTMLElement | null)
  readonly wide?: boolean
}

/** A sheet over the page. Escape and a press outside close it and decide nothing; focus returns where it was. */
export function Sheet({ open, onClose, title, children, focus, wide = false }: Props) {
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="shade" />
        <Dialog.Popup
          className={`sheet ${wide ? 'w-[min(640px,calc(100vw-32px))]' : ''}`}
          {...(focus ? { initialFocus: focus } : {})}
        >
          <div className="mb-3 flex items-start justify-between gap-4">
            <Dialog.Title className="text-title font-semibold">{title}</Dialog.Title>
            <Dialog.Close className="btn btn-quiet -mt-1 -mr-2 px-2" aria-label={t.close}>
              <X size={16} aria-hidden />
            </Dialog.Close>
          </div>
          {children}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

/** A question that must be answered; the harmless answer has the focus. */
export function Question({ open, onClose, title, children, focus }: Props) {
  return (
    <AlertDialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="shade" />
        <AlertDialog.Popup className="sheet" {...(focus ? { initialFocus: focus } : {})}>
          <AlertDialog.Title className="mb-3 text-title font-semibold">{title}</AlertDialog.Title>
          {children}
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
