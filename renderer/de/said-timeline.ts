import type { Sentences } from '../../shared/words/said.ts'
import { allOf, many } from '../language.ts'
import { number } from './figures.ts'

type Tail = { readonly words: string | null; readonly erased?: boolean | undefined }

const tail = ({ words, erased }: Tail): string => (erased ? ': (gelöscht)' : words ? `: ${words}` : '')
const byFor = ({ who, whom }: { readonly who: string; readonly whom: string | null }): string =>
  whom === null ? who : `${who} für ${whom}`
const onceMore = (attempt: number): string => (attempt > 1 ? ` (Versuch ${number(attempt)})` : '')
const own = (self: boolean): string => (self ? ' (eigene Anfrage)' : '')
const away = (while_away: boolean): string => (while_away ? ' (während hier nichts lief)' : '')
const heldWords = { approved: 'freigeben', rejected: 'ablehnen', sent_back: 'zurückgeben', cancelled: 'abbrechen' } as const
const verdicts = { approved: 'freigegeben', rejected: 'abgelehnt' } as const
const risks = { low: 'gering', medium: 'mittel', high: 'hoch' } as const
const childEnds = { completed: 'ist abgeschlossen', failed: 'ist fehlgeschlagen', cancelled: 'wurde abgebrochen' } as const

type Decider = { readonly who: string; readonly whom: string | null; readonly rule: string | null }
const decider = (given: Decider): string => (given.rule === null ? `von ${byFor(given)}` : `durch die Regel ${given.rule}`)
const chosen = (option: string | null): string => (option === null ? '' : `, ${option}`)

export const timeline: Sentences['timeline'] = {
  asked: ({ whom, due_at }) =>
    `${whom.length > 0 ? `Gefragt: ${whom.join(', ')}` : 'Um Freigabe gebeten'}${due_at ? `, bis ${due_at}` : ''}`,
  voted: ({ verdict, self, ...rest }) => `${byFor(rest)} hat ${verdicts[verdict]}${own(self)}${tail(rest)}`,
  changed: ({ who, version, ...rest }) => `Geändert von ${who}, Version ${version}${tail(rest)}`,
  sent_back: ({ who, ...rest }) => `Zurückgegeben von ${who}${tail(rest)}`,
  answered: ({ who, ...rest }) => `Beantwortet von ${who}${tail(rest)}`,
  escalated: ({ to, reason, while_away }) =>
    `Eskaliert an ${to.join(', ')}: ${reason === 'timeout' ? 'die Zeit war um' : 'niemand hatte geantwortet'}${away(while_away)}`,
  reassigned: ({ who, to, ...rest }) => `Von ${who} übergeben an ${to.join(', ')}${tail(rest)}`,
  extended: ({ who, due_at, ...rest }) =>
    `${due_at ? `Von ${who} verlängert bis ${due_at}` : `Von ${who} ohne Frist weitergeführt`}${tail(rest)}`,
  lapsed: ({ lapsed_at, due_at }) =>
    `Die Zeit war um (${lapsed_at}), während hier nichts lief${due_at ? `; zu beantworten bis ${due_at}` : ''}`,
  reminded: ({ due_at }) => `Die Gefragten wurden erinnert: fällig ${due_at}`,
  held: ({ said, release_at, ...rest }) =>
    `Antwort von ${byFor(rest)}: ${heldWords[said]}; rückgängig zu machen bis ${release_at}${tail(rest)}`,
  undone: ({ who }) => `${who} nahm die Antwort zurück`,
  void: () => 'Die Antwort gilt nicht mehr: Was sie sagte, wurde gelöscht',
  remarked: ({ who, ...rest }) => `${who} bemerkte${tail(rest)}`,
  watched: ({ who, watching }) => `${who} beobachtet sie${watching ? '' : ' nicht mehr'}`,
  unsnoozed: ({ who }) => `${who} nahm sie wieder auf`,
  snoozed: ({ who, until, on_change }) => {
    const ends = [until && `bis ${until}`, on_change && 'bis sich etwas ändert'].filter(Boolean).join(' oder ')
    return `${who} stellte sie zurück, ${ends}`
  },
  approved: ({ self, option, ...rest }) => `Freigegeben ${decider(rest)}${own(self)}${chosen(option)}${tail(rest)}`,
  rejected: ({ option, ...rest }) => `Abgelehnt ${decider(rest)}${chosen(option)}${tail(rest)}`,
  approved_because: ({ rule }) => `Freigegeben durch die Regel ${rule}:`,
  rejected_because: ({ rule }) => `Abgelehnt durch die Regel ${rule}:`,
  expired: ({ while_away }) => `Verfallen: Niemand antwortete rechtzeitig${away(while_away)}`,
  cancelled: ({ by, ...rest }) => `Freigabe abgebrochen${by === null ? '' : ` von ${by}`}${tail(rest)}`,
  summarised: ({ risk }) => `Zusammenfassung geschrieben${risk === null ? '' : `, Risiko ${risks[risk]}`}`,
  no_summary_because: () => 'Keine Zusammenfassung durch das Modell:',
  no_summary: (rest) => `Keine Zusammenfassung durch das Modell${tail(rest)}`,
  submitted: ({ who, ...rest }) => `Eingereicht von ${who}${tail(rest)}`,
  step_done: ({ step, attempt }) => `Schritt ${step} ist fertig${onceMore(attempt)}`,
  step_failed: ({ step, attempt, retry_at, ...rest }) =>
    `Schritt ${step} schlug fehl (Versuch ${number(attempt)})${tail(rest)}${retry_at ? `; neuer Versuch ${retry_at}` : ''}`,
  sleeps: ({ due_at }) => `Schläft bis ${due_at}`,
  woke: ({ step }) => `Aufgewacht aus ${step}`,
  signal_awaited: ({ signal, due_at }) => `Wartet auf ${signal}${due_at ? ` bis ${due_at}` : ''}`,
  signal_received: ({ signal, who }) => `Empfing ${signal} von ${who}`,
  signal_lapsed: ({ step }) => `Nichts kam rechtzeitig für ${step}`,
  child_started: ({ workflow, child }) => `Startete ${workflow} und wartet darauf (${child})`,
  child_ended: ({ child, status, ...rest }) => `${child} ${childEnds[status]}${tail(rest)}`,
  progress: ({ done, total, ...rest }) =>
    `Fortschritt${done === null ? '' : ` ${number(done)}${total === null ? '' : ` von ${number(total)}`}`}${tail(rest)}`,
  cancelling: ({ who, ...rest }) => `Abgebrochen von ${who}${tail(rest)}; es wird aufgeräumt`,
  completed: () => 'Abgeschlossen',
  failed: (rest) => `Fehlgeschlagen${tail(rest)}`,
  run_cancelled: ({ who, ...rest }) => `Abgebrochen von ${who}${tail(rest)}`,
  needs_review: ({ step, ...rest }) => `Muss angesehen werden${step ? `, bei Schritt ${step}` : ''}${tail(rest)}`,
  parked: ({ step }) => (step ? `Wartet weiter auf ${step}` : 'Wartet weiter'),
  cleanup: ({ step }) => `Macht ${step}, falls abgebrochen wird`,
  resumed: ({ step }) => (step ? `Arbeitet an ${step}` : 'Macht mit anderem weiter'),
  retried: ({ who }) => `Erneut versucht von ${who}`,
  delivery_queued: ({ url }) => `Das Ergebnis geht an ${url}`,
  delivered: ({ attempt }) => `Ergebnis zugestellt${onceMore(attempt)}`,
  delivery_dead: ({ attempt, ...rest }) => `Zustellung aufgegeben (Versuch ${number(attempt)})${tail(rest)}`,
  delivery_failed: ({ attempt, next_at, ...rest }) =>
    `Zustellung fehlgeschlagen (Versuch ${number(attempt)})${tail(rest)}${next_at ? `; neuer Versuch ${next_at}` : ''}`,
  delivery_requeued: ({ who }) => `Zustellung von ${who} neu angestoßen`,
  signed_in: ({ who }) => `${who} meldete sich an`,
  token_created: ({ who, name }) => `Token ${name} erstellt von ${who}`,
  token_revoked: ({ who, token }) => `Token ${token} widerrufen von ${who}`,
  settings_changed: ({ who, paths }) => `${who} änderte ${paths.join(', ')}`,
  erased: ({ who, reason, days }) =>
    days === null ? `Gelöscht von ${who}: ${reason}` : `Gelöscht: ${number(days)} Tage aufbewahrt`,
  erasure_completed: ({ records }) => `Was gelöscht wurde, ist aus den Dateien verschwunden (${number(records)} Einträge)`,
  recovered: ({ bytes, segment }) => `Wiederhergestellt: ${number(bytes)} unlesbare Bytes am Ende von ${segment} beiseitegelegt`,
  clock_skew: ({ last_at }) => `Die Uhr ging zurück: der Eintrag davor ist von ${last_at}`,
}

export const stage: Sentences['stage'] = {
  given_up: () => 'Aufgegeben',
  ended_before: () => 'Der Lauf endete vorher',
  done: ({ attempts }) => (attempts === 1 ? 'Fertig' : `Fertig beim ${number(attempts)}. Versuch`),
  failed: ({ attempts }) => `Fehlgeschlagen (${many(attempts, 'einmal', `${number(attempts)}-mal`)})`,
  at_work: () => 'In Arbeit',
  tried_again: ({ who }) => `Erneut versucht von ${who}`,
  waits_for_answer: ({ who }) => `Wartet auf eine Antwort an ${who}`,
  waits_for_people: ({ people, more, level, at, of }) => {
    const where = of > 1 ? ` (${level ?? 'Stufe'}, ${at} von ${of})` : ''
    const named = [...people, ...(more > 0 ? [many(more, 'eine weitere Person', `${number(more)} weitere`)] : [])]
    return `Wartet auf ${named.length === 0 ? 'alle, die entscheiden dürfen' : allOf(named)}${where}`
  },
  sleeps: () => 'Schläft',
  slept: () => 'Ausgeschlafen',
  waits_for: ({ what }) => `Wartet auf ${what}`,
  nothing_came: () => 'Nichts kam rechtzeitig',
  child_completed: () => 'Abgeschlossen',
  child_failed: () => 'Fehlgeschlagen',
  child_cancelled: () => 'Abgebrochen',
  received: ({ who, early }) => `Von ${who}${early ? ', bevor darauf gewartet wurde' : ''}`,
}
