import * as z from 'zod'
import { mostFilters, views } from '../model/view.ts'

const sorts = ['due', 'newest', 'oldest', 'decided', 'amount', 'risk'] as const

/** A list as somebody wants it again: which view, what of it, in which order. */
const savedFilter = z.strictObject({
  name: z.string().trim().min(1).max(60),
  view: z.enum(views),
  search: z.string().trim().max(500).default(''),
  /** Left out: the view's own. */
  sort: z.enum(sorts).optional(),
})

/** In the order in which they are shown. Names differ, also in how they are heard: letter case does not count. */
export const savedFilters = z
  .array(savedFilter)
  .max(mostFilters)
  .superRefine((filters, context) => {
    const names = new Set<string>()
    for (const [index, { name }] of filters.entries()) {
      const heard = name.toLowerCase()
      if (names.has(heard)) {
        context.addIssue({ code: 'custom', path: [index, 'name'], message: 'must be a name that no other saved filter has' })
      }
      names.add(heard)
    }
  })

export type SavedFilter = z.output<typeof savedFilter>
