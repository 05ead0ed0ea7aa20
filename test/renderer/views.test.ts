import { describe, expect, test } from 'vitest'
import { bindings } from '../../renderer/keys.ts'
import { isList, toHash, toRoute } from '../../renderer/route.ts'
import { isRoomy, keyedViews, navigatedViews, viewAt } from '../../renderer/views.ts'
import { views } from '../../shared/model/view.ts'

describe('the table of views', () => {
  test('gives each view one address that leads back to it, and old addresses still lead there', () => {
    const all = [...new Set(viewAt.values())]
    for (const view of all) expect([view, toRoute(toHash({ view })).view]).toEqual([view, view])
    expect([toRoute('#/approvals/apr_1').view, toRoute('#/tasks/run_1').view, toRoute('#/nowhere').view]).toEqual([
      'inbox',
      'runs',
      'inbox',
    ])
    expect(all.filter(isList)).toEqual([...views])
  })

  test('gives everything in the navigation one key of its own, with a label', () => {
    expect(keyedViews.map(({ view }) => view)).toEqual(navigatedViews)
    expect(new Set(keyedViews.map(({ key }) => key)).size).toBe(keyedViews.length)
    for (const { view, key } of keyedViews) {
      expect(bindings.find(({ command }) => command === view)).toMatchObject({ keys: [`g ${key}`], group: 'Go' })
      expect(bindings.find(({ command }) => command === view)?.label).toMatch(/\S/)
    }
  })

  test('leaves five on a phone', () => {
    expect(navigatedViews.filter((view) => !isRoomy(view))).toEqual(['inbox', 'done', 'review', 'runs', 'settings'])
  })
})
