import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const run = (tool: string, ...args: readonly string[]) => {
  const { status, stderr } = spawnSync(process.execPath, [join(root, tool), ...args], { encoding: 'utf8', cwd: root })
  return { status, stderr }
}

describe.each(['test/torture/main.ts', 'test/bench/main.ts'])('%s', (tool) => {
  it('says in one line which options there are, where it is given another one', () => {
    const { status, stderr } = run(tool, '--out', 'x.json')
    expect(status).toBe(2)
    expect(stderr).toMatch(/^Unknown option '--out'.*The options are --only, .*--quick.*\n$/)
  })

  it('says in one line which parts there are, where it is asked for another one', () => {
    const { status, stderr } = run(tool, '--only', 'limit')
    expect(status).toBe(2)
    expect(stderr).toMatch(/^There is no part limit\. The parts are .*\n$/)
  })
})

describe('numbers', () => {
  it('are whole, and say so where they are not', () => {
    expect(run('test/torture/main.ts', '--seed', 'seven')).toEqual({
      status: 2,
      stderr: '--seed takes a whole number, not “seven”.\n',
    })
    expect(run('test/bench/main.ts', '--repeats', '0')).toEqual({
      status: 2,
      stderr: '--repeats takes a whole number from 1 on, not “0”.\n',
    })
  })
})
