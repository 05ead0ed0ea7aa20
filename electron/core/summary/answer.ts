import * as z from 'zod'
import type { Risk } from '../../../shared/model/summary.ts'
import { plainLine } from './plain-text.ts'

/** What a model said, checked and cleaned: plain text, one line each. */
export type Answer = { readonly summary: string; readonly impact: string; readonly risk: Risk; readonly flags: readonly string[] }

const longestText = 400
const line = z
  .string()
  .transform((text) => plainLine(text.replaceAll('^', ' '), longestText))
  .pipe(z.string().min(1))

const answer = z.object({
  summary: line,
  impact: line,
  risk: z
    .string()
    .transform((word) => word.trim().toLowerCase())
    .pipe(z.enum(['low', 'medium', 'high'])),
  flags: z
    .array(z.string())
    .default([])
    .transform((flags) => flags.slice(0, 8).map((flag) => plainLine(flag, 80))),
})

/** Reads a model's whole text; null when it is not the answer that was asked for. */
export function readAnswer(text: string): Answer | null {
  const bare = text
    .trim()
    .replace(/^```(?:json)?\s*/i, '')
    .replace(/\s*```$/, '')
  try {
    return answer.safeParse(JSON.parse(bare)).data ?? null
  } catch {
    return null
  }
}
