import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { verifier, verifierName } from '../../../electron/core/audit/verifier.ts'
import { verifyJournal } from '../../../electron/core/journal/verify.ts'
import { linesOf, open, retryEvent, segment, stepEvent, tempFolder } from '../journal/scene.ts'

/** What the program that is handed out with an export says about a folder, and how it ends. */
function independently(journal: string): Promise<string> {
  const file = path.join(path.dirname(journal), verifierName)
  fs.writeFileSync(file, verifier)
  const child = spawn(process.execPath, [file, journal], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.on('data', (bytes: Buffer) => {
    said += bytes.toString('utf8')
  })
  return new Promise((resolve) => {
    child.on('close', (code) => resolve(`${code}: ${said.replaceAll(journal, 'journal').trimEnd()}`))
  })
}

/** Commits of one, three and two records in several segments. */
async function writeCommits(journal: string): Promise<void> {
  const opened = await open(journal, { segmentBytes: 1500 })
  for (let n = 1; n <= 4; n++) {
    opened.journal.append(stepEvent(n))
    for (const more of [2, 1, 0]) opened.journal.append(stepEvent(n * 10 + more), more)
    await opened.journal.synced(opened.journal.head.seq)
  }
  opened.journal.append(stepEvent(50), 1)
  opened.journal.append(retryEvent(50))
  await opened.journal.synced(opened.journal.head.seq)
  await opened.journal.close()
}

const lastSegment = (journal: string): string => {
  const names = fs.readdirSync(journal).filter((name) => name.endsWith('.jsonl'))
  return segment(journal, names.length)
}

it('proves a journal with commits of several records, over several segments', async () => {
  const journal = path.join(tempFolder(), 'journal')
  await writeCommits(journal)
  expect(fs.readdirSync(journal).length).toBeGreaterThan(2)
  expect(await verifyJournal(journal)).toMatchObject({ ok: true, records: 18, torn: null })
  const { hash } = JSON.parse(linesOf(lastSegment(journal)).at(-1)!) as { hash: string }
  expect(await independently(journal)).toContain(`0: OK 18 records, head ${hash}\n`)
})

it('takes no end within a commit for a change, and says what is not complete', { timeout: 60_000 }, async () => {
  const journal = path.join(tempFolder(), 'journal')
  await writeCommits(journal)
  const file = lastSegment(journal)
  const whole = fs.readFileSync(file)
  const [second] = linesOf(file).slice(-1)
  const end = whole.length - Buffer.byteLength(second!)
  const unfinished = 'The last 1 belong to a commit that is not complete; written just now, or torn'
  // Between its records, in the middle of the second one, and just before the end of its line.
  for (const cut of [0, 1, 40, 200, second!.length - 2]) {
    fs.writeFileSync(file, whole.subarray(0, end + cut))
    expect((await verifyJournal(journal)).ok).toBe(true)
    const said = await independently(journal)
    expect(said.startsWith('0: ')).toBe(true)
    expect(said).toContain('OK 17 records')
    expect(said).toContain(unfinished)
    expect(said.includes('the last line is not complete')).toBe(cut > 0)
  }
  // The next start cuts off all of the commit, and notes it.
  const opened = await open(journal)
  expect(opened.replayed.map(({ record }) => record.type).slice(-2)).toEqual(['step_completed', 'recovered'])
  await opened.journal.close()
  expect(await verifyJournal(journal)).toMatchObject({ ok: true, records: 17, torn: null })
  const said = await independently(journal)
  expect(said).toContain('0: OK 17 records')
  expect(said).not.toContain('not complete')
})

it('sees that a record was taken out of a commit', async () => {
  const journal = path.join(tempFolder(), 'journal')
  await writeCommits(journal)
  const file = lastSegment(journal)
  const lines = linesOf(file)
  fs.writeFileSync(file, [...lines.slice(0, -2), ...lines.slice(-1)].join(''))
  expect((await verifyJournal(journal)).ok).toBe(false)
  expect(await independently(journal)).toContain('1: CHANGED')
})
