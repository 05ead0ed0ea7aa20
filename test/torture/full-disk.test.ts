import { expect, test } from 'vitest'
import { fullDisk } from './full-disk.ts'

test('a full disk refuses requests clearly, lets what waits be decided, and is forgotten once there is room', async () => {
  const [row] = await fullDisk.run({ seed: 31, quick: true, say: () => {} })
  expect(row).toMatchObject({ cases: 3, failures: 0, found: [] })
})
