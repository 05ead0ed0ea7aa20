import type { SettingsView } from '../../shared/contract/settings.ts'
import { languageNames } from '../language.ts'
import { ts } from '../strings-settings.ts'
import { Group } from './settings.tsx'
import { Labelled, Problem, useSave } from './settings-forms.tsx'

type Props = { readonly settings: SettingsView; readonly mayEdit: boolean }

/** What the host speaks where no page is between it and the reader. Unlike the page's language it is one for everybody. */
export function HostLanguageSection({ settings: { language }, mayEdit }: Props) {
  const { problem, save } = useSave()
  const names = Object.entries(languageNames) as [keyof typeof languageNames, string][]
  return (
    <Group title={ts.hostLanguage.title} help={ts.hostLanguage.help}>
      <Labelled label={ts.hostLanguage.label}>
        <select
          className="field md:max-w-80"
          value={language}
          disabled={!mayEdit}
          onChange={(event) => {
            const chosen = names.find(([name]) => name === event.target.value)?.[0]
            if (chosen) void save({ language: chosen })
          }}
        >
          {names.map(([name, own]) => (
            <option key={name} value={name} lang={name}>
              {own}
            </option>
          ))}
        </select>
      </Labelled>
      {!mayEdit && <p className="text-meta text-muted">{ts.onlyAdmin}</p>}
      <Problem text={problem} />
    </Group>
  )
}
