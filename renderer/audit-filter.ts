/** What the records are searched for. */
export type AuditFilter = {
  readonly type: string
  readonly actor: string
  readonly id: string
  /** Days, as a date field writes them. */
  readonly from: string
  readonly to: string
}

const names = ['type', 'actor', 'id', 'from', 'to'] as const

export const noFilter: AuditFilter = { type: '', actor: '', id: '', from: '', to: '' }

export const isFiltered = (filter: AuditFilter): boolean => names.some((name) => filter[name] !== '')

/** As one text for the address: `type:decided actor:"Bo Berg" from:2026-03-01`. */
export const formatFilter = (filter: AuditFilter): string =>
  names
    .filter((name) => filter[name].trim() !== '')
    .map((name) => {
      const value = filter[name].trim().replaceAll('"', '')
      return `${name}:${/\s/.test(value) ? `"${value}"` : value}`
    })
    .join(' ')

/** Words without a name are a part of the type: what is typed into an address by hand means something. */
export function readFilter(text: string): AuditFilter {
  const filter: Record<string, string> = { ...noFilter }
  const rest: string[] = []
  for (const [, name, quoted, plain, word] of text.matchAll(/(\w+):(?:"([^"]*)"|(\S+))|(\S+)/g)) {
    const value = quoted ?? plain ?? ''
    if (name !== undefined && names.some((one) => one === name)) {
      filter[name] = name === 'from' || name === 'to' ? (/^\d{4}-\d{2}-\d{2}$/.test(value) ? value : '') : value
    } else rest.push(word ?? value)
  }
  if (filter.type === '' && rest.length > 0) filter.type = rest.join(' ')
  return filter as AuditFilter
}

/** The filter as the host is asked: days are whole days of this machine, the last one included. */
export function toQuery({ type, actor, id, from, to }: AuditFilter) {
  const start = from ? new Date(`${from}T00:00:00`) : null
  const end = to ? new Date(`${to}T23:59:59.999`) : null
  const valid = (date: Date | null) => date !== null && !Number.isNaN(date.getTime())
  return {
    ...(type ? { type } : {}),
    ...(actor ? { actor } : {}),
    ...(id ? { id } : {}),
    ...(valid(start) ? { from: start!.toISOString() } : {}),
    ...(valid(end) ? { to: end!.toISOString() } : {}),
  }
}
