import pino, { type Logger } from 'pino'
import type { LogLevel } from './variables.ts'

export type { Logger }

/**
 * The one logger. What is logged are ids, codes, counts and times; words, names, numbers and addresses of people never
 * are. The censored paths are a net under that rule, not the rule.
 */
export function createLog(level: LogLevel, destination?: pino.DestinationStream): Logger {
  const censored = [
    'text',
    'words',
    'name',
    'phone',
    'senderName',
    'sender',
    'to',
    'content',
    'body',
    'secret',
    'token',
  ]
  return pino(
    {
      level,
      redact: { paths: censored.flatMap((key) => [key, `*.${key}`]), censor: '[private]' },
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: plainError },
    },
    destination,
  )
}

/** A message of a library may quote what it was given; its class and where it happened are enough to find it. */
function plainError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { kind: typeof error }
  const where = (error.stack ?? '')
    .split('\n')
    .filter((line) => line.trimStart().startsWith('at '))
    .slice(0, 8)
  return { kind: error.name, ...('code' in error ? { code: String(error.code) } : {}), where }
}
