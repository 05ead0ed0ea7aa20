import { isDeepStrictEqual } from 'node:util'
import type { Asked } from '../../../shared/model/approval.ts'
import type { JournalRecord } from '../../../shared/model/event.ts'
import type { Came } from './hand-out.ts'
import type { Answer } from './workflow.ts'

type Question = {
  readonly id: string
  readonly record: JournalRecord<'approval_requested'>
  /** What is asked now; null once it was erased. */
  readonly asked: Asked | null
  /** What the requester asked last, before approvers changed it. */
  readonly original: Asked | null
  /** Who changed it last since then. */
  readonly editor: string | null
}

/** What a run has asked people, and how that ended: its approvals by name, read from its records. */
export class Questions {
  readonly #ids = new Map<string, string>()
  readonly #questions = new Map<string, Question>()
  readonly #answers = new Map<string, { readonly answer: Answer; readonly came: Came }>()
  /** The latest of all answers. */
  last: Answer | null = null

  add(record: JournalRecord): void {
    switch (record.type) {
      case 'approval_requested': {
        const asked = record.content?.asked ?? null
        this.#ids.set(record.data.step, record.approval_id)
        this.#questions.set(record.approval_id, { id: record.approval_id, record, asked, original: asked, editor: null })
        break
      }
      case 'approval_changed': {
        const before = this.#questions.get(record.approval_id)
        const asked = record.content?.asked ?? null
        const byApprover = record.data.by === 'approver'
        if (before) {
          this.#questions.set(before.id, {
            ...before,
            asked,
            original: byApprover ? before.original : asked,
            editor: byApprover ? record.actor.id : null,
          })
        }
        break
      }
      case 'approval_decided': {
        const question = this.#questions.get(record.approval_id)
        if (!question) break
        this.last = toAnswer(record, question)
        this.#answers.set(record.approval_id, { answer: this.last, came: record })
        break
      }
    }
  }

  /** `answered` is missing while it is open. */
  find(
    name: string,
  ):
    | { readonly record: Question['record']; readonly answered: { readonly answer: Answer; readonly came: Came } | undefined }
    | undefined {
    const question = this.#questions.get(this.#ids.get(name) ?? '')
    return question && { record: question.record, answered: this.#answers.get(question.id) }
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
