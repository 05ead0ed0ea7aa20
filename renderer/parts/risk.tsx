import type { Risk } from '../../shared/model/summary.ts'
import { t } from '../strings.ts'

const glyphs: Readonly<Record<Risk, string>> = {
  low: 'M6 9.5V6.5',
  medium: 'M3.5 9.5V6.5M6 9.5V4.5',
  high: 'M3.5 9.5V6.5M6 9.5V4.5M8.5 9.5V2.5',
}
const tones: Readonly<Record<Risk, string>> = { low: 'text-muted', medium: 'text-amber', high: 'text-red' }

/** Risk as bars and a word; colour only repeats it. */
export function RiskMark({ risk, long = false }: { risk: Risk; long?: boolean }) {
  return (
    <span
      className={`inline-flex items-center gap-0.5 whitespace-nowrap text-meta ${tones[risk]} ${risk === 'high' ? 'font-semibold' : ''}`}
    >
      <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
        <path d="M3.5 9.5V6.5M6 9.5V4.5M8.5 9.5V2.5" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" opacity="0.25" />
        <path d={risk === 'low' ? 'M3.5 9.5V6.5' : glyphs[risk]} stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" />
      </svg>
      {long ? t.risk[risk] : t.riskWord[risk]}
    </span>
  )
}
