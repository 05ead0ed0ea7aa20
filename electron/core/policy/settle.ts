import type { Person } from '../../../shared/model/actor.ts'
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
  const notes = new Set<string>()
  const levels = ruling.levels.map((level) => settleLevel(level, matter, names, notes))
  return { ...ruling, levels, explanation: [ruling.explanation, ...notes].join(' ') }
}

function settleLevel(level: LevelOptions, matter: Matter, names: Names, notes: Set<string>): LevelOptions {
  const sender = matter.approver ?? names.owner()?.email
  const named = level.approvers.flatMap((one) => (one === senderWord ? (sender ?? []) : one))
  const asked = knownOf(named, names, (group) => notes.add(`Nobody is known as ${group}.`))
  const instead = names.owner()?.email ?? sender
  if (asked.length === 0 && instead !== undefined) asked.push(instead)
  const { votes } = level
  const enough = typeof votes !== 'number' || asked.length === 0 || ableOf(asked, matter, names) >= votes
  if (!enough) notes.add(`${votes} people have to approve, and fewer are named: anybody who may decide is asked.`)
  const escalate: EscalateOptions[] = []
  for (const step of [level.escalate ?? []].flat()) {
    const to = knownOf(step.to, names, (group) => notes.add(`It does not go on to ${group}: nobody is known by that name.`))
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
