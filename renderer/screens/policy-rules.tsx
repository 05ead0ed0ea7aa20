import { Scale } from 'lucide-react'
import { asWords } from '../format.ts'
import { CopyButton } from '../parts/copy.tsx'
import { Notice } from '../parts/notice.tsx'
import { Part } from '../parts/page.tsx'
import { ActionWord } from '../parts/policy-action.tsx'
import { Plain } from '../parts/text.tsx'
import { go, toHash } from '../route.ts'
import { type PolicyView, usePolicyDesk } from '../store/policy.ts'
import { ty } from '../strings-policy.ts'
import { visible } from '../visible-text.ts'

type Rule = PolicyView['rules'][number]

/** The rules in force, type by type, in the order in which they are looked at. */
export function PolicyRules({ view }: { view: PolicyView }) {
  const types = [...new Set(view.rules.map((rule) => rule.type))]
  return (
    <>
      {types.length === 0 && (
        <Notice icon={<Scale size={32} strokeWidth={1.5} aria-hidden />} title={ty.rules.none} text={ty.rules.noneHelp}>
          <a className="btn" href={toHash({ view: 'policy', id: 'text' })}>
            {ty.rules.edit}
          </a>
        </Notice>
      )}
      {types.map((type) => (
        <Part key={type} title={type === '*' ? ty.rules.every : visible(asWords(type))}>
          <RuleTable rules={view.rules.filter((rule) => rule.type === type)} />
        </Part>
      ))}
      <p>{ty.rules.self[view.self_approval]}</p>
      <dl className="grid grid-cols-[minmax(72px,auto)_minmax(0,1fr)] items-center gap-x-4 gap-y-1.5">
        <dt className="text-muted">{ty.rules.version}</dt>
        <dd>
          <code className="font-mono text-meta">{view.version}</code>
        </dd>
        <dt className="text-muted">{ty.rules.file}</dt>
        <dd className="flex flex-wrap items-center justify-between gap-2">
          <code className="min-w-0 font-mono text-meta wrap-anywhere">{visible(view.path)}</code>
          <CopyButton text={view.path} />
        </dd>
      </dl>
    </>
  )
}

function RuleTable({ rules }: { rules: readonly Rule[] }) {
  const desk = usePolicyDesk()
  const open = (line: number) => {
    desk.show(line)
    go({ view: 'policy', id: 'text' })
  }
  return (
    <div className="card overflow-hidden">
      <table className="grid-table rule-table stacked">
        <thead>
          <tr>
            <th scope="col">{ty.rules.name}</th>
            <th scope="col">{ty.rules.when}</th>
            <th scope="col">{ty.rules.does}</th>
            <th scope="col">{ty.rules.line}</th>
          </tr>
        </thead>
        <tbody>
          {rules.map((rule) => (
            <tr key={`${rule.name}:${rule.line}`}>
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
              </td>
              <td className="whitespace-nowrap">
                {rule.line !== null && (
                  <button
                    type="button"
                    className="text-accent tabular-nums underline underline-offset-2"
                    aria-label={ty.rules.openLabel(rule.line, visible(rule.name))}
                    onClick={() => open(rule.line ?? 1)}
                  >
                    {ty.rules.open(rule.line)}
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
