import { Command } from 'commander'
import { CliError, exitCode } from './exit.ts'

/** A command with the options that each one takes. */
export function command(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('--home <folder>', 'home folder (default: COUNTERSIGN_HOME, else the application-data folder)')
    .option('--json', 'answer as JSON')
}

/** Parses an option's number. */
export function number(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) throw usage(`"${text}" is not a number.`)
  return value
}

export const usage = (message: string): CliError => new CliError(exitCode.usage, 'usage', message)
