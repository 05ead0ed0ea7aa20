import { describe, expect, it } from 'vitest'
import { changedPaths } from '../../../electron/core/settings/changed-paths.ts'

describe('the paths of what changed', () => {
  it.each([
    [{ a: 1, b: { c: 2 } }, { a: 1, b: { c: 3 } }, ['b.c']],
    [{ a: null }, { a: { b: 1, c: 2 } }, ['a.b', 'a.c']],
    [{ a: [] }, { a: ['x'] }, ['a']],
    [{ a: ['x'] }, { a: [] }, ['a']],
    [{ a: ['x', 'y'] }, { a: ['x', 'y'] }, []],
    [{ a: [] }, { a: [] }, []],
    [{ a: [{ email: 'x' }] }, { a: [] }, ['a[x]']],
    [{ a: [] }, { a: [{ id: '1', b: 2 }] }, ['a[1]']],
    [{ a: [{ id: '1', b: 2 }, { id: '2' }] }, { a: [{ id: '2' }, { id: '1', b: 3 }] }, ['a[1].b']],
    [{ a: [{ id: '1' }] }, { a: [{ b: 1 }] }, ['a']],
    [{ a: undefined }, { a: [] }, ['a']],
  ])('of %j and %j are %j', (before, after, paths) => {
    expect(changedPaths(before, after)).toEqual(paths)
  })
})
