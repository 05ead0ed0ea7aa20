import { Command } from 'commander'
import type { RunItem, RunStatus, TimelineEntry } from '../../shared/model/run.ts'
import { runText } from './diagram.ts'
import { answer, type Common, moment, plain, short, table } from './output.ts'
import { command, number, usage } from './program.ts'
import type { Client } from './server.ts'
import { parseJson, readObject, several, toPair, withPairs } from './values.ts'

const statuses: readonly RunStatus[] = ['running', 'waiting', 'completed', 'failed', 'cancelled', 'needs_review']

/** Loaded when a command runs, so that --help is fast. */
const session = () => import('./session.ts')

export function runCommand(): Command {
  return new Command('run')
    .description('Runs of workflows: list and look at them, start, retry, cancel, signal')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(startRunCommand())
    .addCommand(retryCommand())
    .addCommand(cancelCommand())
    .addCommand(signalCommand())
}

type ListOptions = Common & { status?: string; workflow?: string; limit: number }

function listCommand(): Command {
  return command('list', 'Runs, newest first')
    .option('--status <list>', `${statuses.join(', ')}; several with commas`)
    .option('--workflow <name>', 'only runs of this workflow')
    .option('--limit <n>', 'at most this many', number, 50)
    .action(async (options: ListOptions) => {
      const { status, workflow, limit } = options
      const unknown = status?.split(',').find((name) => !statuses.includes(name as RunStatus))
      if (unknown !== undefined) throw usage(`There is no status "${unknown}": use ${statuses.join(', ')}.`)
      const input = { ...(status === undefined ? {} : { status }), ...(workflow === undefined ? {} : { workflow }), limit }
      const page = await (await session()).withSession(options, (client) => client.tasks.list(input))
      answer(options, page, () => {
        if (page.items.length === 0) return 'Nothing here.'
        const rows = page.items.map(({ id, status: state, workflow: name, progress, title, created_at }) => [
          id,
          state,
          plain(name),
          short(progress.current ?? '', 30),
          short(title, 50),
          moment(created_at),
        ])
        const more = page.total > rows.length ? `\n${rows.length} of ${page.total}. Use --limit for more.` : ''
        return table(['ID', 'STATUS', 'WORKFLOW', 'AT', 'TITLE', 'STARTED'], rows) + more
      })
    })
}

/** A run's own id, or that of one of its approvals. */
export async function taskOf(client: Client, id: string): Promise<string> {
  return id.startsWith('apr_') ? (await client.approvals.get({ approval_id: id })).run_id : id
}

function showCommand(): Command {
  return command('show', 'One run as a diagram: what it did, does and waits for')
    .argument('<id>', 'id of the run, or of one of its approvals')
    .option('--timeline', 'every record of it too')
    .action(async (id: string, options: Common & { timeline?: boolean }) => {
      const view = await (await session()).withSession(options, async (client) => {
        const task_id = await taskOf(client, id)
        const [run, timeline] = await Promise.all([client.tasks.get({ task_id }), client.tasks.timeline({ task_id })])
        return { run: run as RunItem, steps: timeline.steps, entries: timeline.entries as readonly TimelineEntry[] }
      })
      answer(options, view, () => runText(options.timeline ? view : { ...view, entries: [] }))
    })
}

type StartOptions = Common & { title?: string; file?: string; field?: readonly string[] }

function startRunCommand(): Command {
  return command('start', 'Start a workflow of your own; prints the run’s id')
    .argument('<workflow>', 'its name, as "workflows" lists it')
    .option('--title <text>', 'what the run is called')
    .option('--file <file>', 'its input as JSON; - for standard input')
    .option('--field <name=text>', 'a member of the input; name:=json for other than text (repeat)', several)
    .action(async (name: string, options: StartOptions) => {
      const file = options.file === undefined ? {} : await readObject(options.file, '--file')
      const pairs = (options.field ?? []).map((one) => toPair(one, '--field'))
      const input = withPairs(file, pairs, '--field')
      const { homeOf, openServer } = await session()
      const client = await openServer(await homeOf(options), 'submit')
      const { title } = options
      const said = await client.workflows.start({ name, input, ...(title === undefined ? {} : { title }) })
      answer(options, said, () => said.task_id)
    })
}

/** A command that does something to one run and says what the server says. */
function acting<Options extends Common>(
  made: Command,
  act: (client: Client, task_id: string, options: Options) => Promise<{ readonly message: string }>,
): Command {
  return made.argument('<id>', 'id of the run, or of one of its approvals').action(async (id: string, options: Options) => {
    const said = await (await session()).withSession(options, async (client) => act(client, await taskOf(client, id), options))
    answer(options, said, () => plain(said.message))
  })
}

const retryCommand = (): Command =>
  acting(command('retry', 'Go on with a run that needs review; answers already given are kept'), (client, task_id) =>
    client.tasks.retry({ task_id }),
  )

const cancelCommand = (): Command =>
  acting<Common & { reason?: string }>(
    command('cancel', 'Cancel a run that has not ended').option('--reason <text>', 'why'),
    (client, task_id, { reason }) => client.tasks.cancel({ task_id, ...(reason === undefined ? {} : { reason }) }),
  )

function signalCommand(): Command {
  return command('signal', 'Send a named message to a run')
    .argument('<id>', 'id of the run')
    .argument('<name>', 'name of the message')
    .option('--payload <json>', 'what it says')
    .action(async (id: string, name: string, options: Common & { payload?: string }) => {
      const payload = options.payload === undefined ? {} : { payload: parseJson(options.payload, '--payload') }
      const said = await (await session()).withSession(options, async (client) =>
        client.tasks.signal({ task_id: await taskOf(client, id), name, ...payload }),
      )
      answer(options, said, () => plain(said.message))
    })
}
