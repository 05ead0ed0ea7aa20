import { Command, CommanderError } from 'commander'
import { version } from '../core/version.ts'
import { askCommand } from './ask.ts'
import { auditCommand } from './audit.ts'
import { exitCode } from './exit.ts'
import { serveCommand, startCommand } from './hosts.ts'
import { decideCommands, listCommand, showCommand } from './inbox.ts'
import { note } from './output.ts'
import { tokenCommand } from './tokens.ts'
import { doctorCommand, rebuildCommand, urlCommand } from './upkeep.ts'

function createProgram(): Command {
  const program = new Command('countersign')
    .description('A local-first inbox for approvals: programs ask, people answer, nothing acknowledged is ever lost.')
    .version(version)
    .addHelpText('after', '\nExit codes: 0 done or approved, 1 rejected, 2 usage, 3 expired, 4 not reachable.')
  const commands = [
    startCommand(),
    serveCommand(),
    askCommand(),
    listCommand(),
    showCommand(),
    ...decideCommands(),
    urlCommand(),
    tokenCommand(),
    auditCommand(),
    rebuildCommand(),
    doctorCommand(),
  ]
  for (const command of commands) program.addCommand(command)
  for (const command of [program, ...commands, ...commands.flatMap((group) => group.commands)]) command.exitOverride()
  return program
}

/** Runs one command line; its exit code is left to the process, so that output is written to the end. */
async function main(args: readonly string[]): Promise<void> {
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

await main(process.argv.slice(2))
