import pino from 'pino'

/** What happens, for whoever runs the application: one JSON object a line on standard error. Never payloads, never secrets. */
export interface Log {
  info(details: object, message: string): void
  warn(details: object, message: string): void
  error(details: object, message: string): void
}

/** The log of a process. `COUNTERSIGN_LOG` sets the level: debug, info, warn (default), error or silent. */
export function createLog(level: string = process.env.COUNTERSIGN_LOG ?? 'warn'): Log {
  return pino(
    {
      level,
      redact: { paths: ['*.token', '*.secret', '*.authorization', 'token', 'secret', 'authorization'], censor: '[redacted]' },
      serializers: { error: pino.stdSerializers.err },
    },
    pino.destination({ dest: 2, sync: true }),
  )
}
