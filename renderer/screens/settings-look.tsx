import { type ReactNode, useEffect, useId, useRef } from 'react'
import { setDensity, setTheme } from '../appearance.ts'
import { useDensity, useTheme } from '../density.ts'
import { languageNames, systemLanguage } from '../language.ts'
import { readLanguage, takeLanguageChosen, writeLanguage } from '../store/kept.ts'
import { ts } from '../strings-settings.ts'
import { Group } from './settings.tsx'
import { Labelled } from './settings-forms.tsx'

/** How the page looks and speaks on this device. */
export function LookSection() {
  const theme = useTheme()
  const density = useDensity()
  return (
    <Group title={ts.look} help={ts.lookHelp}>
      <LanguageChoice />
      <Choice
        label={ts.theme}
        options={[
          [null, ts.themes.system],
          ['light', ts.themes.light],
          ['dark', ts.themes.dark],
        ]}
        chosen={theme}
        onChoose={setTheme}
      />
      <Choice
        label={ts.density}
        options={[
          ['comfortable', ts.densities.comfortable],
          ['compact', ts.densities.compact],
        ]}
        chosen={density}
        onChoose={setDensity}
      />
    </Group>
  )
}

/** The page is made anew in the other language, at the same address; who chose by keyboard goes on where they were. */
function LanguageChoice() {
  const field = useRef<HTMLSelectElement>(null)
  useEffect(() => {
    if (takeLanguageChosen()) field.current?.focus()
  }, [])
  const names = Object.entries(languageNames) as [keyof typeof languageNames, string][]
  return (
    <Labelled label={ts.language}>
      <select
        ref={field}
        className="field md:max-w-80"
        value={readLanguage() ?? ''}
        onChange={(event) => {
          writeLanguage(names.find(([name]) => name === event.target.value)?.[0] ?? null)
          location.reload()
        }}
      >
        <option value="">{ts.languageOfSystem(languageNames[systemLanguage()])}</option>
        {names.map(([name, own]) => (
          <option key={name} value={name} lang={name}>
            {own}
          </option>
        ))}
      </select>
    </Labelled>
  )
}

type ChoiceProps<T> = {
  readonly label: string
  readonly options: readonly (readonly [T, string])[]
  readonly chosen: T
  readonly onChoose: (chosen: T) => void
}

/** One of a few, all of them in sight. */
function Choice<T>({ label, options, chosen, onChoose }: ChoiceProps<T>): ReactNode {
  const name = useId()
  return (
    <fieldset className="grid gap-1">
      <legend className="mb-1 font-medium">{label}</legend>
      <div className="flex flex-wrap gap-1.5">
        {options.map(([value, words]) => (
          <label key={words} className="btn has-checked:border-accent has-checked:bg-picked has-focus-visible:outline-2">
            <input
              type="radio"
              name={name}
              className="size-4 accent-accent"
              checked={value === chosen}
              onChange={() => onChoose(value)}
            />
            {words}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
