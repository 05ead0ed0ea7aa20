import * as z from 'zod'
import { views } from '../model/view.ts'
import { requires } from './base.ts'
import { approvalItem, approvalStatus, commaList, email } from './schemas.ts'

/* Approvals by many: what waits, lists by view, search and filter, and what menus for filters offer. */

const limit = z.coerce.number().int().min(1).max(1000)
const cursor = z.string().max(500)

/** What of a search could not be used, and where it stands in the text. The rest was searched. */
const problem = z.object({ start: z.int(), end: z.int(), message: z.string() })

const building = {
  problems: z.array(problem).readonly(),
  /** Words of some approvals are not indexed yet, as after a rebuild: a search does not find these. */
  index_building: z.boolean(),
}

const filter = z.strictObject({
  status: commaList(approvalStatus).optional(),
  approver_email: email.optional(),
  requester: z.string().max(254).optional(),
  type: z.string().max(64).optional(),
  run_id: z.string().max(100).optional(),
  /** Words and operators; see docs/http.md. */
  search: z.string().max(2000).optional(),
  view: z.enum(views).optional(),
  /** Whose view it is: the caller's person, where none is named. */
  for: email.optional(),
})

const sort = z.enum(['due', 'newest', 'oldest', 'decided', 'amount', 'risk']).default('newest')

const facets = z.array(z.object({ value: z.string(), count: z.number() })).readonly()

export const approvalLists = {
  pending: requires('read')
    .route({
      method: 'GET',
      path: '/approvals/pending',
      summary: 'What waits, for one approver or for all',
      description: 'An approver is asked directly, through a group, or because somebody who is away handed it over.',
      tags: ['Approvals'],
    })
    .input(z.strictObject({ approver_email: email.optional(), limit: limit.default(200), cursor: cursor.optional() }))
    .output(
      z.object({
        pending_approvals: z.array(approvalItem).readonly(),
        count: z.number(),
        approver_email: z.string().nullable(),
        next_cursor: z.string().nullable(),
      }),
    ),

  list: requires('read')
    .route({
      method: 'GET',
      path: '/approvals',
      summary: 'Approvals by view, search and filter, page by page',
      description:
        'A page can be shorter than its limit and still name a next one: the search goes on there. What of a search could not be used is in `problems`.',
      tags: ['Approvals'],
    })
    .input(
      filter.extend({
        sort,
        limit: limit.default(50),
        cursor: cursor.optional(),
      }),
    )
    .output(
      z.object({
        items: z.array(approvalItem).readonly(),
        total: z.number(),
        /** There are more than `total`: counting them all would cost too much. */
        total_is_at_least: z.boolean(),
        next_cursor: z.string().nullable(),
        ...building,
      }),
    ),

  ids: requires('read')
    .route({
      method: 'GET',
      path: '/approvals/ids',
      summary: 'The ids of a list, page by page',
      description:
        'The same lists in the same order as `GET /approvals`, and the same cursors, without what is in them: for whoever has a long list and shows a part of it.',
      tags: ['Approvals'],
    })
    .input(filter.extend({ sort, limit: z.coerce.number().int().min(1).max(5000).default(1000), cursor: cursor.optional() }))
    .output(
      z.object({
        ids: z.array(z.string()).readonly(),
        /** What each is ordered by: an instant, an amount or a risk, as `sort` says. Null where it has none. */
        keys: z.array(z.union([z.string(), z.number()]).nullable()).readonly(),
        total: z.number(),
        total_is_at_least: z.boolean(),
        next_cursor: z.string().nullable(),
        ...building,
      }),
    ),

  byIds: requires('read')
    .route({
      method: 'GET',
      path: '/approvals/by-ids',
      summary: 'Approvals by their ids',
      description: 'In the order of the ids. What does not exist is left out.',
      tags: ['Approvals'],
    })
    .input(z.strictObject({ ids: commaList(z.string().min(1).max(100)).refine((ids) => ids.length <= 200, 'must be at most 200') }))
    .output(z.object({ items: z.array(approvalItem).readonly() })),

  facets: requires('read')
    .route({
      method: 'GET',
      path: '/approvals/facets',
      summary: 'The most frequent types, requesters and sources of a list',
      tags: ['Approvals'],
    })
    .input(filter)
    .output(
      z.object({
        types: facets,
        requesters: facets,
        sources: facets,
        /** How many approvals were looked at, the newest first, and whether there are more. */
        of: z.number(),
        is_sample: z.boolean(),
        ...building,
      }),
    ),
}
