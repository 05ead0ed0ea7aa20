import { readAnswer } from '../../../electron/core/summary/answer.ts'
import { maxRisk, type Risk } from '../../../shared/model/summary.ts'
import { random, type Tally } from '../part.ts'

const risks: readonly Risk[] = ['low', 'medium', 'high']
const said = [
  'low',
  'LOW',
  ' Low ',
  'medium',
  'MEDIUM',
  'high',
  'none',
  '',
  'critical',
  'low risk',
  0,
  -1,
  null,
  true,
  ['low'],
  { risk: 'low' },
  undefined,
]
const around = ['', '```json\n', '{"', 'null', '[', '\ufeff', ' \n']

/** Whatever a model says, the risk that is shown is not below the one that code computes. */
export function pair(tally: Tally, seed: number, count: number): void {
  const draw = random(seed)
  for (let n = 0; n < count; n++) {
    const floor = risks[draw(3)]!
    const answer = { summary: 'Approve this.', impact: 'None.', risk: said[draw(said.length)], flags: [] }
    const text = `${around[draw(around.length)]}${JSON.stringify(answer)}${draw(5) === 0 ? '\n```' : ''}`
    const shown = maxRisk(floor, readAnswer(text)?.risk ?? 'low')
    const lowered = risks.indexOf(shown) < risks.indexOf(floor)
    tally.add(`pair ${n}`, lowered ? [`${floor} became ${shown} by ${text}`] : [])
  }
}
