const secretName =
  /(?:^|[_-])(?:pass(?:word|wd|phrase|code)?|pwd|secret|token|credentials?|authorization|cookie|session|otp|pin|cvv|cvc)(?:$|[_-])|password|secret|api[_-]?key|private[_-]?key|access[_-]?key|(?:Token|Key|Secret)$/i

const secretPatterns: readonly RegExp[] = [
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g,
  /\b(?:Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)?/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\b(?:gh[pousr]_|github_pat_|glpat-|sk-|sk_live_|rk_live_|xox[abprs]-|whsec_|npm_)[A-Za-z0-9_-]{10,}/g,
  /(?<=:\/\/)[^\s/:@"]{1,200}:[^\s/@"]{1,200}(?=@)/g,
  /(?<=\b(?:password|passwd|pwd|secret|token|api[_-]?key)\b["']?\s{0,3}[:=]\s{0,3})["']?[^\s"',;]{4,200}/gi,
]

const hidden = '[redacted]'
const deepest = 64

/** A copy of a payload without what looks like a secret: by the member's name, or by the look of the text. */
export function redacted(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return secretPatterns.reduce((text, pattern) => text.replace(pattern, hidden), value)
  if (typeof value !== 'object' || value === null) return value
  if (depth >= deepest) return hidden
  if (Array.isArray(value)) return value.map((member) => redacted(member, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      secretName.test(name) && member !== null && typeof member !== 'boolean' ? hidden : redacted(member, depth + 1),
    ]),
  )
}
