import { CommanderError } from 'commander'
import { createProgram } from './commands.ts'
import { exitCode } from './exit.ts'
import { note } from './output.ts'

/** Runs one command line; its exit code is left to the process, so that output is written to the end. */
export async function run(args: readonly string[]): Promise<void> {
  try {
    await createProgram().parseAsync(args, { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? exitCode.done : exitCode.usage
      return
    }
    const { toCliError } = await import('./failures.ts')
    const failure = toCliError(error)
    const { code, message, details } = failure
    note(
      args.includes('--json')
        ? JSON.stringify({ error: { code, message, ...(details === undefined ? {} : { details }) } })
        : message,
    )
    process.exitCode = failure.exit
  }
}
