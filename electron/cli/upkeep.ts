import type { Command } from 'commander'
import { exitCode } from './exit.ts'
import { answer, type Common, plain } from './output.ts'
import { command } from './program.ts'

/** Loaded when a command runs, so that --help is fast. */
const session = () => import('./session.ts')

export function urlCommand(): Command {
  return command('url', 'A fresh one-time link that signs you in to the inbox in a browser').action(async (options: Common) => {
    const { homeOf, openServer } = await session()
    const client = await openServer(await homeOf(options), 'owner')
    const link = await client.system.link({})
    answer(options, link, () => link.url)
  })
}

export function rebuildCommand(): Command {
  return command('rebuild', 'Compute the database anew from the journal').action(async (options: Common) => {
    const said = await (await session()).withSession(options, (client) => client.system.rebuild({}))
    answer(options, said, () => plain(said.message))
  })
}

const marks = { ok: 'ok     ', warning: 'warning', problem: 'PROBLEM' } as const

export function doctorCommand(): Command {
  return command('doctor', 'What works here, what does not, and what to do about it').action(async (options: Common) => {
    const { checks } = await (await session()).withSession(options, (client) => client.system.doctor({}), 'new-or-existing')
    answer(options, { checks }, () =>
      [
        ...checks.flatMap(({ state, name, detail, fix }) => [
          `${marks[state]}  ${name}: ${plain(detail)}`,
          ...(fix === null ? [] : [`         → ${plain(fix)}`]),
        ]),
      ].join('\n'),
    )
    if (checks.some((check) => check.state === 'problem')) process.exitCode = exitCode.rejected
  })
}
