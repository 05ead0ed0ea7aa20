import type { Area } from './mutant.ts'

const journal = 'electron/core/journal'
const powerCut = ['test/core/journal/power-cut.test.ts']
const faults = ['test/core/journal/faults.test.ts']
const atomicFile = ['test/core/journal/atomic-file.test.ts']
const record = ['test/core/journal/record.test.ts']
const recovery = ['test/core/journal/recovery.test.ts']
const checkpoints = ['test/core/journal/checkpoints.test.ts']
const refused = ['test/core/engine/refused.test.ts']
const twice = ['test/core/engine/twice.test.ts']

/** What would lose something that was acknowledged, or do something twice. */
export const durability: Area = {
  name: 'durability',
  mutants: [
    {
      name: 'no fsync',
      file: `${journal}/writer.ts`,
      from: 'await this.#file.sync()\n      if (this.#unlisted)',
      to: 'if (this.#unlisted)',
      tests: powerCut,
    },
    {
      name: 'acknowledged before the fsync has ended',
      file: `${journal}/writer.ts`,
      from: 'await this.#file.sync()\n      if (this.#unlisted)',
      to: 'void this.#file.sync().catch(() => undefined)\n      if (this.#unlisted)',
      tests: ['test/core/journal/journal.test.ts'],
    },
    {
      name: 'acknowledged before the fsync begins',
      file: `${journal}/writer.ts`,
      from: '      syncing = true\n      await this.#file.sync()',
      to: '      syncing = true\n      batch.resolve()\n      await this.#file.sync()',
      tests: ['test/core/journal/journal.test.ts'],
    },
    {
      name: 'no fsync of the folder after a new segment',
      file: `${journal}/writer.ts`,
      from: 'if (this.#unlisted) await this.#deps.storage.syncDir(this.#deps.folder)',
      to: '',
      tests: powerCut,
    },
    {
      name: 'no fsync of the folder after a file was replaced',
      file: `${journal}/atomic-file.ts`,
      from: '  await storage.syncDir(dirname(path))\n',
      to: '',
      tests: atomicFile,
    },
    {
      name: 'a file takes its name before its content is synced',
      file: `${journal}/atomic-file.ts`,
      from: '      await file.sync()\n',
      to: '',
      tests: atomicFile,
    },
    {
      name: 'no truncate after a short write',
      file: `${journal}/writer.ts`,
      from: '      await this.#file.truncate(this.#size)\n',
      to: '',
      tests: faults,
    },
    {
      name: 'the count of a short write is ignored',
      file: `${journal}/atomic-file.ts`,
      from: 'written += count',
      to: 'written = bytes.length',
      tests: faults,
    },
    {
      name: 'hashes are not checked',
      file: `${journal}/record.ts`,
      from: 'if (chainHash(prev, bytes, chainedAt, chainedEnd) !== parts.hash)',
      to: 'if (chainHash(prev, bytes, chainedAt, chainedEnd).length !== parts.hash.length)',
      tests: record,
    },
    {
      name: 'the hash of the content is not checked',
      file: `${journal}/record.ts`,
      from: "hash('sha256', bytes.subarray(contentAt, contentEnd), 'hex') !== parsed.content_sha256",
      to: 'parsed.content_sha256 === undefined',
      tests: record,
    },
    {
      name: 'a full disk is swallowed',
      file: `${journal}/writer.ts`,
      from: 'if (failure) this.#takeBack(failure)',
      to: "if (failure && failure.code !== 'disk-full') this.#takeBack(failure)",
      tests: faults,
    },
    {
      name: 'a failed sync is asked again',
      file: `${journal}/writer.ts`,
      from: 'if (!undone || (syncing && !full)) {',
      to: 'if (!undone) {',
      tests: ['test/core/journal/journal.test.ts'],
    },
    {
      name: 'each record is applied twice',
      file: 'electron/core/commit.ts',
      from: 'for (const follower of followers) follower.apply(record, position)',
      to: 'for (const follower of [...followers, ...followers]) follower.apply(record, position)',
      tests: ['test/core/engine/engine.test.ts'],
    },
    {
      name: 'a step whose result is stored runs again',
      file: 'electron/core/engine/history.ts',
      from: 'for (const record of records) this.add(record)',
      to: "for (const record of records) if (record.type !== 'step_completed') this.add(record)",
      tests: ['test/core/engine/engine.test.ts'],
    },
    {
      name: 'what is not durable in the end stays in memory',
      file: 'electron/core/commit.ts',
      from: '    undo.takeBack(fromSeq)\n',
      to: '',
      tests: refused,
    },
    {
      name: 'a step runs before the decision is on disk',
      file: 'electron/core/engine/pass.ts',
      from: "await this.deps.runDurable(this.run.id).catch(() => this.abandon('taken back'))",
      to: '',
      tests: refused,
    },
    {
      name: 'a decision is acknowledged before it is on disk',
      file: 'electron/core/engine/approvals.ts',
      from: 'this.#deps.wake(open.run_id)\n      await durable\n      return ok(null)',
      to: 'this.#deps.wake(open.run_id)\n      durable.catch(() => undefined)\n      return ok(null)',
      tests: refused,
    },
    {
      name: 'a request is acknowledged before it is on disk',
      file: 'electron/core/engine/engine.ts',
      from: '      await durable\n      await journal.synced(live.runs.get(run_id)?.last_seq ?? journal.head.seq)\n',
      to: '      durable.catch(() => undefined)\n',
      tests: refused,
    },
    {
      name: 'a request that was taken back is acknowledged where its workflow takes longer than that',
      file: 'electron/core/engine/engine.ts',
      from: '      await durable\n      await journal.synced(live',
      to: '      durable.catch(() => undefined)\n      await journal.synced(live',
      tests: twice,
    },
    {
      name: 'an answer given twice is acknowledged before the first one is on disk',
      file: 'electron/core/engine/approvals.ts',
      from: '      if (events.length === 0) await this.#deps.journal.synced(this.#deps.journal.head.seq)\n',
      to: '',
      tests: twice,
    },
    {
      name: 'a journal that is being closed goes on taking records',
      file: `${journal}/writer.ts`,
      from: "    this.#readOnly ??= 'The journal is closed.'\n    if (!failed) await this.#deps.checkpoints?.record(this.#durable)\n",
      to: "    if (!failed) await this.#deps.checkpoints?.record(this.#durable)\n    this.#readOnly ??= 'The journal is closed.'\n",
      tests: ['test/core/journal/closing.test.ts'],
    },
    {
      name: 'anything unreadable at the end is taken for torn',
      file: `${journal}/segments.ts`,
      from: '  if (tail.subarray(0, newline).indexOf(0) < 0) return false\n',
      to: '',
      tests: recovery,
    },
    {
      name: 'a torn end is cut off without a copy of it',
      file: `${journal}/torn.ts`,
      from: '      await appendAll(file, tail.subarray(size))\n',
      to: '',
      tests: recovery,
    },
    {
      name: 'a rewritten journal is believed in spite of its checkpoints',
      file: `${journal}/checkpoints.ts`,
      from: 'if (point === undefined || point.hash === hash) return null',
      to: 'if (point === undefined || point.hash.length === hash.length) return null',
      tests: checkpoints,
    },
    {
      name: 'a cut end is believed in spite of its checkpoints',
      file: `${journal}/checkpoints.ts`,
      from: 'if (missing <= 0) return null',
      to: 'if (missing <= 1_000_000) return null',
      tests: checkpoints,
    },
    {
      name: 'signatures of checkpoints are not checked',
      file: `${journal}/checkpoints.ts`,
      from: 'return verify(null, signedText(point), key, signature)',
      to: 'return signature.length > 0',
      tests: checkpoints,
    },
    {
      name: 'a checkpoint may be spelt otherwise',
      file: `${journal}/checkpoints.ts`,
      from: "signature.toString('base64url') !== point.signature || ",
      to: '',
      tests: checkpoints,
    },
    {
      name: 'whatever stands behind the last checkpoint is torn',
      file: `${journal}/checkpoints.ts`,
      from: ' && !isOverrun(bytes.subarray(at))',
      to: '',
      tests: checkpoints,
    },
    {
      name: 'content that is gone was erased',
      file: `${journal}/verify.ts`,
      from: 'if (options.erasures) blanked.see(record, file, offset)',
      to: '',
      tests: checkpoints,
    },
    {
      name: 'what is erased is put in place before it is synced',
      file: `${journal}/blank.ts`,
      from: '    await copy(reader, file, at, size, breathe)\n    await file.sync()\n',
      to: '    await copy(reader, file, at, size, breathe)\n',
      tests: ['test/core/journal/blank.test.ts'],
    },
  ],
}
