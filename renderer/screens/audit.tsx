import { isFiltered, readFilter } from '../audit-filter.ts'
import { count, when } from '../format.ts'
import { useNow } from '../now.ts'
import { Notice } from '../parts/notice.tsx'
import { Bones, Page } from '../parts/page.tsx'
import { useRoute } from '../route.ts'
import { type AuditDesk, useAudit } from '../store/audit.ts'
import { t } from '../strings.ts'
import { tau } from '../strings-audit.ts'
import { visible } from '../visible-text.ts'
import { useAuditChecks } from './audit-checks.tsx'
import { AuditRow } from './audit-record.tsx'
import { AuditSearch } from './audit-search.tsx'

/** The journal as sentences, newest first. */
export function AuditScreen() {
  const { search } = useRoute()
  const desk = useAudit(search)
  const now = useNow(20_000)
  const { actions, outcome } = useAuditChecks(desk.total)
  return (
    <Page id="audit-title" title={tau.title} help={tau.help} actions={actions} wide>
      {outcome}
      <AuditSearch key={search} search={search} />
      {desk.newer > 0 && (
        <div role="status">
          <button type="button" className="btn w-full" onClick={desk.again}>
            {tau.newer(desk.newer)}
          </button>
        </div>
      )}
      {desk.items.length > 0 && (
        <ul className="card divide-y divide-line overflow-hidden" aria-label={tau.list}>
          {desk.items.map((entry) => (
            <AuditRow key={entry.seq} entry={entry} now={now} />
          ))}
        </ul>
      )}
      <Foot desk={desk} search={search} now={now} />
    </Page>
  )
}

/** What comes after the last row that is shown. */
function Foot({ desk, search, now }: { desk: AuditDesk; search: string; now: number }) {
  const filtered = isFiltered(readFilter(search))
  if (desk.phase === 'failed') {
    return (
      <Notice title={tau.failed} text={visible(desk.failure?.message ?? '')}>
        <button type="button" className="btn" onClick={desk.items.length > 0 ? desk.more : desk.again}>
          {t.retry}
        </button>
      </Notice>
    )
  }
  if (desk.phase === 'looking') {
    if (!filtered) return desk.items.length === 0 ? <Bones rows={8} /> : <Bones rows={2} />
    return (
      <div className="late flex flex-wrap items-center justify-between gap-3" role="status">
        <span className="text-muted tabular-nums">{desk.back ? tau.looking(when(desk.back.at, now)) : tau.lookingFirst}</span>
        <button type="button" className="btn" onClick={desk.stop}>
          {tau.stop}
        </button>
      </div>
    )
  }
  if (desk.cursor !== null) {
    return (
      <button type="button" className="btn justify-self-start" onClick={desk.more}>
        {filtered && desk.items.length === 0 ? tau.goOn : tau.more}
      </button>
    )
  }
  if (desk.items.length === 0) return <Notice title={tau.none} text={tau.noneHelp} />
  return <p className="text-meta text-muted tabular-nums">{filtered ? tau.lookedAll : tau.total(count(desk.total))}</p>
}
