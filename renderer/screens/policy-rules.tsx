import { Plus, Scale } from 'lucide-react'
import { useState } from 'react'
import type { PolicyForm } from '../../shared/contract/policy-form.ts'
import { asWords } from '../format.ts'
import { CopyButton } from '../parts/copy.tsx'
import { Notice } from '../parts/notice.tsx'
import { Bones, Part } from '../parts/page.tsx'
import { toHash } from '../route.ts'
import { useActions, useInbox } from '../store/context.ts'
import type { PolicyView } from '../store/policy.ts'
import { type FormDesk, usePolicyForm } from '../store/policy-form.ts'
import { t } from '../strings.ts'
import { ty } from '../strings-policy.ts'
import { visible } from '../visible-text.ts'
import { type EditedRule, RuleSheet } from './policy-rule-form.tsx'
import { RuleTable, type ShownRule } from './policy-table.tsx'
import { UsualSheet, UsualWords } from './policy-usual.tsx'

/** The rules, type by type, in the order in which they are looked at: those of the text that is being written, else those in force. */
export function PolicyRules({ view }: { view: PolicyView }) {
  const { form, change } = usePolicyForm()
  const mayEdit = useInbox((state) => state.scopes.includes('admin'))
  if (form === undefined) return <Bones rows={5} />
  return (
    <>
      {form === null ? <InForce view={view} /> : <Written form={form} change={mayEdit ? change : null} />}
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

/** A text that no form can be made of: what counts meanwhile. */
function InForce({ view }: { view: PolicyView }) {
  return (
    <>
      <p className="text-amber">
        {ty.form.broken}{' '}
        <a className="font-semibold underline underline-offset-2" href={toHash({ view: 'policy', id: 'text' })}>
          {ty.form.toText}
        </a>
      </p>
      <Tables rules={view.rules.map((rule) => ({ ...rule, index: null, asks: null }))} />
      <p>{ty.rules.self[view.self_approval]}</p>
    </>
  )
}

function Written({ form, change }: { form: PolicyForm; change: FormDesk['change'] | null }) {
  const actions = useActions()
  const [editing, setEditing] = useState<EditedRule | null>(null)
  const [usual, setUsual] = useState(false)
  const rules = form.rules.map((rule): ShownRule => ({ ...rule, asks: rule }))
  const edit =
    change === null
      ? null
      : {
          open: ({ type, index }: ShownRule) =>
            setEditing(form.rules.find((each) => each.type === type && each.index === index) ?? null),
          move: async ({ type, index }: ShownRule, to: number) => {
            if (index === null) return
            const failure = await change({ kind: 'move', type, index, to })
            if (failure) actions.toast('bad', t.failed(failure.message))
          },
        }
  return (
    <>
      {rules.length === 0 && (
        <Notice icon={<Scale size={32} strokeWidth={1.5} aria-hidden />} title={ty.rules.none} text={ty.rules.noneHelp} />
      )}
      <Tables rules={rules} edit={edit} />
      {change && (
        <button type="button" className="btn justify-self-start" onClick={() => setEditing({ type: '' })}>
          <Plus size={15} aria-hidden /> {ty.form.add}
        </button>
      )}
      <Part
        title={ty.form.usual}
        action={
          change && (
            <button
              type="button"
              className="btn"
              aria-label={ty.form.changeNamed(ty.form.usualTitle)}
              onClick={() => setUsual(true)}
            >
              {ty.form.change}
            </button>
          )
        }
      >
        <div className="card px-4 py-3">
          <UsualWords usual={form.usual} />
        </div>
      </Part>
      {change && <RuleSheet editing={editing} form={form} change={change} onClose={() => setEditing(null)} />}
      {change && <UsualSheet open={usual} form={form} change={change} onClose={() => setUsual(false)} />}
    </>
  )
}

type TablesProps = { readonly rules: readonly ShownRule[]; readonly edit?: Parameters<typeof RuleTable>[0]['edit'] }

function Tables({ rules, edit = null }: TablesProps) {
  const types = [...new Set(rules.map((rule) => rule.type))]
  return types.map((type) => (
    <Part key={type} title={type === '*' ? ty.rules.every : visible(asWords(type))}>
      <RuleTable rules={rules.filter((rule) => rule.type === type)} edit={edit} />
    </Part>
  ))
}
