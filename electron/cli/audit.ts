import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Command } from 'commander'
import type { Verified } from '../core/journal/verify.ts'
import { CliError, exitCode } from './exit.ts'
import { answer, type Common, note, plain } from './output.ts'
import { command, usage } from './program.ts'

/** The journal's files are read as they are: these commands need no server, and none keeps them from working. */
export function auditCommand(): Command {
  return new Command('audit')
    .description('Prove and hand out the journal')
    .addCommand(command('verify', 'Check every byte of the journal; exit code 1 when something was changed').action(verify))
    .addCommand(
      command('export', 'All records as JSON lines, byte for byte as they were written')
        .option('--out <file>', 'write to a new file instead of standard output')
        .action(exportRecords),
    )
}

async function verify(options: Common): Promise<void> {
  const paths = await pathsOf(options)
  const { verifyJournal } = await import('../core/journal/verify.ts')
  const checkpoints = { file: paths.checkpoints, keyFile: paths.checkpointKey }
  const verified = await verifyJournal(paths.journal, { checkpoints })
  answer(options, verified, () => report(verified))
  if (!verified.ok) process.exitCode = exitCode.rejected
}

function report({ ok, records, segments, erased, checkpoints, head, torn, problems }: Verified): string {
  return [
    `${records} records in ${segments} segment(s), ${erased} erased; ${checkpoints} signed checkpoint(s).`,
    `Head: ${head.seq} ${head.hash}`,
    ...(torn === null
      ? []
      : [`The last ${torn.bytes} bytes of ${torn.file} are a record not completely written; that is no damage.`]),
    ...problems.map(({ file, offset, message }) => plain(`${file}, byte ${offset}: ${message}`)),
    ok ? 'Nothing was changed.' : `${problems.length} problem(s): the journal was changed or damaged.`,
  ].join('\n')
}

async function exportRecords(options: Common & { out?: string }): Promise<void> {
  const { journal } = await pathsOf(options)
  const { segmentPath, segmentsAmong } = await import('../core/journal/segments.ts')
  const files = segmentsAmong(await readdir(journal)).map((segment) => segmentPath(journal, segment))
  if (options.out === undefined) return pipeline(Readable.from(wholeLines(files)), process.stdout, { end: false })
  if (existsSync(options.out)) throw usage(`${options.out} exists already; an export overwrites nothing.`)
  await pipeline(Readable.from(wholeLines(files)), createWriteStream(options.out, { flags: 'wx', mode: 0o600 }))
  note(`Written to ${options.out}.`)
}

/** The files' bytes up to each one's last newline: a record that is being written right now is left out. */
async function* wholeLines(files: readonly string[]): AsyncGenerator<Buffer> {
  for (const file of files) {
    let rest: Buffer = Buffer.alloc(0)
    for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      const end = bytes.lastIndexOf(0x0a) + 1
      if (end > 0) yield bytes.subarray(0, end)
      rest = bytes.subarray(end)
    }
  }
}

async function pathsOf(options: Common) {
  const { defaultHome, homePaths } = await import('../core/home.ts')
  const paths = homePaths(options.home ?? defaultHome())
  if (existsSync(paths.journal)) return paths
  throw new CliError(exitCode.usage, 'not-found', `There is no journal in ${paths.root}. Is this the right --home?`)
}
