import { type Document, isMap, parseDocument } from 'yaml'
import { type Failure, failure } from '../../../shared/contract/errors.ts'
import type { PolicyChange, PolicyRuleFields, PolicyStep, PolicyUsual } from '../../../shared/contract/policy-form.ts'
import { fail, ok, type Result } from '../../../shared/model/result.ts'
import { listIn, setIn, setMember } from '../settings/document.ts'
import { readForm, rulesIn } from './form.ts'

/* Changes that forms make in a policy's text. What they are not about stays as it was written, comments and all. */

const gone = failure('stale-version', 'The policy has changed since you opened it. Look at it again.')
const unreadable = failure('invalid-input', 'The text has mistakes. Correct them in the text first.')

/** The text with the change in it, and where in it the change is. */
export function changeText(
  text: string,
  change: PolicyChange,
): Result<{ readonly text: string; readonly within: string }, Failure> {
  const form = readForm(text)
  if (form === null) return fail(unreadable)
  const document = parseDocument(text)
  const within = change.kind === 'usual' ? putUsual(document, form.usual, change.usual) : changeRules(document, change)
  if (within === null) return fail(gone)
  return ok({ text: document.toString({ lineWidth: 0, flowCollectionPadding: /[[{] \S/.test(text) }), within })
}

type RuleChange = Exclude<PolicyChange, { kind: 'usual' }>

function changeRules(document: ReturnType<typeof parseDocument>, change: RuleChange): string | null {
  const { type } = change
  const held = rulesIn(document, type)
  const index = change.index ?? held?.items.length ?? 0
  if (change.index !== null && held?.items[change.index] === undefined) return null
  if (change.kind === 'put') {
    putRule(document, type, index, change.rule)
    return `/rules/${type}/${index}`
  }
  const list = listIn(document, ['rules', type])
  const [taken] = list.items.splice(index, 1)
  if (change.kind === 'move') list.items.splice(change.to, 0, taken!)
  else if (list.items.length === 0) document.deleteIn(['rules', type])
  return `/rules/${type}`
}

function putRule(document: Document, type: string, index: number, rule: PolicyRuleFields): void {
  const list = listIn(document, ['rules', type])
  if (list.items[index] === undefined) list.items.push(document.createNode({ name: rule.name }))
  const path = ['rules', type, index]
  setMember(document, [...path, 'name'], rule.name)
  const always = rule.when.trim() === '' || rule.when.trim() === 'true'
  // What always holds needs no condition; one that says so may stay.
  if (!always) setMember(document, [...path, 'when'], rule.when.trim())
  else if (String(document.getIn([...path, 'when']) ?? 'true') !== 'true') document.deleteIn([...path, 'when'])
  const set = (member: 'action' | 'reason' | 'committee' | 'chain' | 'votes' | 'timeout_hours') =>
    setMember(document, [...path, member], rule[member])
  // In the order in which they are read.
  for (const member of ['action', 'reason', 'committee', 'chain'] as const) set(member)
  setWords(document, [...path, 'approvers'], rule.approvers)
  for (const member of ['votes', 'timeout_hours'] as const) set(member)
  setMember(document, [...path, 'hard_limit'], rule.hard_limit || null)
  setSteps(document, [...path, 'escalate'], rule.escalate)
}

type Path = readonly (string | number)[]

/** A list of names reads as one line. */
function setWords(document: Document, path: Path, words: readonly string[] | null): void {
  if (words === null) setMember(document, path, null)
  else if (!isSaid(document, path, words)) document.setIn(path, document.createNode(words, { flow: true }))
}

const isSaid = (document: Document, path: Path, value: unknown): boolean => {
  const now = document.getIn(path, true) as { toJS(document: Document): unknown } | undefined
  return now !== undefined && JSON.stringify(now.toJS(document)) === JSON.stringify(value)
}

/** Step by step, so that one that stays keeps its comments. An empty list means nobody, and is not the same as none. */
function setSteps(document: Document, path: Path, steps: readonly PolicyStep[] | null): void {
  if (steps === null || steps.length === 0) {
    if (steps === null) setMember(document, path, null)
    else if (!isSaid(document, path, [])) setIn(document, path, [])
    return
  }
  const list = listIn(document, path)
  list.items.length = Math.min(list.items.length, steps.length)
  steps.forEach(({ to, after_hours, timeout_hours }, index) => {
    if (!isMap(list.items[index])) list.items[index] = document.createNode({})
    setWords(document, [...path, index, 'to'], to)
    setMember(document, [...path, index, 'after_hours'], after_hours)
    setMember(document, [...path, index, 'timeout_hours'], timeout_hours)
  })
}

/** Writes what is other than it was: a default that nobody wrote down stays unwritten. */
function putUsual(document: Document, now: PolicyUsual, next: PolicyUsual): string {
  const put = (path: Path, was: unknown, is: unknown) => {
    if (was !== is) setIn(document, path, is)
  }
  put(['expense', 'threshold'], now.threshold, next.threshold)
  if (now.currency !== next.currency) setMemberIn(document, ['expense', 'currency'], next.currency)
  for (const { name } of now.departments) {
    if (next.departments.every((each) => each.name !== name)) document.deleteIn(['expense', 'departments', name])
  }
  for (const { name, threshold } of next.departments) {
    put(['expense', 'departments', name], now.departments.find((each) => each.name === name)?.threshold, threshold)
  }
  for (const type of ['expense', 'deployment', 'batch', 'request'] as const) {
    put([type, 'timeout_hours'], now.hours[type], next.hours[type])
  }
  put(['self_approval'], now.self_approval, next.self_approval)
  put(['grace_minutes'], now.grace_minutes, next.grace_minutes)
  if (JSON.stringify(now.escalation) !== JSON.stringify(next.escalation)) {
    if (next.escalation.length > 0) setSteps(document, ['escalation', 'default'], next.escalation)
    else document.deleteIn(['escalation', 'default'])
  }
  return ''
}

const setMemberIn = (document: Document, path: Path, value: string | null): void =>
  value === null ? setMember(document, path, null) : setIn(document, path, value)
