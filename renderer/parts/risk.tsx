import type { ApprovalItem } from '../../shared/model/approval.ts'
import type { Risk } from '../../shared/model/summary.ts'
import { riskReasonsOf } from '../said.ts'
import { t } from '../strings.ts'
import { Plain } from './text.tsx'

const glyphs: Readonly<Record<Risk, string>> = {
  low: 'M3.5 9.5V6.5',
  medium: 'M3.5 9.5V6.5M6 9.5V4.5',
  high: 'M3.5 9.5V6.5M6 9.5V4.5M8.5 9.5V2.5',
}
const tones: Readonly<Record<Risk, string>> = { low: 'text-muted', medium: 'text-amber', high: 'text-red' }

const Glyph = ({ risk }: { risk: Risk }) => (
  <svg width="14" height="14" viewBox="0 0 12 12" aria-hidden="true" className="shrink-0">
    <path d={glyphs.high} stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" opacity="0.25" />
    <path d={glyphs[risk]} stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" />
  </svg>
)

const tone = (risk: Risk) => `${tones[risk]} ${risk === 'high' ? 'font-semibold' : ''}`

/** Risk in a row: a word, and bars at the edge; colour only repeats it. */
export function RiskMark({ risk }: { risk: Risk }) {
  return (
    <span className={`inline-flex items-center gap-1.5 whitespace-nowrap text-meta ${tone(risk)}`}>
      {t.riskWord[risk]}
      <Glyph risk={risk} />
    </span>
  )
}

/** The same in a sentence: "High risk". */
export function RiskWords({ risk }: { risk: Risk }) {
  return (
    <span className={`inline-flex items-center gap-1 whitespace-nowrap ${tone(risk)}`}>
      <Glyph risk={risk} />
      {t.risk[risk]}
    </span>
  )
}

/** Why code says so. What the model adds to the floor is named as the model's. */
function riskReasons(item: ApprovalItem): readonly string[] {
  if (item.risk !== item.risk_floor) return [...riskReasonsOf(item), t.detail.modelRisk]
  return item.risk_reasons.length > 0 ? riskReasonsOf(item) : item.risk === 'low' ? [t.detail.lowRisk] : []
}

/** How risky, and each reason for it. */
export function RiskNote({ item }: { item: ApprovalItem }) {
  const reasons = riskReasons(item)
  return (
    <div className="px-4 py-3">
      <p className="font-semibold">
        <RiskWords risk={item.risk} />
      </p>
      <ul className="mt-0.5 text-meta text-muted">
        {reasons.map((reason) => (
          <li key={reason} className="wrap-anywhere">
            <Plain text={reason} oneLine />
          </li>
        ))}
      </ul>
    </div>
  )
}
