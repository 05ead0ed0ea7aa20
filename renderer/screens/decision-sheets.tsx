import type { ApprovalItem } from '../../shared/model/approval.ts'
import { useActions } from '../store/context.ts'
import { t } from '../strings.ts'
import { visible } from '../visible-text.ts'
import type { Answering } from './answering.ts'
import { ApproveDialog } from './approve-dialog.tsx'
import { CancelDialog, ConfirmDialog, RejectDialog } from './decision-dialogs.tsx'
import { ReassignDialog } from './reassign-dialog.tsx'
import { SendBackDialog } from './send-back-dialog.tsx'
import { SnoozeDialog } from './snooze-dialog.tsx'

type Props = { readonly item: ApprovalItem; readonly left: ReadonlySet<string>; readonly answering: Answering }

/** Whatever is open over the decision bar; closing it decides nothing. */
export function DecisionDialogs({ item, left, answering }: Props) {
  const actions = useActions()
  const { asking, close, comment, setComment, send, behalf } = answering
  const forWhom = behalf && visible(behalf.name)
  switch (asking.kind) {
    case 'none':
      return null
    case 'confirm':
      return (
        <ConfirmDialog
          item={item}
          confirm={t.decide.confirm}
          forWhom={forWhom}
          comment={comment}
          onClose={close}
          onConfirm={(reason) => {
            close()
            setComment(reason)
            void send({ decision: 'approve', comment: reason })
          }}
        />
      )
    case 'fill':
      return (
        <ApproveDialog
          mode={asking.mode}
          item={item}
          left={left}
          comment={comment}
          forWhom={forWhom}
          onClose={close}
          onSend={send}
        />
      )
    case 'reject':
    case 'refuse_option': {
      const option = asking.kind === 'refuse_option' ? asking.option : null
      return (
        <RejectDialog
          item={item}
          option={option}
          comment={comment}
          onClose={close}
          onReject={(reason) => {
            close()
            // A refused answer keeps its words.
            setComment(reason)
            void send({ decision: 'reject', comment: reason, ...(option ? { option: option.id } : {}) })
          }}
        />
      )
    }
    case 'send_back':
      return (
        <SendBackDialog
          item={item}
          comment={comment}
          onClose={close}
          onSend={(question) => {
            close()
            setComment(question)
            void send({ decision: 'send_back', comment: question })
          }}
        />
      )
    case 'cancel':
      return (
        <CancelDialog
          item={item}
          comment={comment}
          onClose={close}
          onCancel={(reason) => {
            close()
            setComment(reason)
            void send({ decision: 'cancel', comment: reason })
          }}
        />
      )
    case 'snooze':
      return (
        <SnoozeDialog
          item={item}
          onClose={close}
          onSnooze={async (aside) => {
            close()
            const failure = await actions.snooze(item.id, aside)
            if (!failure) answering.advance()
          }}
        />
      )
    case 'reassign':
      return (
        <ReassignDialog
          item={item}
          inYourPlace={answering.standing.asked && item.waits_for.length > 1}
          onClose={close}
          onSend={async (to, words) => {
            const failure = await actions.reassign(item.id, to, words)
            if (!failure) answering.closeOnly('reassign')
            return failure
          }}
        />
      )
  }
}
