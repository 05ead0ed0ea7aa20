import { deepLinkScheme } from './origin.ts'
import { approvalIdPattern } from './preload/channels.ts'

/** The request that a `countersign://approvals/ID` link opens, or null. A link navigates; nothing else in it is looked at. */
export function approvalOfLink(link: string): string | null {
  if (link.length > 500 || !URL.canParse(link)) return null
  const url = new URL(link)
  if (url.protocol !== `${deepLinkScheme}:` || url.host !== 'approvals') return null
  const id = url.pathname.slice(1)
  return approvalIdPattern.test(id) ? id : null
}

/** The link among a process's arguments: their order may change, and switches are added by the system. */
export function linkOfArguments(args: readonly string[]): string | null {
  return args.find((arg) => arg.toLowerCase().startsWith(`${deepLinkScheme}:`)) ?? null
}
