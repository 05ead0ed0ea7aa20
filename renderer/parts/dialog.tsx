import type { ReactNode, RefObject } from 'react'
import { LaterDialog } from './later.tsx'

export type SheetProps = {
  readonly open: boolean
  readonly onClose: () => void
  readonly title: string
  readonly children: ReactNode
  readonly focus?: RefObject<HTMLElement | null> | (() => HTMLElement | null)
  readonly wide?: boolean
}

/* What draws them is an eighth of the page and not part of its first screen, whoever asks for one. */
export const sheetBox = async () => (await import('./dialog-box.tsx')).SheetBox
export const questionBox = async () => (await import('./dialog-box.tsx')).QuestionBox

/** A sheet over the page. Escape and a press outside close it and decide nothing; focus returns where it was. */
export function Sheet(props: SheetProps) {
  return props.open && <LaterDialog load={sheetBox} given={props} onClose={props.onClose} />
}

/** A question that must be answered; the harmless answer has the focus. */
export function Question(props: SheetProps) {
  return props.open && <LaterDialog load={questionBox} given={props} onClose={props.onClose} />
}
