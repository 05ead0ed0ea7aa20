import { AlertDialog } from '@base-ui/react/alert-dialog'
import { Dialog } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import { t } from '../strings.ts'
import type { SheetProps } from './dialog.tsx'

export function SheetBox({ open, onClose, title, children, focus, wide = false }: SheetProps) {
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="shade" />
        <Dialog.Popup
          className={`sheet ${wide ? 'md:w-[min(640px,calc(100vw-32px))]' : ''}`}
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

export function QuestionBox({ open, onClose, title, children, focus }: SheetProps) {
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
