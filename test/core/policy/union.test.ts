import { rmSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import type { LevelOptions } from '../../../electron/core/engine/workflow.ts'
import { unionOf } from '../../../electron/core/policy/union.ts'
import { matter, openScene } from './scene.ts'

const hour = 3_600_000
const level = (more: Partial<LevelOptions> = {}): LevelOptions => ({ name: 'manager', approvers: ['mia@example.com'], ...more })
const union = (...levels: readonly LevelOptions[]) =>
  unionOf(levels.map((one, index) => ({ rule: `rule ${index + 1}`, levels: [one] })))

describe('two rulings together', () => {
  it('ask each level once, with the shorter of the two times and no reminder beyond it', () => {
    const long = level({ timeout: 48 * hour, remind_before: [24 * hour, hour] })
    const short = level({ timeout: 4 * hour })
    for (const both of [union(long, short), union(short, long)]) {
      expect(both).toHaveLength(1)
      expect(both[0]!.timeout).toBe(4 * hour)
      expect((both[0]!.remind_before ?? []).every((before) => Number(before) < 4 * hour)).toBe(true)
    }
  })

  it('ask others only where both say so', () => {
    const steps = [{ to: ['dora@example.com'], after: hour }]
    expect(union(level({ escalate: steps, timeout: 4 * hour }), level({ timeout: 4 * hour }))[0]!.escalate).toEqual([])
    const both = union(level({ escalate: steps, timeout: 4 * hour }), level({ escalate: steps, timeout: 4 * hour }))
    expect(both[0]!.escalate).toEqual(steps)
  })

  it('are one level only where the same people are asked in the same way', () => {
    const two = union(level(), level({ votes: 2 }))
    expect(two.map(({ votes }) => votes ?? 'any')).toEqual(['any', 2])
    expect(union(level(), level({ one_rejection_ends: false }))).toHaveLength(2)
    const people = ['mia@example.com', 'max@example.com']
    expect(union(level({ approvers: people }), level({ approvers: people.toReversed() }))).toHaveLength(1)
    expect(union(level(), level({ approvers: people }))).toHaveLength(2)
  })
})

describe('a rule that refuses', () => {
  let folder: string | null = null
  afterEach(() => {
    if (folder !== null) rmSync(folder, { recursive: true })
    folder = null
  })

  it('refuses, though a rule above it would ask people and could not be evaluated', async () => {
    const scene = await openScene(`
rules:
  refund:
    - {name: large, when: amount > 1000.0, action: escalate, committee: board}
    - {name: closed, action: reject, reason: The shop is closed.}`)
    folder = scene.folder
    expect(scene.book.rule(matter({ amount: null }))).toMatchObject({ action: 'reject', rule: 'closed', levels: [] })
  })
})
