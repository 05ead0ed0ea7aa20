import { isDeepStrictEqual } from 'node:util'
import type { Asked } from '../../../shared/model/approval.ts'
import type { JournalRecord } from '../../../shared/model/event.ts'
import type { Came } from './hand-out.ts'
import type { Answer } from './workflow.ts'

type Question = {
  readonly record: JournalRecord<'approval_requested'>
  /** What is asked now; null once it was erased. */
  asked: Asked | null
  /** What the requester asked last, before approvers changed it. */
  original: Asked | null
  /** Who changed it last since then. */
  editor: string | null
  answered: { readonly answer: Answer; readonly came: Came } | null
}

/** What a run has asked people, and how that ended: its approvals by name, read from its records. */
export class Questions {
  readonly #byStep = new Map<string, Question>()
  readonly #byId = new Map<string, Question>()
  /** The latest of all answers. */
  last: Answer | null = null

  add(record: JournalRecord): void {
    switch (record.type) {
      case 'approval_requested': {
        const asked = record.content?.asked ?? null
        const question: Question = { record, asked, original: asked, editor: null, answered: null }
        this.#byStep.set(record.data.step, question)
        this.#byId.set(record.approval_id, question)
        break
      }
      case 'approval_changed': {
        const question = this.#byId.get(record.approval_id)
        if (!question) break
        const byApprover = record.data.by === 'approver'
        question.asked = record.content?.asked ?? null
        question.editor = byApprover ? record.actor.id : null
        if (!byApprover) question.original = question.asked
        break
      }
      case 'approval_decided': {
        const question = this.#byId.get(record.approval_id)
        if (!question) break
        this.last = toAnswer(record, question)
        question.answered = { answer: this.last, came: record }
        break
      }
    }
  }

  /** `answered` is null while it is open. */
  find(name: string): Pick<Question, 'record' | 'answered'> | undefined {
    return this.#byStep.get(name)
  }
}

function toAnswer(record: JournalRecord<'approval_decided'>, question: Question): Answer {
  const { data, actor, content } = record
  const { asked } = question
  const levels = question.record.data.levels ?? []
  const level = data.level ?? 0
  return {
    outcome: data.decision,
    reason: content?.comment ?? null,
    decided_by: actor.kind === 'system' ? null : actor.id,
    decided_at: record.at,
    approval_id: record.approval_id,
    version: data.version,
    value: asked?.data ?? null,
    amount: asked?.amount ?? null,
    items: asked?.items ?? null,
    edited: toEdited(question),
    on_behalf_of: data.on_behalf_of ?? null,
    option: data.option ?? null,
    answer: content?.answer ?? null,
    rule: data.rule,
    level,
    level_name: levels[level]?.name ?? '',
    levels_completed: data.decision === 'approved' ? Math.max(1, levels.length) : level,
  }
}

/** What approvers changed: the data; where that stayed as it was, the amount or the items. */
function toEdited({ asked, original, editor }: Question): Answer['edited'] {
  if (editor === null || asked === null || original === null) return null
  for (const part of ['data', 'amount', 'items'] as const) {
    if (isDeepStrictEqual(original[part], asked[part])) continue
    return { original: original[part] ?? null, edited: asked[part] ?? null, by: editor }
  }
  return null
}
