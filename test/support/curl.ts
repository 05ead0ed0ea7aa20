import { parseArgs } from 'node:util'

/** As much of curl as the pages' examples use, for machines without it: prints the answer's body; 28 when the time is up. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    silent: { type: 'boolean', short: 's' },
    'no-buffer': { type: 'boolean', short: 'N' },
    header: { type: 'string', short: 'H', multiple: true, default: [] },
    data: { type: 'string', short: 'd' },
    request: { type: 'string', short: 'X' },
    'max-time': { type: 'string' },
  },
})

const headers = values.header.map((line): [string, string] => {
  const colon = line.indexOf(':')
  return [line.slice(0, colon), line.slice(colon + 1).trim()]
})
const { data, request: method = data === undefined ? 'GET' : 'POST', 'max-time': seconds } = values

try {
  const response = await fetch(positionals[0]!, {
    method,
    headers,
    ...(data === undefined ? {} : { body: data }),
    ...(seconds === undefined ? {} : { signal: AbortSignal.timeout(Number(seconds) * 1000) }),
  })
  for await (const chunk of response.body ?? []) process.stdout.write(chunk)
} catch (error) {
  process.exitCode = (error as Error).name === 'TimeoutError' ? 28 : 7
}
