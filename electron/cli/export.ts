import { existsSync } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Command } from 'commander'
import { type Common, note } from './output.ts'
import { command, usage } from './program.ts'
import type { Client } from './server.ts'
import { instant } from './values.ts'

type ExportOptions = Common & { format?: string; from?: string; to?: string; type?: string; out?: string }

type Format = 'csv' | 'json'

/** Decisions for a spreadsheet or a program. The records themselves are handed out by `audit export`. */
export function exportCommand(): Command {
  return command('export', 'Decisions of a period as CSV or JSON')
    .option('--format <name>', 'csv, or json (default: csv; with --json: json)')
    .option('--from <time>', 'decided since: 2026-12-01 or 2026-12-01T08:00 (default: the beginning)')
    .option('--to <time>', 'decided until: 2026-12-24 (to the end of that day) or 2026-12-24T18:00 (default: now)')
    .option('--type <type>', 'only requests of this type')
    .option('--out <file>', 'write to a new file instead of standard output')
    .action(async (options: ExportOptions) => {
      const question = toQuestion(options)
      if (options.out !== undefined && existsSync(options.out)) {
        throw usage(`${options.out} exists already; an export overwrites nothing.`)
      }
      await (await session()).withSession(options, (client) => write(client, question, options.out))
    })
}

/** Loaded when a command runs, so that --help is fast. */
const session = () => import('./session.ts')

type Question = { readonly format: Format; readonly from?: string; readonly to?: string; readonly type?: string }

function toQuestion({ format, from, to, type, json }: ExportOptions): Question {
  const named = format ?? (json ? 'json' : 'csv')
  if (named !== 'csv' && named !== 'json') throw usage(`There is no format "${named}": use csv or json.`)
  return {
    format: named,
    ...(from === undefined ? {} : { from: boundary(from, 0) }),
    ...(to === undefined ? {} : { to: boundary(to, 1) }),
    ...(type === undefined ? {} : { type }),
  }
}

/** A day is meant whole: from where it begins, to where the next one does. */
function boundary(text: string, daysLater: number): string {
  const at = instant(text)
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return at
  const day = new Date(at)
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + daysLater).toISOString()
}

/** Page by page, as each comes: what is exported is never in memory as a whole. */
async function write(client: Client, question: Question, out: string | undefined): Promise<void> {
  const file = out === undefined ? null : await open(out, 'wx', 0o600)
  let rows = 0
  try {
    for await (const page of pagesOf(client, question)) {
      rows += page.rows
      if (file) await file.write(page.text)
      else await new Promise<void>((resolve) => process.stdout.write(page.text, () => resolve()))
    }
  } finally {
    await file?.close()
  }
  if (out !== undefined) note(`${rows} decision(s) written to ${out}.`)
}

async function* pagesOf(client: Client, question: Question) {
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<Client['insight']['export']>> = await client.insight.export({
      ...question,
      ...(cursor === null ? {} : { cursor }),
    })
    yield page
    cursor = page.next_cursor
  } while (cursor !== null)
}
