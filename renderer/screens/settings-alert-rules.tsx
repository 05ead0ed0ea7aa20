import { Plus, Trash2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { AlertRule } from '../../shared/model/alert.ts'
import { count } from '../format.ts'
import { tal } from '../strings-alerts.ts'

type Props = { readonly rules: readonly AlertRule[]; readonly save: (rules: readonly AlertRule[]) => unknown }

const risks = ['any', 'low', 'medium', 'high'] as const
const hows = ['now', 'digest', 'never'] as const
const sounds = ['same', 'on', 'off'] as const

const soundOf = ({ sound }: AlertRule): (typeof sounds)[number] => (sound === undefined ? 'same' : sound ? 'on' : 'off')

/** How new requests are told by type and risk: a line each, the first that fits. Each change is saved at once. */
export function AlertRules({ rules, save }: Props) {
  const replace = (index: number, { type, risk, sound, ...rest }: AlertRule) => {
    // What is not said is left out of the file.
    const kept = { ...(type ? { type } : {}), ...(risk ? { risk } : {}), ...rest, ...(sound === undefined ? {} : { sound }) }
    save(rules.map((rule, at) => (at === index ? kept : rule)))
  }
  return (
    <section aria-label={tal.rules} className="grid gap-2">
      <div>
        <h3 className="font-medium">{tal.rules}</h3>
        <p className="text-meta text-muted">{rules.length === 0 ? tal.noRules : tal.rulesHelp}</p>
      </div>
      {rules.length > 0 && (
        <ol className="grid gap-4 md:gap-2">
          {rules.map((rule, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
            <li key={index} className="grid grid-cols-[1fr_1fr_auto] items-center gap-2 md:grid-cols-[1.1fr_1fr_1fr_1.1fr_auto]">
              <TypeField value={rule.type ?? ''} onChange={(type) => replace(index, { ...rule, type })} />
              <Select
                label={tal.risk}
                value={rule.risk ?? 'any'}
                options={risks}
                words={tal.risks}
                onChange={(risk) => replace(index, { ...rule, risk: risk === 'any' ? undefined : risk })}
              />
              <Select
                label={tal.how}
                value={rule.new}
                options={hows}
                words={tal.hows}
                onChange={(how) => replace(index, { ...rule, new: how })}
              />
              <Select
                label={tal.soundColumn}
                value={soundOf(rule)}
                options={sounds}
                words={tal.sounds}
                onChange={(sound) => replace(index, { ...rule, sound: sound === 'same' ? undefined : sound === 'on' })}
              />
              <button
                type="button"
                className="btn btn-quiet px-2 max-md:col-start-3 max-md:row-span-2 max-md:row-start-1"
                aria-label={tal.remove(count(index + 1))}
                onClick={() => save(rules.filter((_, at) => at !== index))}
              >
                <Trash2 size={15} aria-hidden />
              </button>
            </li>
          ))}
        </ol>
      )}
      <button type="button" className="btn justify-self-start" onClick={() => save([...rules, { risk: 'low', new: 'digest' }])}>
        <Plus size={15} aria-hidden /> {tal.add}
      </button>
    </section>
  )
}

/** Written as programs write it; empty is any type. */
function TypeField({ value, onChange }: { value: string; onChange: (type: string) => unknown }) {
  const [written, setWritten] = useState(value)
  useEffect(() => setWritten(value), [value])
  return (
    <input
      className="field min-w-0"
      aria-label={tal.type}
      placeholder={tal.anyType}
      value={written}
      maxLength={64}
      spellCheck={false}
      autoCapitalize="off"
      onChange={(event) => setWritten(event.target.value)}
      onBlur={() => written.trim() !== value && onChange(written.trim())}
      onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
    />
  )
}

type SelectProps<T extends string> = {
  readonly label: string
  readonly value: T
  readonly options: readonly T[]
  readonly words: Readonly<Record<T, string>>
  readonly onChange: (value: T) => unknown
}

function Select<T extends string>({ label, value, options, words, onChange }: SelectProps<T>) {
  return (
    <select className="field min-w-0" aria-label={label} value={value} onChange={(event) => onChange(event.target.value as T)}>
      {options.map((option) => (
        <option key={option} value={option}>
          {words[option]}
        </option>
      ))}
    </select>
  )
}
