import * as z from 'zod'

// The page's policy forbids `eval`; zod must know before the first schema is made, so this module is imported before any other.
z.config({ jitless: true })
