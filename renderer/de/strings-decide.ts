import type { VoteRule } from '../../shared/model/level.ts'
import { allOf, anyOf, many } from '../language.ts'
import type { td as english } from '../strings-decide.ts'

/** What a vote rule means for so many people, in words. */
function ruleInWords(rule: VoteRule, needed: number, people: number): string {
  if (needed <= 1 && (rule === 'any' || people <= 1)) {
    return people === 1 ? 'diese Antwort entscheidet' : 'die erste Antwort entscheidet'
  }
  if (rule === 'all') return people === 2 ? 'beide müssen freigeben' : `alle ${people} müssen freigeben`
  if (rule === 'any') return 'eine Freigabe genügt'
  const share = typeof rule === 'string' ? ` (${rule})` : ''
  return people === 0 ? `${needed} verschiedene Personen müssen freigeben` : `${needed} von ${people}${share} müssen freigeben`
}

const are = (names: readonly string[]) => many(names.length, 'wird', 'werden')

export const td = {
  chain: {
    title: 'Wer entscheidet',
    alone: 'Alle, die hier entscheiden dürfen',
    asked: (names) => allOf(names),
    rule: ruleInWords,
    approvals: (given, needed) => `${given} von ${needed} ${many(needed, 'Freigabe', 'Freigaben')}`,
    oneEnds: 'Eine Ablehnung beendet sie.',
    state: {
      passed: 'bestanden',
      current: 'wartet jetzt auf Antworten',
      next: 'kommt später',
      refused: 'abgelehnt',
      unreached: 'wurde nicht erreicht',
      expired: 'wurde nicht rechtzeitig beantwortet',
    },
    votes: { approved: 'freigegeben', rejected: 'abgelehnt' },
    forWhom: (who, whom) => `${who} für ${whom}`,
    lost: 'Galt einer früheren Version und zählt nicht mehr.',
    row: (done, total) => `Stufe ${Math.min(done + 1, total)} von ${total}`,
    rowVotes: (given, needed) => `${given} von ${needed} freigegeben`,
  },
  standing: {
    voted: (verdict, more) => {
      if (verdict === 'rejected') return 'Sie haben abgelehnt. Es fehlen noch andere.'
      if (more <= 0) return 'Sie haben freigegeben. Es fehlen noch andere.'
      return `Sie haben freigegeben. Es ${many(more, 'fehlt noch eine Freigabe', `fehlen noch ${more} Freigaben`)}.`
    },
    votedFor: (who, whom) => `${who} hat für ${whom} geantwortet.`,
    decidesFor: 'Ihre Antwort gilt',
    asYourself: 'in eigenem Namen',
    for: (name) => `für ${name}`,
    onlyFor: (name) => `Sie antworten für ${name}; beide Namen stehen im Protokoll.`,
    own: {
      asked: 'Das ist Ihre eigene Anfrage.',
      changed: 'Sie haben diese Anfrage geändert, darum zählt sie als Ihre eigene.',
      gains: 'Diese Anfrage kommt Ihnen zugute, darum zählt sie als Ihre eigene.',
    },
    ownAllowed: 'Die Richtlinie lässt Sie trotzdem freigeben; das Protokoll hält fest, dass beides dieselbe Person war.',
    ownRefused: 'Jemand anderes muss sie freigeben; die Richtlinie erlaubt niemandem, Eigenes freizugeben.',
    ownUnknown: 'Der Host sagt, ob die Richtlinie Sie freigeben lässt.',
  },
  ruling: {
    none: 'Keine Regel der Richtlinie passte, darum wird eine Person gefragt.',
    asks: (rule, version) => `Die Regel „${rule}“ fragt eine Person, Richtlinie ${version}.`,
    row: (verb, rule) => `${verb} durch die Regel „${rule}“`,
    decided: (verb, rule, version) =>
      version ? `${verb} durch die Regel „${rule}“, Richtlinie ${version}` : `${verb} durch die Regel „${rule}“`,
  },
  escalation: {
    chip: 'eskaliert',
    title: (n) => (n === 1 ? 'Eskaliert' : `${n}-mal eskaliert`),
    besides: (from, to) =>
      from.length === 0
        ? `Auch ${allOf(to)} ${are(to)} gefragt, weil niemand geantwortet hatte.`
        : `${allOf(from)} ${many(from.length, 'hatte', 'hatten')} nicht geantwortet, darum ${are(to)} auch ${allOf(to)} gefragt.`,
    instead: (from, to) =>
      from.length === 0
        ? `Niemand hat rechtzeitig geantwortet, darum ${are(to)} jetzt ${allOf(to)} gefragt.`
        : `${allOf(from)} ${many(from.length, 'hat', 'haben')} nicht rechtzeitig geantwortet, darum ${are(to)} jetzt ${allOf(to)} gefragt.`,
    away: 'Dieser Moment verging, während der Rechner schlief oder Countersign geschlossen war.',
  },
  reach: {
    chip: 'zu wenige übrig',
    title: 'So kann sie nicht freigegeben werden',
    card: (missing, people) => {
      const left = people === 0 ? 'niemand' : people === 1 ? 'nur eine Person' : `nur ${people} Personen`
      const lack = many(missing, 'Es fehlt noch eine Freigabe', `Es fehlen noch ${missing} Freigaben`)
      return `${lack}, und von den Gefragten ${people > 1 ? 'können' : 'kann'} ${left} noch freigeben.`
    },
  },
  escalates: 'Danach werden andere gefragt; ist niemand mehr übrig, wird sie abgelehnt.',
  lapsed: (at, until) => `Ihre Frist lief ab (${at}), während niemand sie sehen konnte. Sie können noch bis ${until} entscheiden.`,
  sentBack: {
    row: (question) => `Zurückgegeben: ${question}`,
    title: 'Mit einer Frage zurückgegeben',
    waits: 'Sie wartet auf die Antwort dessen, der anfragt. Entscheiden können Sie schon jetzt.',
    title2: 'Fragen und Antworten',
  },
  changes: {
    title: 'Was geändert wurde',
    version: (n) => `Version ${n}`,
    by: { approver: 'geändert von', requester: 'überarbeitet von' },
    before: 'Vorher',
    after: 'Nachher',
    nothing: 'nichts',
    takenOut: (n) => `${n} ${many(n, 'Position', 'Positionen')} herausgenommen`,
    items: 'Positionen',
  },
  stale: {
    title: 'Sie hat sich geändert, während Sie sie ansahen',
    text: 'Nichts wurde entschieden. Das ist jetzt anders:',
    unknown: 'Der Host kennt eine andere Version als die, die Sie ansahen.',
    again: 'Mit der geänderten Anfrage weitermachen',
    hold: 'Die Anfrage hat sich geändert, während Sie sie ansahen. Lesen Sie zuerst, was anders ist.',
    heard: 'Sie machen mit der geänderten Anfrage weiter.',
  },
  items: {
    title: (n) => `${n} Positionen`,
    one: '1 Position',
    all: (n) => `Alle ${n} zeigen`,
    fewer: 'Nur die ersten drei zeigen',
    more: (n) => `und ${n} weitere`,
    next: (n) => `${n} weitere zeigen`,
    keep: (title) => `${title} behalten`,
    kept: (kept, all) => `${kept} von ${all} bleiben`,
    leaveOut: 'Nehmen Sie den Haken weg, wo nicht freigegeben werden soll.',
    everything: 'Alle ankreuzen',
    nothing: 'Alle abwählen',
    data: (title) => `Daten zu ${title}`,
    approveSome: (kept, all) => `${kept} von ${all} freigeben`,
    noneKept: 'Nichts ist angekreuzt. Kreuzen Sie an, was freigegeben werden soll, oder lehnen Sie das Ganze ab.',
  },
  act: {
    edit: 'Ändern',
    part: 'Teilweise freigeben',
    partItems: 'Positionen wählen',
    sendBack: 'Zurückgeben',
    reassign: 'Jemand anderem übergeben',
    extend: 'Mehr Zeit geben',
    cancel: 'Anfrage abbrechen',
    more: 'Mehr',
    options: 'Andere Antworten',
    working: 'Wird gespeichert …',
    storing: {
      approved: 'Wird freigegeben …',
      rejected: 'Wird abgelehnt …',
      sent_back: 'Wird zurückgegeben …',
      cancelled: 'Wird abgebrochen …',
    },
  },
  done: {
    approved: (title) => `Freigegeben: ${title}`,
    rejected: (title) => `Abgelehnt: ${title}`,
    counted: (title) => `Ihre Antwort zählt; andere werden noch gefragt: ${title}`,
    sent_back: (title) => `Mit Ihrer Frage zurückgegeben: ${title}`,
    cancelled: (title) => `Abgebrochen: ${title}`,
    extended: (until) => `Entschieden werden kann bis ${until}.`,
    reassigned: (names) => `Sie wartet jetzt auf ${anyOf(names)}.`,
  },
  approve: {
    title: {
      approve: 'Diese Anfrage freigeben',
      edit: 'Ändern und freigeben',
      part: 'Teilweise freigeben',
      option: 'Diese Antwort geben',
    },
    confirm: { approve: 'Freigeben', edit: 'Mit diesen Änderungen freigeben', part: 'Diesen Teil freigeben' },
    unchanged: 'Noch ist nichts geändert.',
    editHelp: 'Das lässt die Anfrage Sie ändern. Was Sie nicht anfassen, bleibt genau, wie es kam.',
    difference: 'Was Sie ändern',
    leftOut: 'Was Sie weglassen',
    amount: 'Betrag, den Sie freigeben',
    amountHelp: (all) => `Höchstens ${all}.`,
    amountTooLarge: (all) => `Es dürfen höchstens ${all} sein.`,
    amountNeeded: 'Geben Sie einen Betrag größer als null ein.',
    amountUnclear: 'Schreiben Sie ihn ohne Trennzeichen zwischen Tausendern, etwa 1240,50.',
    form: 'Der Absender fragt nach',
    comment: 'Kommentar',
    commentHelp: 'Steht im Protokoll und geht an den Absender. Darf leer bleiben.',
    resets: 'Ihre Änderung ergibt eine neue Version: Antworten anderer auf diese zählen nicht mehr.',
    restarts: 'Ihre Änderung ergibt eine neue Version, die noch einmal durch jede Stufe geht.',
    yes: 'Ja',
    no: 'Nein',
    choose: 'Wählen …',
    json: 'Als JSON geschrieben',
    optional: 'freiwillig',
    problem: {
      required: 'Füllen Sie das aus.',
      number: 'Geben Sie eine Zahl ein, etwa 1240.5.',
      digits: 'So viele Stellen kann eine Zahl hier nicht genau halten.',
      integer: 'Geben Sie eine ganze Zahl ein.',
      json: 'Das ist kein gültiges JSON.',
    },
  },
  sendBack: {
    title: 'Mit einer Frage zurückgeben',
    question: 'Frage',
    help: 'Wer anfragt, liest sie und antwortet oder ändert die Anfrage. Sie bleibt solange offen.',
    needed: 'Schreiben Sie, was Sie wissen möchten.',
    confirm: 'Zurückgeben',
  },
  reassign: {
    title: 'Jemand anderem übergeben',
    to: 'An wen',
    help: (inYourPlace) =>
      `E-Mail-Adressen oder Gruppen wie group:finance, mit Kommas dazwischen. Sie werden ${inYourPlace ? 'an Ihrer Stelle' : 'statt der bisher Gefragten'} gefragt.`,
    needed: 'Nennen Sie mindestens eine Person oder Gruppe.',
    known: 'Hier bekannt',
    confirm: 'Übergeben',
  },
  cancel: {
    title: 'Diese Anfrage abbrechen?',
    text: 'Sie endet als abgebrochen: weder freigegeben noch abgelehnt. Der Absender erfährt es.',
    reason: 'Grund',
    confirm: 'Anfrage abbrechen',
    keep: 'Behalten',
  },
  extend: {
    label: 'Mehr Zeit',
    hours: [
      [1, '+1 h', 'eine Stunde mehr'],
      [4, '+4 h', 'vier Stunden mehr'],
      [24, '+1 Tag', 'einen Tag mehr'],
    ],
  },
  outcome: {
    for: (whom) => `für ${whom}`,
    level: (name, at, total) => (total > 1 ? `auf Stufe ${at} von ${total}, ${name}` : `bei ${name}`),
    option: (label) => `Antwort: ${label}`,
    form: 'Was ausgefüllt wurde',
    away: 'Ihre Frist lief ab, während der Rechner schlief oder Countersign geschlossen war.',
    unanswered: 'Abgelehnt: niemand hat rechtzeitig geantwortet',
    results: 'Jede Position',
    itemStatus: {
      processed: 'fertig',
      completed: 'fertig',
      approved: 'freigegeben',
      failed: 'fehlgeschlagen',
      rejected: 'abgelehnt',
      left_out: 'weggelassen',
      expired: 'verfallen',
      cancelled: 'abgebrochen',
    },
  },
} satisfies typeof english
