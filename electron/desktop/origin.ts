/** Where the page lives: one scheme, one host, nothing else is ours. */
export const scheme = 'app'
export const origin = 'app://countersign'
export const pageUrl = `${origin}/index.html`

/** The scheme of links from outside that open a request. */
export const deepLinkScheme = 'countersign'

/** Whether an address belongs to our page. Compares the parsed origin: prefixes can be forged. */
export function isOurs(address: string): boolean {
  if (!URL.canParse(address)) return false
  const url = new URL(address)
  return url.protocol === `${scheme}:` && url.host === 'countersign' && url.username === '' && url.password === ''
}
