import { hash } from 'node:crypto'
import fs from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import fastify from 'fastify'
import { measureLoad } from './load.ts'
import type { Figure } from './report.ts'

const perSecond = (count: number, startedAt: number): number => count / ((performance.now() - startedAt) / 1000)

/** What this machine can do at most, measured in the same run: every other figure stands on these. */
export async function measureLimits(folder: string, repeats: number): Promise<Figure[]> {
  const group = "The machine's limits"
  const readings = async (read: () => number | Promise<number>): Promise<number[]> => {
    const values: number[] = []
    for (let n = 0; n < repeats; n++) values.push(await read())
    return values
  }
  const record = { seq: 1, at: new Date(0).toISOString(), type: 'run_started', data: { text: 'x'.repeat(400) } }
  const text = JSON.stringify(record)
  return [
    { group, name: 'append 600 B + fdatasync', unit: '/s', readings: await readings(() => syncs(folder)) },
    {
      group,
      name: 'raw SQLite, 500 B row per transaction, synchronous=FULL',
      unit: '/s',
      readings: await readings(() => rows(folder, 'FULL', 1)),
    },
    {
      group,
      name: 'raw SQLite, 500 B rows, 1,000 a transaction, NORMAL',
      unit: 'rows/s',
      readings: await readings(() => rows(folder, 'NORMAL', 1000)),
    },
    { group, name: 'empty Fastify POST over loopback, 64 connections', unit: '/s', readings: await readings(emptyPosts) },
    {
      group,
      name: 'JSON.stringify of one record',
      unit: '/s',
      readings: await readings(() => loop(200_000, () => JSON.stringify(record))),
    },
    { group, name: 'JSON.parse of one record', unit: '/s', readings: await readings(() => loop(200_000, () => JSON.parse(text))) },
    { group, name: 'SHA-256 of one record', unit: '/s', readings: await readings(() => loop(200_000, () => hash('sha256', text))) },
  ]
}

function loop(count: number, work: () => unknown): number {
  const startedAt = performance.now()
  for (let n = 0; n < count; n++) work()
  return perSecond(count, startedAt)
}

function syncs(folder: string): number {
  const file = fs.openSync(join(folder, 'sync.bin'), 'w')
  const bytes = Buffer.alloc(600, 0x61)
  const startedAt = performance.now()
  let count = 0
  for (; performance.now() - startedAt < 500; count++) {
    fs.writeSync(file, bytes)
    fs.fdatasyncSync(file)
  }
  fs.closeSync(file)
  return perSecond(count, startedAt)
}

function rows(folder: string, synchronous: string, perTransaction: number): number {
  const file = join(folder, `raw-${synchronous}-${perTransaction}-${Math.random()}.db`)
  const db = new Database(file)
  db.pragma('journal_mode=WAL')
  db.pragma(`synchronous=${synchronous}`)
  db.exec('CREATE TABLE t(id INTEGER PRIMARY KEY, k TEXT, body TEXT); CREATE INDEX i ON t(k)')
  const insert = db.prepare('INSERT INTO t(k, body) VALUES (?, ?)')
  const body = 'x'.repeat(500)
  const batch = db.transaction(() => {
    for (let n = 0; n < perTransaction; n++) insert.run(String(Math.random()), body)
  })
  const startedAt = performance.now()
  let count = 0
  for (; performance.now() - startedAt < 500; count += perTransaction) batch()
  const reading = perSecond(count, startedAt)
  db.close()
  return reading
}

async function emptyPosts(): Promise<number> {
  const server = fastify()
  server.post('/requests', async () => ({ ok: true }))
  await server.listen({ port: 0, host: '127.0.0.1' })
  const { port } = server.server.address() as { port: number }
  const { perSecond: reading } = await measureLoad({
    port,
    path: '/requests',
    token: 'none',
    count: 20_000,
    connections: 64,
    body: '{"n":1}',
  })
  await server.close()
  return reading
}
