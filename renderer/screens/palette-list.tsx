import { useId } from 'react'
import { useInbox } from '../store/context.ts'
import { tpa } from '../strings-palette.ts'

/** One line that can be chosen. */
export type Choice = {
  readonly id: string
  readonly label: string
  readonly note?: string
  readonly end?: string
  readonly keys: readonly string[]
  readonly run: () => void
}

export type Section = { readonly title: string; readonly choices: readonly Choice[] }

type ListProps = {
  readonly sections: readonly Section[]
  readonly active: number
  readonly optionId: (index: number) => string
  readonly onPoint: (id: string) => void
  readonly onChoose: (choice: Choice) => void
}

/** The lines under their headings; the active one is named by the field. */
export function Sections({ sections, active, optionId, onPoint, onChoose }: ListProps) {
  const id = useId()
  let index = -1
  return sections.map(({ title, choices }, which) => (
    // biome-ignore lint/a11y/useSemanticElements: a listbox has groups, which are no fieldsets
    <div key={title} role="group" aria-labelledby={`${id}-${which}`} className="pb-1.5">
      <div id={`${id}-${which}`} role="presentation" className="head truncate px-2.5 pt-1.5 pb-1">
        {title}
      </div>
      {choices.map((choice) => {
        index++
        return (
          <Option
            key={choice.id}
            id={optionId(index)}
            choice={choice}
            isActive={index === active}
            onPoint={onPoint}
            onChoose={onChoose}
          />
        )
      })}
    </div>
  ))
}

type OptionProps = Pick<ListProps, 'onPoint' | 'onChoose'> & {
  readonly id: string
  readonly choice: Choice
  readonly isActive: boolean
}

function Option({ id, choice, isActive, onPoint, onChoose }: OptionProps) {
  const singleKeys = useInbox((state) => state.singleKeys)
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus and its keys choose
    // biome-ignore lint/a11y/useFocusableInteractive: the field has the focus and names the active option
    <div
      id={id}
      role="option"
      aria-selected={isActive}
      className={`flex min-h-8 cursor-default items-center gap-3 rounded-control px-2.5 py-1 pointer-coarse:min-h-11 ${isActive ? 'bg-picked' : ''}`}
      // The field keeps the focus.
      onMouseDown={(event) => event.preventDefault()}
      onMouseMove={() => onPoint(choice.id)}
      onClick={() => onChoose(choice)}
    >
      <span className="min-w-0 truncate">{choice.label}</span>
      {choice.note && <span className="min-w-0 flex-1 shrink-[3] truncate text-meta text-muted">{choice.note}</span>}
      {choice.end && <span className="ml-auto shrink-0 tabular-nums">{choice.end}</span>}
      {singleKeys && choice.keys.length > 0 && (
        <span className="ml-auto flex shrink-0 gap-0.5 text-muted max-md:hidden" aria-hidden="true">
          {choice.keys.map((key) => (
            <kbd key={key} className="kbd">
              {key}
            </kbd>
          ))}
        </span>
      )}
    </div>
  )
}

/** Which keys help. */
export function Foot() {
  const ways = [
    ['↑ ↓', tpa.foot.choose],
    ['↵', tpa.foot.act],
    ['Esc', tpa.foot.close],
  ] as const
  return (
    <p className="flex gap-4 border-t border-line px-4 py-2 text-meta text-muted max-md:hidden" aria-hidden="true">
      {ways.map(([key, words]) => (
        <span key={key} className="flex items-center gap-1.5">
          <kbd className="kbd">{key}</kbd>
          {words}
        </span>
      ))}
    </p>
  )
}
