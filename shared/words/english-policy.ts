type Rule = { readonly rule: string; readonly reason: string | null; readonly when: string | null }
type Compared = { readonly amount: number; readonly currency: string | null; readonly threshold: number }

/** The author's own reason; else the condition, or that there is none. */
const because = ({ reason, when }: Rule): string =>
  reason ?? (when === null ? 'it applies to every such request.' : `${when} holds.`)

const money = ({ amount, currency }: Compared): string => (currency ? `${amount} ${currency}` : String(amount))

/** Why a policy asks whom it asks, or answers by itself. */
export const policy = {
  approves: (rule: Rule) => `Rule “${rule.rule}” approves it: ${because(rule)}`,
  rejects: (rule: Rule) => `Rule “${rule.rule}” rejects it: ${because(rule)}`,
  asks: (rule: Rule) => `Rule “${rule.rule}” asks people: ${because(rule)}`,
  asks_group: ({ group, ...rule }: Rule & { readonly group: string }) => `Rule “${rule.rule}” asks ${group}: ${because(rule)}`,
  unclear: ({ rule, note }: { readonly rule: string; readonly note: string }) =>
    `Rule “${rule}” asks people, for it could not be evaluated (${note}).`,
  none: () => 'No rule matched, so a person is asked.',
  no_expense: ({ amount }: { readonly amount: number }) =>
    `An amount of ${amount} is no expense that a threshold is for, so a person is asked.`,
  below: (compared: Compared) => `${money(compared)} is not over the threshold of ${compared.threshold}.`,
  above: (compared: Compared) => `${money(compared)} is over the threshold of ${compared.threshold}.`,
  doubt: ({ rule, note }: { readonly rule: string; readonly note: string }) =>
    `A person is asked all the same: rule “${rule}” could not be evaluated (${note}).`,
  flagged: () => 'A person is asked all the same, for it is flagged:',
  unknown_group: ({ group }: { readonly group: string }) => `Nobody is known as ${group}.`,
  too_few: ({ votes }: { readonly votes: number }) =>
    `${votes} people have to approve, and fewer are named: anybody who may decide is asked.`,
  no_further: ({ group }: { readonly group: string }) => `It does not go on to ${group}: nobody is known by that name.`,
  condition_met: () => 'The condition for an automatic approval was met.',
  no_level_applies: () => 'None of the levels of its chain applies.',
} as const
