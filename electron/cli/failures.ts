import { ORPCError } from '@orpc/client'
import { CliError, exitCode, exitOf } from './exit.ts'
import { plain } from './output.ts'

type Entry = { readonly pointer: string; readonly message: string }

/** Any failure of a command as what is said and the exit code. */
export function toCliError(error: unknown): CliError {
  if (error instanceof CliError) return error
  if (error instanceof ORPCError) {
    const entries = (error.data as { errors?: readonly Entry[] } | undefined)?.errors ?? []
    // A single problem is the message itself.
    const unsaid = entries.filter((entry) => !error.message.includes(entry.message))
    const lines = unsaid.map((entry) => `  ${entry.pointer === '' ? '/' : entry.pointer}: ${entry.message}`)
    return new CliError(exitOf(error.code), error.code, [advice(error), ...lines].join('\n'), error.data)
  }
  if (isNetworkError(error)) {
    return new CliError(exitCode.unreachable, 'unreachable', 'Countersign did not answer. Is it still running?')
  }
  if (isNamed(error, 'SettingsError')) return new CliError(exitCode.usage, 'settings', error.message)
  if (isNamed(error, 'JournalDamaged')) return new CliError(exitCode.unreachable, 'journal-damaged', error.message)
  if (isNamed(error, 'HomeUnusable')) return new CliError(exitCode.unreachable, 'home-unusable', error.message)
  const { code, path, message } = error as NodeJS.ErrnoException
  if (code === 'EACCES' || code === 'EPERM') return new CliError(exitCode.usage, 'not-allowed', `Not allowed: ${path ?? message}.`)
  if (code === 'EADDRINUSE') return new CliError(exitCode.usage, 'port-in-use', `The port is taken already: ${message}.`)
  return new CliError(exitCode.unreachable, 'internal', `Something went wrong: ${(error as Error)?.stack ?? String(error)}`)
}

/** A connection that could not be made or was cut: worth trying again. */
function isNetworkError(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof ORPCError) return false
  const { cause } = error as { cause?: { code?: string } }
  return (
    (error instanceof TypeError && /fetch failed|terminated/.test(error.message)) ||
    /^(ECONN|EPIPE|UND_ERR)/.test(cause?.code ?? '')
  )
}

const isNamed = (error: unknown, name: string): error is Error => error instanceof Error && error.name === name

function advice(error: ORPCError<string, unknown>): string {
  const said = plain(error.message)
  switch (error.code) {
    case 'unauthorized':
      return `${said} The keys of this home are not those of the server; is this the right --home?`
    default:
      return said
  }
}
