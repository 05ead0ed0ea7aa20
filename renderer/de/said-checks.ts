import type { Sentences } from '../../shared/words/said.ts'
import { many } from '../language.ts'
import { number } from './figures.ts'

export const check: Sentences['check'] = {
  node: () => 'Node',
  home: () => 'Heimatordner',
  space: () => 'Speicherplatz',
  settings: () => 'Einstellungen',
  policy: () => 'Richtlinie',
  journal: () => 'Journal',
  database: () => 'Datenbank',
  summaries: () => 'Modell',
  broken: ({ problem }) => `Das ließ sich nicht prüfen: ${problem}`,
  node_good: ({ version }) => `Node ${version}`,
  node_old: ({ version }) => `Node ${version} ist zu alt.`,
  fix_node: ({ version }) => `Installieren Sie Node ${version} oder neuer.`,
  home_good: ({ home }) => home,
  home_locked: ({ home, code }) => `In ${home} lässt sich nicht schreiben (${code}).`,
  fix_home: () => 'Machen Sie den Ordner für dieses Konto lesbar und beschreibbar.',
  space_free: ({ mebibytes }) =>
    mebibytes >= 1024 ? `${number(Math.round(mebibytes / 102.4) / 10, 1)} GiB frei` : `${number(mebibytes)} MiB frei`,
  fix_space_now: () => 'Schaffen Sie Platz: Bei vollem Datenträger werden neue Anfragen abgewiesen.',
  fix_space: () => 'Schaffen Sie Platz, bevor der Datenträger voll ist.',
  settings_good: ({ owner }) => `config.yaml ist gültig; sie gehört ${owner}.`,
  settings_bad: ({ problems }) => `config.yaml ist nicht verwendbar; was vorher galt, gilt weiter: ${problems}.`,
  fix_settings: () => 'Berichtigen Sie config.yaml; sie wird von selbst neu gelesen.',
  no_owner: () => 'Dieser Eingang gehört noch niemandem.',
  fix_owner: () => 'Tragen Sie in den Einstellungen Ihren Namen und Ihre E-Mail-Adresse ein.',
  policy_good: ({ version, rules }) =>
    `policy.yaml ist gültig: Version ${version}, ${number(rules)} ${many(rules, 'Regel', 'Regeln')}.`,
  policy_bad: ({ problems }) => `policy.yaml ist nicht verwendbar; was vorher galt, gilt weiter: ${problems}.`,
  fix_policy: () => 'Führen Sie aus: countersign policy check. Berichtigen Sie policy.yaml; sie wird von selbst neu gelesen.',
  journal_good: ({ records, behind }) =>
    `${number(records)} ${many(records, 'Eintrag ist', 'Einträge sind')} auf dem Datenträger${behind > 0 ? `, ${number(behind)} ${many(behind, 'wird', 'werden')} gerade geschrieben` : ''}.`,
  journal_locked: ({ why }) => `Nichts kann gespeichert werden: ${why}`,
  fix_journal: () => 'Beheben Sie die Ursache, dann starten Sie Countersign neu.',
  database_good: () => 'Sie enthält alles, was im Journal steht.',
  database_behind: ({ records }) => `Sie ist ${number(records)} ${many(records, 'Eintrag', 'Einträge')} hinter dem Journal zurück.`,
  database_anew: ({ applied, total }) => `Sie wird neu berechnet: ${number(applied)} von ${number(total)} Einträgen.`,
  database_broken: ({ problem }) => problem,
  fix_wait: () => 'Warten Sie, bis es fertig ist.',
  fix_database: () => 'Führen Sie aus: countersign rebuild',
  summaries_off: () => 'Zusammenfassungen durch ein Modell sind ausgeschaltet; gezeigt werden die nach Regeln.',
  summaries_good: ({ model, version, sent_to }) =>
    `${model} auf Ollama ${version}${sent_to === null ? '' : `; Anfragen werden dafür an ${sent_to} gesendet`}`,
  installed: ({ models }) => (models.length === 0 ? '' : `Installiert: ${models.join(', ')}.`),
  by_rules: () => 'Solange wird nach Regeln zusammengefasst.',
}
