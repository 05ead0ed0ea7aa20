/*
 * The German texts. The same words for the same things, everywhere:
 *
 *   request       Anfrage                    approve       freigeben, Freigabe
 *   reject        ablehnen                   send back     zurückgeben
 *   edit          ändern                     cancel        abbrechen
 *   decide        entscheiden                answer, vote  Antwort
 *   deadline      Frist; fällig, überfällig  expire        verfallen
 *   hand over     übergeben                  delegation    Vertretung
 *   escalate      eskalieren                 level         Stufe
 *   requester     wer anfragt                sender        Absender (das Programm)
 *   outcome       Ergebnis                   run           Lauf
 *   step, stage   Schritt                    task          Vorgang
 *   policy, rule  Richtlinie, Regel          group         Gruppe
 *   summary       Zusammenfassung            facts         Angaben
 *   journal       Journal, Einträge          host          Host
 *   snooze        zurückstellen              undo          rückgängig machen
 *   held          zurückgehalten             source        Quelle
 *
 * Readers are „Sie“; buttons are infinitives („Freigeben“); sentences are short and say what happens.
 */
import { anyOf, many } from '../language.ts'
import type { t as english } from '../strings.ts'

const decided = { approved: 'Freigegeben', rejected: 'Abgelehnt', expired: 'Verfallen', cancelled: 'Abgebrochen' } as const
const inSentence = { approved: 'freigegeben', rejected: 'abgelehnt', expired: 'verfallen', cancelled: 'abgebrochen' } as const

/** A sentence whose last word may be an abbreviation with a stop of its own. */
const ended = (sentence: string) => (sentence.endsWith('.') ? sentence : `${sentence}.`)

export const t = {
  name: 'Countersign',
  failed: (why) => `Das hat nicht geklappt. ${why}`,
  unreachable: 'Countersign ist nicht erreichbar.',
  retry: 'Erneut versuchen',
  showMore: (n) => `${n} weitere zeigen`,
  close: 'Schließen',
  cancel: 'Abbrechen',
  copy: 'Kopieren',
  copied: 'Kopiert',
  skip: 'Zur Anfrage springen',
  time: {
    now: 'gerade eben',
    seconds: (n) => `${n} s`,
    minutes: (n) => `${n} min`,
    hours: (n) => `${n} h`,
    days: (n) => `${n} Tg.`,
  },
  size: { bytes: (n) => `${n} Byte`, kb: (n) => `${n} KB`, mb: (n) => `${n} MB` },
  place: (n) => `Nr. ${n}`,
  nav: {
    label: 'Ansichten',
    inbox: 'Eingang',
    done: 'Erledigt',
    review: 'Zu klären',
    runs: 'Läufe',
    policy: 'Richtlinie',
    people: 'Personen',
    workflows: 'Workflows',
    sources: 'Quellen',
    audit: 'Prüfpfad',
    insight: 'Auswertung',
    settings: 'Einstellungen',
    keys: 'Tasten',
    loading: 'Wird geladen …',
    loadFailed: 'Diese Seite konnte nicht geladen werden.',
    partFailed: 'Dieser Teil konnte nicht geladen werden.',
    loadFailedHelp: 'Wurde Countersign inzwischen aktualisiert, laden Sie die Seite neu.',
    reload: 'Seite neu laden',
  },
  urgency: {
    overdue: 'Überfällig',
    today: 'Heute fällig',
    week: 'Diese Woche',
    later: 'Später',
    none: 'Ohne Frist',
  },
  risk: { low: 'Geringes Risiko', medium: 'Mittleres Risiko', high: 'Hohes Risiko' },
  riskWord: { low: 'gering', medium: 'mittel', high: 'hoch' },
  status: { pending: 'Offen', ...decided },
  list: {
    label: 'Anfragen',
    search: 'Anfragen durchsuchen',
    searchHint: 'Suchen',
    clear: 'Suche leeren',
    waiting: (n) => `${n} offen`,
    soon: (n) => `${n} bald fällig`,
    found: (n) => `${n} gefunden`,
    ended: (n) => `${n} entschieden`,
    arrivals: (n) => `${n} neu`,
    show: 'Zeigen',
    tidy: (n) => `${n} aufräumen`,
    unread: 'Ungelesen.',
    senderWrites: 'Der Absender schreibt:',
    flagged: 'auffällig',
    answered: {
      approved: 'Von Ihnen freigegeben; andere fehlen noch',
      rejected: 'Von Ihnen abgelehnt; andere fehlen noch',
    },
    noMatch: 'Nichts gefunden.',
    noMatchHelp: 'Versuchen Sie weniger Wörter oder leeren Sie die Suche.',
    noneDone: 'Noch ist nichts entschieden.',
    noneDoneHelp: 'Was Sie freigeben oder ablehnen, bleibt hier, samt dem, was danach geschah.',
    failed: 'Die Liste konnte nicht geladen werden.',
    moreFailed: 'Der Rest konnte nicht geladen werden.',
  },
  empty: {
    title: 'Nichts wartet auf Sie.',
    today: (n) =>
      n === 0 ? 'Heute noch keine Entscheidung.' : `Heute ${n} ${many(n, 'Entscheidung', 'Entscheidungen')}. Gut gemacht.`,
    next: 'Neue Anfragen erscheinen hier von selbst.',
    how: 'Ein Programm in den Einstellungen verbinden',
  },
  pick: {
    waiting: (n, shown) => (n === 1 ? 'Eine Anfrage wartet.' : `${shown} Anfragen warten.`),
    next: (left) => ended(`Die nächste Frist endet in ${left}`),
    first: 'Die erste lesen',
    done: 'Wählen Sie eine Anfrage, um zu lesen, was daraus wurde.',
  },
  detail: {
    label: 'Anfrage',
    back: 'Zurück zur Liste',
    asked: 'angefragt',
    waitingFor: (names) => `Wartet auf ${anyOf(names)}`,
    priority: { high: 'hohe Priorität', urgent: 'dringend' },
    wasAsked: (names) => `Gefragt: ${anyOf(names)}`,
    notAsked: (names) => `Wartet auf ${anyOf(names)}. Sie wurden nicht gefragt, also ist es deren Antwort.`,
    missing: 'Diese Anfrage gibt es hier nicht.',
    missingHelp: 'Vielleicht wurde sie gelöscht, oder der Link gehört zu einem anderen Eingang.',
    failed: 'Die Anfrage konnte nicht geladen werden.',
    toInbox: 'Zum Eingang',
    due: (left) => `Fällig in ${left}`,
    overdue: (late) => `Frist seit ${late} abgelaufen`,
    dueThen: 'Danach verfällt sie: weder freigegeben noch abgelehnt. Der Absender erfährt es.',
    expiresNow: 'Sie verfällt gleich: weder freigegeben noch abgelehnt. Der Absender erfährt es.',
    noDeadline: 'Ohne Frist',
    noDeadlineThen: 'Sie wartet, bis jemand entscheidet.',
    flags: 'Genau hinsehen',
    summary: 'Zusammenfassung',
    byModel: (model) => (model ? `Lokales Modell · ${model}` : 'Lokales Modell'),
    byRules: 'Nach Regeln',
    modelTooLate: 'Sie wurde entschieden, bevor das lokale Modell sie gelesen hatte.',
    modelWaiting: 'Das lokale Modell liest sie gerade …',
    modelFailed: (why) => `Keine Zusammenfassung des Modells: ${why}`,
    remark: (text) => (/[.!?…]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`),
    modelOff: 'Das lokale Modell ist aus.',
    checked: 'Seine Worte wurden mit der Anfrage verglichen.',
    notInRequest: 'Kommt in der Anfrage nicht vor',
    gaveUp: 'Es hat aufgegeben.',
    unsupported: (n) => `${n} ${many(n, 'markiertes Wort kommt', 'markierte Wörter kommen')} in der Anfrage nicht vor`,
    covered: (seen, all) => `Das Modell hat ${seen} von ${all} gesehen.`,
    impact: 'Auswirkung',
    lowRisk: 'Nichts in den Feldern spricht für mehr.',
    modelRisk: 'Das lokale Modell meint das; die Felder allein sagen es nicht.',
    facts: 'Angaben',
    noFacts: 'Die Anfrage enthält keine weiteren Daten.',
    loading: 'Alles wird geladen …',
    consequence: 'Wenn Sie freigeben',
    outcome: 'Was danach geschah',
    timeline: 'Verlauf',
    toRun: 'Der Lauf, Schritt für Schritt',
    raw: 'Rohdaten',
    version: (n) => `Version ${n}`,
    selfApproved: 'Angefragt und freigegeben hat dieselbe Person; das Protokoll sagt es.',
  },
  facts: {
    empty: 'leerer Text',
    none: 'keine Angabe',
    emptyList: 'leere Liste',
    emptyObject: 'keine Felder',
    showAll: (n) => `Alle ${n} zeigen`,
  },
  run: {
    running: 'Läuft weiter',
    waiting: 'Wartet auf etwas anderes',
    completed: 'Abgeschlossen',
    failed: 'Fehlgeschlagen',
    cancelled: 'Abgebrochen',
    needs_review: 'Zu klären',
  },
  overdue: 'überfällig',
  delivery: {
    pending: 'Ergebnis unterwegs',
    retrying: 'Ergebnis noch nicht zugestellt, neuer Versuch folgt',
    delivered: 'Ergebnis zugestellt',
    dead: 'Ergebnis nicht zustellbar',
    attempts: (n) => `${n} ${many(n, 'Versuch', 'Versuche')}`,
    next: (when) => `nächster in ${when}`,
    resend: 'Erneut senden',
    resent: 'Das Ergebnis wird noch einmal gesendet.',
  },
  decide: {
    label: 'Entscheidung',
    approve: 'Freigeben',
    reject: 'Ablehnen',
    comment: 'Kommentar',
    commentHint: 'Steht im Protokoll und geht an den Absender',
    approving: 'Wird freigegeben …',
    rejecting: 'Wird abgelehnt …',
    done: (how, title) => `${decided[how]}: ${title}`,
    by: (how, who) => `${decided[how]} von ${who}`,
    decidedBy: (how, who, when) => `${who} war schneller: ${inSentence[how]}, ${when}. Ihre Antwort wurde nicht gespeichert.`,
    decidedByYou: (how, when) =>
      `Sie waren anderswo schneller: ${inSentence[how]}, ${when}. Diese Antwort wurde nicht gespeichert.`,
    stale: 'Die Anfrage hat sich geändert, während Sie sie ansahen. Nichts wurde entschieden; so steht sie jetzt.',
    offline: 'Keine Verbindung, darum wurde nichts entschieden. Versuchen Sie es erneut, sobald sie wieder steht.',
    unanswered:
      'Es kam keine Antwort. Sobald die Verbindung wieder steht, zeigt die Anfrage, ob die Entscheidung gespeichert wurde.',
    refused: (why) => `Nichts wurde entschieden. ${why}`,
    expired: 'Verfallen: weder freigegeben noch abgelehnt.',
    confirmTitle: 'Anfrage mit hohem Risiko freigeben?',
    confirm: 'Freigeben',
    rejectTitle: 'Diese Anfrage ablehnen?',
    reason: 'Grund',
    reasonHelp: 'Der Absender liest ihn.',
    reasonNeeded: 'Nennen Sie den Grund, damit der Absender etwas tun kann.',
    rejectIt: 'Ablehnen',
    presets: ['Nicht nötig', 'Zu teuer', 'Nicht jetzt', 'Es fehlen Angaben', 'Das kenne ich nicht'],
  },
  review: {
    title: 'Zu klären',
    help: 'Diese Vorgänge kamen von selbst nicht weiter. Erteilte Freigaben bleiben, fertige Schritte laufen nicht noch einmal.',
    none: 'Nichts ist zu klären.',
    noneHelp: 'Hier steht, was nach einer Entscheidung stecken bleibt, und Ergebnisse, die nicht zustellbar waren.',
    retry: 'Erneut versuchen',
    retried: 'Der Vorgang geht dort weiter, wo er fehlschlug.',
    dead: 'Nicht zugestellte Ergebnisse',
    stuck: 'Steckengebliebene Vorgänge',
    banner: (n) => `${n} ${many(n, 'Vorgang ist', 'Vorgänge sind')} zu klären.`,
    deadBanner: (n) => `${n} ${many(n, 'Ergebnis war', 'Ergebnisse waren')} nicht zustellbar.`,
    look: 'Ansehen',
  },
  banner: {
    offline: (since) =>
      `Keine Verbindung seit ${since}. Was Sie sehen, kann veraltet sein; entscheiden können Sie erst, wenn sie wieder steht.`,
    rebuilding: (done, all) => `Die Datenbank wird aus dem Journal neu aufgebaut: ${done} von ${all} Einträgen.`,
    readOnly: 'Gerade kann nichts gespeichert werden, darum werden Entscheidungen abgewiesen.',
  },
  signIn: {
    title: 'Anmelden',
    text: 'Dieser Eingang gehört einer Person. Führen Sie dies auf dem Rechner aus, auf dem Countersign läuft, und öffnen Sie den Link, der erscheint:',
    used: 'Dieser Link wurde schon benutzt oder ist zu alt. Erzeugen Sie einen neuen:',
    command: 'npx countersign url',
    note: 'Der Link gilt einmal und nur kurze Zeit.',
    again: 'Ich habe mich angemeldet',
  },
  first: {
    title: 'Willkommen bei Countersign',
    text: 'Programme fragen, Sie antworten. Ihr Name und Ihre Adresse stehen bei jeder Ihrer Entscheidungen.',
    name: 'Ihr Name',
    email: 'Ihre E-Mail-Adresse',
    start: 'Eingang öffnen',
    local: 'Bleibt auf diesem Rechner. Nichts wird irgendwohin gesendet.',
    failed: 'Countersign hat nicht geantwortet.',
  },
  toasts: { label: 'Meldungen', show: 'Zeigen' },
} satisfies typeof english
