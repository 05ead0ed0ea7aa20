import { useRef } from 'react'
import { count } from '../format.ts'
import { Sheet } from '../parts/dialog.tsx'
import { ReasonForm } from '../parts/reason-form.tsx'
import { tt } from '../strings-triage.ts'

type Props = { readonly n: number; readonly onClose: () => void; readonly onReject: (reason: string) => void }

/** One reason for all of them. */
export function BulkReject({ n, onClose, onReject }: Props) {
  const field = useRef<HTMLTextAreaElement>(null)
  return (
    <Sheet open onClose={onClose} title={tt.bulk.rejectTitle(count(n))} focus={field}>
      <ReasonForm field={field} written="" confirm={tt.bulk.rejectIt} blocked={false} onClose={onClose} onReason={onReject} />
    </Sheet>
  )
}
