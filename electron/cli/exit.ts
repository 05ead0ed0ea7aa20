import type { ErrorCode } from '../../shared/contract/errors.ts'
import type { Decision } from '../../shared/model/approval.ts'

/** What the command's exit code says; scripts rely on it. */
export const exitCode = { done: 0, rejected: 1, usage: 2, expired: 3, unreachable: 4 } as const
export type ExitCode = (typeof exitCode)[keyof typeof exitCode]

/** How an approval ended, as an exit code: everything but an approval is not zero. */
export const exitCodes: Readonly<Record<Decision, ExitCode>> = { approved: 0, rejected: 1, expired: 3, cancelled: 1 }

/** An expected failure of a command: a message that says what to do, and the exit code. */
export class CliError extends Error {
  readonly exit: ExitCode
  readonly code: string
  readonly details: unknown
  constructor(exit: ExitCode, code: string, message: string, details?: unknown) {
    super(message)
    this.name = 'CliError'
    this.exit = exit
    this.code = code
    this.details = details
  }
}

/** What the application refused, as an exit code: wrong arguments and rights are usage, what may work later is "not reachable". */
export function exitOf(code: string): ExitCode {
  switch (code as ErrorCode) {
    case 'already-decided':
    case 'stale-version':
    case 'already-ended':
    case 'already-voted':
    case 'same-credential':
    case 'not-retryable':
    case 'not-approver':
    case 'self-approval':
      return exitCode.rejected
    case 'rate-limited':
    case 'internal':
    case 'read-only':
    case 'too-many-pending':
    case 'disk-full':
      return exitCode.unreachable
    default:
      return exitCode.usage
  }
}
