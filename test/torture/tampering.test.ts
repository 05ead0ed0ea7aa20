import { expect, it } from 'vitest'
import { cuts } from './tampering/changes.ts'
import { TamperedHome } from './tampering/home.ts'
import { tampering } from './tampering.ts'

it('whatever is changed in a journal is seen, by us and by the independent verifier', { timeout: 120_000 }, async () => {
  const rows = await tampering.run({ seed: 20261121, quick: true, say: () => {} })
  expect(rows.filter(({ failures }) => failures > 0)).toEqual([])
  expect(rows.map(({ cases }) => cases).every((cases) => cases > 3)).toBe(true)
  expect(rows.reduce((sum, { cases }) => sum + cases, 0)).toBeGreaterThan(800)
})

it('without the checkpoints a cut end would not be seen: they are what tells', async () => {
  const home = new TamperedHome()
  try {
    await home.live(4, 1, false)
    const files = home.files()
    const changed = cuts(files)
      .find(({ id }) => id === 'cut before 9')!
      .make()
    home.put(files, changed)
    expect((await home.verify()).problems.map(({ message }) => message)).toEqual([
      expect.stringContaining('4 records are missing from the end'),
    ])
    home.put(changed, new Map([...changed, ['checkpoints.jsonl', Buffer.alloc(0)]]))
    expect((await home.verify()).ok).toBe(true)
  } finally {
    home.remove()
  }
})
