import type { Document } from 'yaml'
import type { RetentionRules } from '../../../shared/contract/erasure.ts'
import { setIn, syncList } from '../settings/document.ts'

const same = (text: string): string => text

/** Makes `retention` of `config.yaml` say this; what stays as it is keeps its comments. */
export function setRetention(document: Document, { days, types, hold }: RetentionRules): void {
  const now = (path: readonly string[]): unknown => (document.hasIn(path) ? document.getIn(path) : null)
  if (now(['retention', 'days']) !== days) setIn(document, ['retention', 'days'], days)
  const before = Object.keys((document.toJS() as { retention?: { types?: object } })?.retention?.types ?? {})
  for (const type of before) if (!(type in types)) document.deleteIn(['retention', 'types', type])
  for (const [type, own] of Object.entries(types)) {
    const path = ['retention', 'types', type]
    if (!document.hasIn(path) || document.getIn(path) !== own) setIn(document, path, own)
  }
  syncList(document, ['retention', 'hold', 'runs'], hold.runs, same)
  syncList(document, ['retention', 'hold', 'types'], hold.types, same)
}
