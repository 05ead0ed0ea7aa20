import type { Command } from 'commander'
import type { PeopleView } from '../../shared/contract/people.ts'
import { answer, type Common, moment, plain, table } from './output.ts'
import { command, usage } from './program.ts'
import type { Client } from './server.ts'
import { commas, exact, instant } from './values.ts'

/** Loaded when a command runs, so that --help is fast. */
const session = () => import('./session.ts')

export function peopleCommand(): Command {
  return command('people', 'People, groups and delegations').action(async (options: Common) => {
    const view = await (await session()).withSession(options, (client) => client.people.get({}))
    answer(options, view, () => peopleText(view))
  })
}

function peopleText({ people, groups, delegations }: PeopleView): string {
  const rows = people.map((one) =>
    [
      one.email,
      one.name,
      one.groups.join(', '),
      one.away === null ? '' : `${one.is_away ? 'away' : 'will be away'} until ${moment(one.away.until)}`,
      one.backup ?? '',
    ].map(plain),
  )
  const groupRows = groups.map(({ name, label, members }) => [`group:${name}`, label, members.join(', ')].map(plain))
  const handed = delegations.map((one) =>
    [
      one.id,
      one.from,
      one.to,
      one.active ? 'now' : moment(one.starts_at),
      moment(one.ends_at),
      [one.types.join(', '), one.max_amount === null ? '' : `up to ${one.max_amount} ${one.currency ?? ''}`.trim()]
        .filter(Boolean)
        .join('; ') || 'everything',
    ].map(plain),
  )
  return [
    rows.length === 0 ? 'Nobody is known here yet.' : table(['E-MAIL', 'NAME', 'GROUPS', 'AWAY', 'BACKUP'], rows),
    ...(groupRows.length === 0 ? [] : ['', table(['GROUP', 'LABEL', 'MEMBERS'], groupRows)]),
    ...(handed.length === 0 ? [] : ['', table(['DELEGATION', 'FROM', 'TO', 'STARTS', 'ENDS', 'FOR'], handed)]),
  ].join('\n')
}

type DelegateOptions = Common & {
  from?: string
  to?: string
  starts?: string
  until?: string
  types?: readonly string[]
  maxAmount?: string
  currency?: string
  reason?: string
  end?: string
}

export function delegateCommand(): Command {
  return command('delegate', 'Hand decisions to somebody for a time; both names are recorded')
    .option('--from <email>', 'whose decisions (default: yours)')
    .option('--to <email>', 'who gets them')
    .option('--until <time>', 'until when: 2026-12-24, 2026-12-24T18:00, or 3d from now')
    .option('--starts <time>', 'from when (default: now)')
    .option('--types <types>', 'only requests of these types (commas)', commas)
    .option('--max-amount <amount>', 'only up to this amount')
    .option('--currency <code>', 'what that amount is in')
    .option('--reason <text>', 'why')
    .option('--end <id>', 'end a delegation now, by its id')
    .action(async (options: DelegateOptions) => {
      await (await session()).withSession(options, (client) => (options.end === undefined ? delegate : end)(client, options))
    })
}

async function delegate(client: Client, options: DelegateOptions): Promise<void> {
  const { to, until, starts, types, maxAmount, currency, reason } = options
  if (to === undefined || until === undefined) throw usage('Say to whom and until when: --to EMAIL --until TIME.')
  const made = await client.people.delegate({
    from: options.from ?? (await me(client)),
    to,
    ends_at: instant(until),
    ...(starts === undefined ? {} : { starts_at: instant(starts) }),
    ...(types === undefined ? {} : { types: [...types] }),
    ...(maxAmount === undefined ? {} : { max_amount: exact(maxAmount) }),
    ...(currency === undefined ? {} : { currency }),
    ...(reason === undefined ? {} : { reason }),
  })
  answer(options, made, () =>
    plain(`${made.to} decides for ${made.from} until ${moment(made.ends_at)}. End it with --end ${made.id}`),
  )
}

async function end(client: Client, options: DelegateOptions): Promise<void> {
  const view = await client.people.endDelegation({ delegation_id: options.end! })
  answer(options, view, () => 'The delegation has ended.')
}

type AwayOptions = Common & { person?: string; from?: string; until?: string; back?: boolean }

export function awayCommand(): Command {
  return command('away', 'Say until when you are away: your backup is asked meanwhile')
    .option('--until <time>', 'until when: 2026-12-24, 2026-12-24T18:00, or 3d from now')
    .option('--from <time>', 'from when (default: now)')
    .option('--person <email>', 'who is away (default: you)')
    .option('--back', 'is back, or stays after all')
    .action(async (options: AwayOptions) => {
      const away = toAway(options)
      const view = await (await session()).withSession(options, async (client) => {
        const email = options.person ?? (await me(client))
        return { email, people: await client.people.setAway({ email, away }) }
      })
      answer(options, view.people, () =>
        plain(away === null ? `${view.email} is here.` : `${view.email} is away until ${moment(away.until)}.`),
      )
    })
}

function toAway({ until, from, back }: AwayOptions): { from: string; until: string } | null {
  if (back) return null
  if (until === undefined) throw usage('Say until when, with --until TIME, or --back.')
  return { from: from === undefined ? new Date().toISOString() : instant(from), until: instant(until) }
}

async function me(client: Client): Promise<string> {
  const { person } = await client.system.session({})
  if (person === null) throw usage('This inbox has no owner yet. Say who, with --from or --person.')
  return person.email
}
