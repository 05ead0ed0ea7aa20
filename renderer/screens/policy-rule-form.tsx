import { type FormEvent, useState } from 'react'
import type { PolicyForm, PolicyFormRule, PolicyRuleFields } from '../../shared/contract/policy-form.ts'
import type { CallFailure } from '../failure.ts'
import { count } from '../format.ts'
import { Sheet } from '../parts/dialog.tsx'
import { Field, Problem, toFieldErrors } from '../parts/form.tsx'
import { useActions } from '../store/context.ts'
import type { FormDesk } from '../store/policy-form.ts'
import { ty } from '../strings-policy.ts'
import { visible } from '../visible-text.ts'
import { allPicked, Pick, picked } from './people-pick.tsx'
import {
  HoursField,
  Steps,
  toNumber,
  toStepForms,
  toSteps,
  toVoteForm,
  toVotes,
  toWritten,
  useKnown,
  VotesField,
} from './policy-steps.tsx'

const f = ty.form

export type EditedRule = PolicyFormRule | { readonly type: string }

type Props = {
  readonly editing: EditedRule | null
  readonly form: PolicyForm
  readonly change: FormDesk['change']
  readonly onClose: () => void
}

/** Enters or changes a rule. It goes into the text; nothing of it counts before that is put in force. */
export function RuleSheet({ editing, form, change, onClose }: Props) {
  const rule = editing !== null && 'name' in editing ? editing : null
  return (
    <Sheet open={editing !== null} onClose={onClose} title={rule ? f.editTitle(visible(rule.name)) : f.addTitle} wide>
      {editing && <RuleForm type={editing.type} rule={rule} form={form} change={change} onClose={onClose} />}
    </Sheet>
  )
}

const startOf = (type: string, rule: PolicyFormRule | null) => ({
  type,
  name: rule?.name ?? '',
  when: rule === null || rule.when.trim() === 'true' ? '' : rule.when,
  action: rule?.action ?? ('require_approval' as const),
  reason: rule?.reason ?? '',
  approvers: picked(rule?.approvers ?? []),
  votes: toVoteForm(rule?.votes ?? null),
  committee: rule?.committee ?? '',
  chain: rule?.chain ?? '',
  hours: toWritten(rule?.timeout_hours ?? null),
  ownSteps: rule?.escalate != null,
  steps: toStepForms(rule?.escalate ?? []),
  hard: rule?.hard_limit ?? false,
})
type Form = ReturnType<typeof startOf>

/** What does not belong to the action is left out, as the policy wants it. */
function toRule(form: Form, before: PolicyFormRule | null): PolicyRuleFields {
  const asks = form.action === 'require_approval' || form.action === 'escalate'
  const isCommittee = form.action === 'escalate'
  const isLevelled = form.chain !== '' || (before?.levels ?? 0) > 0
  const approvers = allPicked(form.approvers)
  return {
    name: form.name.trim(),
    when: form.when.trim() || 'true',
    action: form.action,
    reason: form.reason.trim() || null,
    approvers: asks && !isCommittee && !isLevelled && approvers.length > 0 ? approvers : null,
    votes: asks && (isCommittee || !isLevelled) ? toVotes(form.votes, before?.votes ?? null) : null,
    committee: isCommittee ? form.committee.trim() || null : null,
    chain: asks && !isCommittee ? form.chain || null : null,
    timeout_hours: asks ? toNumber(form.hours) : null,
    escalate: asks && form.ownSteps ? toSteps(form.steps) : null,
    hard_limit: asks && form.hard,
  }
}

const members = [
  'type',
  'name',
  'when',
  'action',
  'reason',
  'approvers',
  'votes',
  'committee',
  'chain',
  'timeout_hours',
  'escalate',
]

type FormProps = Omit<Props, 'editing'> & { readonly type: string; readonly rule: PolicyFormRule | null }

function RuleForm({ type, rule, form: policy, change, onClose }: FormProps) {
  const actions = useActions()
  const [form, setForm] = useState(() => startOf(type, rule))
  const [failure, setFailure] = useState<CallFailure | null>(null)
  const [busy, setBusy] = useState(false)
  const { errors, whole } = toFieldErrors(failure, members)
  const put = (changed: Partial<Form>) => setForm((held) => ({ ...held, ...changed }))
  const take = async (wanted: Parameters<typeof change>[0]) => {
    if (busy) return
    setBusy(true)
    const refused = await change(wanted)
    setBusy(false)
    setFailure(refused)
    if (refused) return
    actions.toast('good', f.taken)
    onClose()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void take({ kind: 'put', type: form.type.trim(), index: rule?.index ?? null, rule: toRule(form, rule) })
  }
  const asks = form.action === 'require_approval' || form.action === 'escalate'
  const known = [...new Set(policy.rules.map((each) => each.type))]
  return (
    <form className="grid gap-3" onSubmit={submit}>
      <div className="flex flex-wrap gap-3">
        <Field label={f.type} help={f.typeHelp} error={errors.get('type')}>
          {(tied) => (
            <>
              <input
                {...tied}
                className="field read-only:bg-well"
                value={form.type}
                readOnly={rule !== null}
                required
                maxLength={64}
                list="rule-types"
                spellCheck={false}
                autoCapitalize="off"
                onChange={(event) => put({ type: event.target.value })}
              />
              <datalist id="rule-types">
                {known.map((each) => (
                  <option key={each} value={each} />
                ))}
              </datalist>
            </>
          )}
        </Field>
        <Field label={f.name} help={f.nameHelp} error={errors.get('name')}>
          {(tied) => (
            <input
              {...tied}
              className="field"
              value={form.name}
              required
              maxLength={100}
              spellCheck={false}
              onChange={(event) => put({ name: event.target.value })}
            />
          )}
        </Field>
      </div>
      <Field label={f.when} help={f.whenHelp} error={errors.get('when')}>
        {(tied) => (
          <textarea
            {...tied}
            className="field min-h-16 font-mono text-meta"
            value={form.when}
            maxLength={4000}
            spellCheck={false}
            onChange={(event) => put({ when: event.target.value })}
          />
        )}
      </Field>
      <Field label={f.does} error={errors.get('action')}>
        {(tied) => (
          <select
            {...tied}
            className="field"
            value={form.action}
            onChange={(event) => put({ action: event.target.value as Form['action'] })}
          >
            {(['auto_approve', 'require_approval', 'escalate', 'reject'] as const).map((action) => (
              <option key={action} value={action}>
                {ty.action[action]}
              </option>
            ))}
          </select>
        )}
      </Field>
      {asks && <Asking form={form} put={put} errors={errors} levels={rule?.levels ?? 0} chains={policy.chains} />}
      <Field label={f.reason} error={errors.get('reason')}>
        {(tied) => (
          <input
            {...tied}
            className="field"
            value={form.reason}
            maxLength={1000}
            onChange={(event) => put({ reason: event.target.value })}
          />
        )}
      </Field>
      <Problem text={whole} />
      <div className="flex flex-wrap justify-end gap-2">
        {rule && (
          <button
            type="button"
            className="btn btn-quiet btn-reject mr-auto text-muted"
            onClick={() => void take({ kind: 'remove', type: rule.type, index: rule.index })}
          >
            {f.remove}
          </button>
        )}
        <button type="button" className="btn" onClick={onClose}>
          {f.cancel}
        </button>
        <button type="submit" className="btn btn-accent">
          {f.apply}
        </button>
      </div>
    </form>
  )
}

type AskingProps = {
  readonly form: Form
  readonly put: (changed: Partial<Form>) => void
  readonly errors: ReadonlyMap<string, string>
  readonly levels: number
  readonly chains: readonly string[]
}

/** Whom a rule asks, how many have to agree, for how long, and whom else. */
function Asking({ form, put, errors, levels, chains }: AskingProps) {
  const known = useKnown(true)
  const isCommittee = form.action === 'escalate'
  const hasLevels = levels > 0 && !isCommittee
  return (
    <>
      {hasLevels && <p className="text-muted">{f.ownLevels(count(levels))}</p>}
      {!hasLevels && !isCommittee && (chains.length > 0 || form.chain !== '') && (
        <Field label={f.chain} error={errors.get('chain')}>
          {(tied) => (
            <select {...tied} className="field" value={form.chain} onChange={(event) => put({ chain: event.target.value })}>
              <option value="">{f.oneLevel}</option>
              {chains.map((name) => (
                <option key={name} value={name}>
                  {f.chainOf(visible(name))}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      {isCommittee && (
        <Field label={f.committee} help={f.committeeHelp} error={errors.get('committee')}>
          {(tied) => (
            <input
              {...tied}
              className="field"
              value={form.committee}
              required
              maxLength={100}
              spellCheck={false}
              onChange={(event) => put({ committee: event.target.value })}
            />
          )}
        </Field>
      )}
      {!isCommittee && !hasLevels && form.chain === '' && (
        <Pick
          label={f.approvers}
          help={f.approversHelp}
          error={errors.get('approvers')}
          value={form.approvers}
          onChange={(approvers) => put({ approvers })}
          known={known}
        />
      )}
      {(isCommittee || (!hasLevels && form.chain === '')) && (
        <VotesField value={form.votes} error={errors.get('votes')} onChange={(votes) => put({ votes })} />
      )}
      <HoursField label={f.hours} value={form.hours} error={errors.get('timeout_hours')} onChange={(hours) => put({ hours })} />
      <Check label={f.escalateOwn} checked={form.ownSteps} onChange={(ownSteps) => put({ ownSteps })} />
      {form.ownSteps && <Steps steps={form.steps} error={errors.get('escalate')} onChange={(steps) => put({ steps })} />}
      <Check label={f.hard} checked={form.hard} onChange={(hard) => put({ hard })} />
    </>
  )
}

function Check({ label, checked, onChange }: { label: string; checked: boolean; onChange: (on: boolean) => void }) {
  return (
    <label className="flex items-start gap-2">
      <input
        type="checkbox"
        className="mt-0.5 size-4 shrink-0 accent-accent"
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span>{label}</span>
    </label>
  )
}
