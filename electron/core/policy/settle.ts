import type { Person } from '../../../shared/model/actor.ts'
import type { Sentence } from '../../../shared/model/said.ts'
import { say } from '../../../shared/words/say.ts'
import type { EscalateOptions, LevelOptions } from '../engine/workflow.ts'
import type { Directory } from '../people/port.ts'
import type { Matter, PolicyRuling } from './port.ts'
import { senderWord } from './schema.ts'

export type Names = {
  readonly directory: Pick<Directory, 'resolve' | 'identities'>
  readonly owner: () => Person | null
}

/**
 * Puts people where a policy has names. In place of a group that is not known here, or has nobody in it, the owner is asked: it must
 * neither block a request for ever nor leave it to the sender who decides. What was put otherwise is said.
 */
export function settleRuling<T extends PolicyRuling>(ruling: T, matter: Matter, names: Names): T {
  if (ruling.levels.length === 0) return ruling
  const notes = new Map<string, Sentence>()
  const levels = ruling.levels.map((level) => settleLevel(level, matter, names, notes))
  const said = [...ruling.said, ...[...notes.values()].map((note) => note.said)]
  return { ...ruling, levels, said, explanation: [ruling.explanation, ...notes.keys()].join(' ') }
}

/** What was put otherwise, each once. */
type Notes = Map<string, Sentence>

function settleLevel(level: LevelOptions, matter: Matter, names: Names, notes: Notes): LevelOptions {
  const add = (note: Sentence) => notes.set(note.text, note)
  const sender = matter.approver ?? names.owner()?.email
  const named = level.approvers.flatMap((one) => (one === senderWord ? (sender ?? []) : one))
  const asked = knownOf(named, names, (group) => add(say('policy', 'unknown_group', { group })))
  const instead = names.owner()?.email ?? sender
  if (asked.length === 0 && instead !== undefined) asked.push(instead)
  const { votes } = level
  const enough = typeof votes !== 'number' || asked.length === 0 || ableOf(asked, matter, names) >= votes
  if (!enough) add(say('policy', 'too_few', { votes }))
  const escalate: EscalateOptions[] = []
  for (const step of [level.escalate ?? []].flat()) {
    const to = knownOf(step.to, names, (group) => add(say('policy', 'no_further', { group })))
    if (to.length > 0) escalate.push({ ...step, to })
  }
  return { ...level, approvers: enough ? asked : [], escalate }
}

/** Those of the names that stand for somebody, each once. */
function knownOf(approvers: readonly string[], { directory }: Names, missing: (group: string) => void): string[] {
  const each = approvers.length > 1 ? [...new Set(approvers)] : approvers
  return each.filter((one) => {
    if (!one.startsWith('group:') || directory.resolve([one]).people.length > 0) return true
    missing(one)
    return false
  })
}

/** How many of those asked may answer: whoever requested it does not. */
function ableOf(approvers: readonly string[], matter: Matter, { directory }: Names): number {
  const own = matter.requester === null ? [] : directory.identities(matter.requester)
  return directory.resolve(approvers).people.filter((email) => !own.includes(email)).length
}
