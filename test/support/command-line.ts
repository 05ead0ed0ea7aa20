import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'

/** What was asked for cannot be done: one sentence, and the exit code for wrong usage. */
export function refuse(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(2)
}

/** The options of one of our tools; one that it does not know ends it. */
export function readOptions<const O extends ParseArgsOptionsConfig>(options: O) {
  try {
    return parseArgs({ options }).values
  } catch (error) {
    return refuse(`${(error as Error).message}. The options are --${Object.keys(options).join(', --')}.`)
  }
}

/** A whole number of at least `least` that stands behind an option. */
export function wholeNumber(name: string, text: string, least = Number.MIN_SAFE_INTEGER): number {
  const number = Number(text)
  return text.trim() !== '' && Number.isSafeInteger(number) && number >= least
    ? number
    : refuse(`--${name} takes a whole number${least > 0 ? ` from ${least} on` : ''}, not “${text}”.`)
}

/** The parts that `--only` names, or all of them. */
export function chosen(
  only: string | undefined,
  names: readonly string[],
  unlessNamed: readonly string[] = names,
): readonly string[] {
  if (only === undefined) return unlessNamed
  const asked = only.split(',').map((name) => name.trim())
  const unknown = asked.filter((name) => !names.includes(name))
  return unknown.length === 0 ? asked : refuse(`There is no part ${unknown.join(', ')}. The parts are ${names.join(', ')}.`)
}
