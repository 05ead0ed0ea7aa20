import { Command } from 'commander'
import { answer, type Common, moment, note, plain, print, table } from './output.ts'
import { command, usage } from './program.ts'

const scopes = ['submit', 'read', 'decide', 'admin'] as const
type ScopeName = (typeof scopes)[number]
type CreateOptions = Common & { name: string; scope: string; person?: string; callbackUrl?: string }

/** Loaded when a command runs, so that --help is fast. */
const session = () => import('./session.ts')

export function tokenCommand(): Command {
  return new Command('token')
    .description('Credentials of programs: make, list and revoke them')
    .addCommand(createCommand())
    .addCommand(listCommand())
    .addCommand(revokeCommand())
}

function createCommand(): Command {
  return command('create', 'Make a credential; it is printed this once, alone on standard output')
    .requiredOption('--name <name>', 'what it is for')
    .requiredOption('--scope <scope>', scopes.join(', '))
    .option('--person <email>', 'whose decisions a deciding credential makes (default: the owner)')
    .option('--callback-url <url>', 'where outcomes are sent, signed; its secret is printed on standard error')
    .action(async (options: CreateOptions) => {
      const { name, scope, person, callbackUrl } = options
      if (!scopes.includes(scope as ScopeName)) throw usage(`There is no scope "${scope}": use ${scopes.join(', ')}.`)
      const input = {
        name,
        scope: scope as ScopeName,
        ...(person === undefined ? {} : { person }),
        ...(callbackUrl === undefined ? {} : { callback_url: callbackUrl }),
      }
      const made = await (await session()).withSession(options, (client) => client.tokens.create(input), 'new-or-existing')
      if (options.json) return print(JSON.stringify(made, null, 2))
      print(made.token)
      if (made.callback_secret !== null) note(`Callback secret: ${made.callback_secret}`)
    })
}

function listCommand(): Command {
  return command('list', 'Credentials there are').action(async (options: Common) => {
    const { items } = await (await session()).withSession(options, (client) => client.tokens.list({}))
    answer(options, { items }, () => {
      if (items.length === 0) return 'There are none. Make one with "countersign token create".'
      const rows = items.map((item) => [
        item.id,
        plain(item.name),
        item.scopes.join(', '),
        plain(item.person_email ?? item.callback_url ?? ''),
        moment(item.created_at),
        item.last_used_at === null ? 'never' : moment(item.last_used_at),
      ])
      return table(['ID', 'NAME', 'SCOPES', 'PERSON OR CALLBACK', 'MADE', 'LAST USED'], rows)
    })
  })
}

function revokeCommand(): Command {
  return command('revoke', 'Revoke a credential at once')
    .argument('<id>', 'its id, as the list shows it')
    .action(async (id: string, options: Common) => {
      const said = await (await session()).withSession(options, (client) => client.tokens.revoke({ token_id: id }))
      answer(options, said, () => plain(said.message))
    })
}
