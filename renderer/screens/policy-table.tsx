import { ChevronDown, ChevronUp } from 'lucide-react'
import { useId } from 'react'
import type { PolicyRuleFields } from '../../shared/contract/policy-form.ts'
import { count } from '../format.ts'
import { allOf } from '../language.ts'
import { ActionWord } from '../parts/policy-action.tsx'
import { Plain } from '../parts/text.tsx'
import { go } from '../route.ts'
import { type PolicyView, usePolicyDesk } from '../store/policy.ts'
import { ty } from '../strings-policy.ts'
import { visible } from '../visible-text.ts'

/** A rule as the table shows it. Without an index it cannot be changed here, and whom it asks is not known. */
export type ShownRule = PolicyView['rules'][number] & {
  readonly index: number | null
  readonly asks: (PolicyRuleFields & { readonly levels: number }) | null
}

type Props = {
  readonly rules: readonly ShownRule[]
  readonly edit: {
    readonly open: (rule: ShownRule) => void
    readonly move: (rule: ShownRule, to: number) => Promise<void>
  } | null
}

export function RuleTable({ rules, edit }: Props) {
  const desk = usePolicyDesk()
  const show = (line: number) => {
    desk.show(line)
    go({ view: 'policy', id: 'text' })
  }
  return (
    <div className="card overflow-hidden">
      <table className="grid-table rule-table stacked">
        <thead>
          <tr>
            <th scope="col" className="max-lg:w-[24%]">
              {ty.rules.name}
            </th>
            <th scope="col">{ty.rules.when}</th>
            <th scope="col" className="max-lg:w-[140px]">
              {ty.rules.does}
            </th>
            <th scope="col" className="max-lg:w-[84px]">
              {ty.rules.line}
            </th>
            {edit && (
              <th scope="col" className="w-[148px] max-lg:w-[136px]">
                <span className="sr-only">{ty.form.tools}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rules.map((rule, place) => (
            <tr key={rule.name}>
              <th scope="row" className="font-medium wrap-anywhere">
                <Plain text={rule.name} oneLine />
              </th>
              <td className="wrap-anywhere">
                {rule.when.trim() === '' || rule.when.trim() === 'true' ? (
                  <span className="text-muted">{ty.rules.always}</span>
                ) : (
                  <code className="font-mono text-meta whitespace-pre-wrap">
                    <Plain text={rule.when} />
                  </code>
                )}
              </td>
              <td>
                <ActionWord action={rule.action} />
                {rule.asks && <Asked asks={rule.asks} />}
              </td>
              <td className="whitespace-nowrap">
                {rule.line !== null && (
                  <button
                    type="button"
                    className="min-h-6 text-accent tabular-nums underline underline-offset-2"
                    aria-label={ty.rules.openLabel(rule.line, visible(rule.name))}
                    onClick={() => show(rule.line ?? 1)}
                  >
                    {ty.rules.open(rule.line)}
                  </button>
                )}
              </td>
              {edit && (
                <td>
                  <RuleTools rule={rule} place={place} last={rules.length - 1} edit={edit} />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

type ToolsProps = {
  readonly rule: ShownRule
  readonly place: number
  readonly last: number
  readonly edit: NonNullable<Props['edit']>
}

function RuleTools({ rule, place, last, edit }: ToolsProps) {
  const name = visible(rule.name)
  const id = useId()
  const move = async (to: number, how: 'up' | 'down') => {
    await edit.move(rule, to)
    // Where the row is now the same button goes on; at an end the other one does.
    setTimeout(() => {
      const isEnd = to === 0 ? how === 'up' : to === last && how === 'down'
      document.getElementById(`${id}-${isEnd ? (how === 'up' ? 'down' : 'up') : how}`)?.focus()
    })
  }
  return (
    <div className="flex items-center max-md:-ml-3 md:-my-1.5 md:justify-end">
      <button type="button" className="btn btn-quiet" aria-label={ty.form.changeNamed(name)} onClick={() => edit.open(rule)}>
        {ty.form.change}
      </button>
      {last > 0 && (
        <>
          <button
            id={`${id}-up`}
            type="button"
            className="btn btn-quiet px-1"
            aria-label={ty.form.up(name)}
            disabled={place === 0}
            onClick={() => void move(place - 1, 'up')}
          >
            <ChevronUp size={16} aria-hidden />
          </button>
          <button
            id={`${id}-down`}
            type="button"
            className="btn btn-quiet px-1"
            aria-label={ty.form.down(name)}
            disabled={place === last}
            onClick={() => void move(place + 1, 'down')}
          >
            <ChevronDown size={16} aria-hidden />
          </button>
        </>
      )}
    </div>
  )
}

/** Whom a rule asks, how many have to agree, and for how long. */
function Asked({ asks }: { asks: NonNullable<ShownRule['asks']> }) {
  const { action, approvers, committee, votes, chain, levels, timeout_hours } = asks
  if (action === 'auto_approve' || action === 'reject') return null
  const whom = committee ?? chain ?? (levels > 0 ? ty.form.levelsShort(count(levels)) : allOf(approvers ?? ['sender']))
  return (
    <p className="text-meta text-muted wrap-anywhere">
      <span className="block">{visible(whom)}</span>
      {votes !== null && votes !== 'any' && (
        <span className="block">
          {votes === 'all' ? ty.try.votes.all : typeof votes === 'number' ? ty.try.atLeast(votes) : ty.try.share(votes)}
        </span>
      )}
      {timeout_hours !== null && <span className="block">{ty.try.within(timeout_hours)}</span>}
    </p>
  )
}
