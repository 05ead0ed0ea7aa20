import { t } from './strings.ts'
import { tal } from './strings-alerts.ts'
import { tau } from './strings-audit.ts'
import { td } from './strings-decide.ts'
import { te } from './strings-erasure.ts'
import { tf } from './strings-facts.ts'
import { ti } from './strings-insight.ts'
import { tk } from './strings-keys.ts'
import { tpa } from './strings-palette.ts'
import { tp } from './strings-people.ts'
import { ty } from './strings-policy.ts'
import { tr, tw } from './strings-runs.ts'
import { ts } from './strings-settings.ts'
import { tsr } from './strings-sources.ts'
import { tgo } from './strings-start.ts'
import { tt } from './strings-triage.ts'

/** The German texts by the names under which the English ones ask for them. */
export const catalogue = { t, tal, td, te, tf, ti, tk, tp, tpa, tr, ts, tt, tw, ty, tau, tgo, tsr }

export { failures } from './failures.ts'
export { sentences } from './sentences.ts'
