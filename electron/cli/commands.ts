import { Command } from 'commander'
import { version } from '../core/version.ts'
import { askCommand } from './ask.ts'
import { auditCommand } from './audit.ts'
import { decideCommands, handlingCommands } from './decide.ts'
import { eraseCommand } from './erase.ts'
import { exportCommand } from './export.ts'
import { serveCommand, startCommand } from './hosts.ts'
import { listCommand, showCommand } from './inbox.ts'
import { awayCommand, delegateCommand, peopleCommand } from './people.ts'
import { policyCommand } from './policy.ts'
import { runCommand } from './runs.ts'
import { tokenCommand } from './tokens.ts'
import { doctorCommand, rebuildCommand, urlCommand } from './upkeep.ts'
import { watchCommand } from './watch.ts'
import { workflowsCommand } from './workflows.ts'

/** The whole command line. What a command needs is loaded when it runs, so that this stays fast. */
export function createProgram(): Command {
  const program = new Command('countersign')
    .description('A local-first inbox for approvals: programs ask, people answer, nothing acknowledged is ever lost.')
    .version(version)
    // Behind a command's name, options are the command's own: --version is what was looked at.
    .enablePositionalOptions()
    .addHelpText('after', '\nExit codes: 0 done or approved, 1 rejected, 2 usage, 3 expired, 4 not reachable.')
  const commands = [
    startCommand(),
    serveCommand(),
    askCommand(),
    watchCommand(),
    listCommand(),
    showCommand(),
    ...decideCommands(),
    ...handlingCommands(),
    runCommand(),
    workflowsCommand(),
    policyCommand(),
    peopleCommand(),
    delegateCommand(),
    awayCommand(),
    urlCommand(),
    tokenCommand(),
    exportCommand(),
    auditCommand(),
    eraseCommand(),
    rebuildCommand(),
    doctorCommand(),
  ]
  for (const command of commands) program.addCommand(command)
  for (const command of [program, ...commands, ...commands.flatMap((group) => group.commands)]) command.exitOverride()
  return program
}
