import { createWriteStream, existsSync } from 'node:fs'
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
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
        .option('--with-proof <folder>', 'write to a new folder, with the signed checkpoints and a program that proves both')
        .action(exportRecords),
    )
}

async function verify(options: Common): Promise<void> {
  const paths = await pathsOf(options)
  const { verifyJournal } = await import('../core/journal/verify.ts')
  const checkpoints = { file: paths.checkpoints, keyFile: paths.checkpointKey }
  const verified = await verifyJournal(paths.journal, { checkpoints, erasures: 'recorded' })
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

async function exportRecords(options: Common & { out?: string; withProof?: string }): Promise<void> {
  const paths = await pathsOf(options)
  const { out, withProof } = options
  if (out !== undefined && withProof !== undefined) throw usage('Say either --out or --with-proof.')
  for (const target of [out, withProof])
    if (target !== undefined && existsSync(target)) throw usage(`${target} exists already; an export overwrites nothing.`)
  if (withProof === undefined) return writeRecords(paths.journal, out)
  await mkdir(withProof, { mode: 0o700 })
  const { verifier, verifierName } = await import('../core/audit/verifier.ts')
  // Before the records: of what is signed, all is there.
  if (existsSync(paths.checkpoints)) await copyFile(paths.checkpoints, join(withProof, basename(paths.checkpoints)))
  else await writeFile(join(withProof, basename(paths.checkpoints)), '')
  await writeFile(join(withProof, verifierName), verifier)
  await writeRecords(paths.journal, join(withProof, 'audit.jsonl'))
  note(`node ${join(withProof, verifierName)} proves it, with nothing of Countersign.`)
}

async function writeRecords(journal: string, out: string | undefined): Promise<void> {
  const { openJournalFiles, wholeLines } = await import('../core/audit/files.ts')
  const files = await openJournalFiles(journal, Number.POSITIVE_INFINITY)
  try {
    const lines = Readable.from(wholeLines(files))
    if (out === undefined) return await pipeline(lines, process.stdout, { end: false })
    await pipeline(lines, createWriteStream(out, { flags: 'wx', mode: 0o600 }))
  } finally {
    await files.close()
  }
  note(`Written to ${out}.`)
}

async function pathsOf(options: Common) {
  const { defaultHome, homePaths } = await import('../core/home.ts')
  const paths = homePaths(options.home ?? defaultHome())
  if (existsSync(paths.journal)) return paths
  throw new CliError(exitCode.usage, 'not-found', `There is no journal in ${paths.root}. Is this the right --home?`)
}
