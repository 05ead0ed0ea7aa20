import type { Command } from 'commander'
import { exitCode } from './exit.ts'
import { answer, type Common, plain, short, table } from './output.ts'
import { command } from './program.ts'

/** Loaded when a command runs, so that --help is fast. */
const session = () => import('./session.ts')

export function workflowsCommand(): Command {
  return command('workflows', 'Workflows that can be started; exit code 1 when a file could not be loaded')
    .option('--reload', 'read the home’s workflow files again first')
    .action(async (options: Common & { reload?: boolean }) => {
      const { items } = await (await session()).withSession(options, (client) =>
        options.reload ? client.workflows.reload({}) : client.workflows.list({}),
      )
      const broken = items.filter(({ error }) => error !== null)
      answer(options, { items }, () =>
        [
          table(
            ['NAME', 'VERSION', 'FROM', 'INPUT'],
            items.map(({ name, version, origin, input }) => [plain(name), String(version), plain(origin), inputLine(input)]),
          ),
          ...broken.map(({ origin, error }) => `${plain(origin)} could not be loaded: ${plain(error ?? '')}`),
        ].join('\n'),
      )
      if (broken.length > 0) process.exitCode = exitCode.rejected
    })
}

/** The members of an input, by name. */
function inputLine(schema: unknown): string {
  const { properties = {} } = (schema ?? {}) as { properties?: object }
  return short(Object.keys(properties).join(', '), 60)
}
