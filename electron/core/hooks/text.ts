/** Members of a mapping that may be written as they are, and when such a text can be nothing else. */
const plain = {
  type: /^[a-z][a-z0-9_-]*$/,
  currency: /^[A-Z]{3}$/,
  priority: /^(low|normal|high|urgent)$/,
  department: /^[A-Za-z][A-Za-z0-9_-]*$/,
  requester: /^[^\s@<>"'()]+@[^\s@<>"'()]+$/,
  approver_email: /^[^\s@<>"'()]+@[^\s@<>"'()]+$/,
  beneficiary: /^[^\s@<>"'()]+@[^\s@<>"'()]+$/,
} as const

const variables: ReadonlySet<string> = new Set(['body', 'headers', 'query'])

/** The fixed value that a member of a mapping is, such as `refund` or `EUR`; null when it is an expression. */
export const textOf = (field: keyof typeof plain, source: string): string | null =>
  plain[field].test(source) && !variables.has(source) ? source : null

export const isPlainField = (field: string): field is keyof typeof plain => Object.hasOwn(plain, field)
