import type { Command } from 'commander'
import { answer, type Common, note, plain } from './output.ts'
import { command, usage } from './program.ts'
import { taskOf } from './runs.ts'

/** Loaded when a command runs, so that --help is fast. */
const session = () => import('./session.ts')

const word = 'erase'

type Options = Common & { reason?: string; yes?: boolean }

export function eraseCommand(): Command {
  return command('erase', 'Erase what an ended run said, for ever; that it was asked and how it ended stays')
    .argument('<id>', 'id of the run, or of one of its approvals')
    .requiredOption('--reason <text>', 'why; it stays in the journal')
    .option('--yes', 'do not ask whether it is meant')
    .action(async (id: string, options: Options) => {
      const reason = options.reason?.trim()
      if (!reason) throw usage('--reason says why it is erased, and cannot be empty.')
      const said = await (await session()).withSession(options, async (client) => {
        const run_id = await taskOf(client, id)
        if (!options.yes) await confirm((await client.tasks.get({ task_id: run_id })).title)
        return client.erasure.erase({ run_id, reason })
      })
      answer(options, said, () => plain(said.message))
    })
}

/** Asks a person at a terminal to type the word. Where nobody sits, it has to be said beforehand. */
async function confirm(title: string): Promise<void> {
  if (!process.stdin.isTTY) throw usage('What is erased cannot be brought back. Add --yes if it is meant.')
  const { createInterface } = await import('node:readline/promises')
  note(`This erases what “${plain(title)}” said: the request, comments, answers and results. It cannot be undone.`)
  const asking = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const typed = await asking.question(`Type "${word}" to go on: `)
    if (typed.trim().toLowerCase() !== word) throw usage('Nothing was erased.')
  } finally {
    asking.close()
  }
}
