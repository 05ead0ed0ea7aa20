import type { Sentences } from '../../shared/words/said.ts'
import { money, number } from './figures.ts'

/** The author's own reason; else the condition, or that there is none. */
const because = ({ reason, when }: { readonly reason: string | null; readonly when: string | null }): string =>
  reason ?? (when === null ? 'Sie gilt für jede solche Anfrage.' : `${when} trifft zu.`)

export const policy: Sentences['policy'] = {
  approves: (given) => `Die Regel „${given.rule}“ gibt frei: ${because(given)}`,
  rejects: (given) => `Die Regel „${given.rule}“ lehnt ab: ${because(given)}`,
  asks: (given) => `Die Regel „${given.rule}“ fragt Personen: ${because(given)}`,
  asks_group: (given) => `Die Regel „${given.rule}“ fragt ${given.group}: ${because(given)}`,
  unclear: ({ rule, note }) => `Die Regel „${rule}“ fragt Personen, denn sie ließ sich nicht auswerten (${note}).`,
  none: () => 'Keine Regel passte, darum wird eine Person gefragt.',
  no_expense: ({ amount }) =>
    `Ein Betrag von ${number(amount)} ist keine Ausgabe, für die eine Schwelle da ist; darum wird eine Person gefragt.`,
  below: ({ amount, currency, threshold }) => `${money(amount, currency)} liegt nicht über der Schwelle von ${number(threshold)}.`,
  above: ({ amount, currency, threshold }) => `${money(amount, currency)} liegt über der Schwelle von ${number(threshold)}.`,
  doubt: ({ rule, note }) => `Trotzdem wird eine Person gefragt: Die Regel „${rule}“ ließ sich nicht auswerten (${note}).`,
  flagged: () => 'Trotzdem wird eine Person gefragt, denn die Anfrage ist auffällig:',
  unknown_group: ({ group }) => `Niemand ist als ${group} bekannt.`,
  too_few: ({ votes }) =>
    `${number(votes)} Personen müssen freigeben, und weniger sind genannt: gefragt werden alle, die entscheiden dürfen.`,
  no_further: ({ group }) => `Es geht nicht weiter an ${group}: so heißt hier niemand.`,
  condition_met: () => 'Die Bedingung für eine sofortige Freigabe war erfüllt.',
  no_level_applies: () => 'Keine der Stufen trifft hier zu.',
}
