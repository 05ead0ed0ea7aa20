import * as z from 'zod'

/** One address `POST /hooks/{name}`: whose requests come in there. */
export const hookSchema = z.strictObject({ source: z.string().trim().min(1).max(100) })
export type Hook = Readonly<z.output<typeof hookSchema>>
