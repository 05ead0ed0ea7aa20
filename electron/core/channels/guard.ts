import { lookup } from 'node:dns/promises'
import { BlockList, isIP, isIPv6 } from 'node:net'
import type { Result } from '../../../shared/model/result.ts'
import { fail, ok } from '../../../shared/model/result.ts'

/**
 * Keeps deliveries from reaching what they must not. Addresses come from registration only; still, a name may later point
 * elsewhere, so it is resolved once for each attempt, every answer is checked, and the connection goes to the address checked.
 */

/** Where an attempt connects: a checked address, with the name kept for the Host header and for TLS. */
export type Target = { readonly url: URL; readonly address: string }

/** Looks a host name up; all of its addresses. */
export type Resolve = (hostname: string) => Promise<readonly string[]>

export const systemResolve: Resolve = async (hostname) =>
  (await lookup(hostname, { all: true, verbatim: true })).map((found) => found.address)

/** This machine and private networks: where plain http may go. */
const local = blockList([
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['::1', 128],
  ['fc00::', 7],
])

/** Nobody's service: link-local (cloud metadata among it), multicast, reserved, "any", and IPv4 hidden in IPv6. */
const forbidden = blockList([
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['192.0.0.0', 24],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['::', 128],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2002::', 16],
  ['fe80::', 10],
  ['ff00::', 8],
])

/** Ports of protocols that a POST could be mistaken for. */
const forbiddenPorts = new Set([
  21, 22, 23, 25, 53, 110, 111, 119, 135, 139, 143, 389, 445, 465, 587, 636, 993, 995, 6000, 6379, 11211,
])

function blockList(subnets: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList()
  for (const [network, prefix] of subnets) list.addSubnet(network, prefix, isIPv6(network) ? 'ipv6' : 'ipv4')
  return list
}

function addressKind(address: string): 'local' | 'public' | 'forbidden' {
  const family = isIPv6(address) ? 'ipv6' : 'ipv4'
  if (forbidden.check(address, family)) return 'forbidden'
  return local.check(address, family) ? 'local' : 'public'
}

/** What can be said of a callback address without asking the network: for registration, and first at each attempt. */
export function checkCallbackUrl(text: string): Result<URL, string> {
  if (!URL.canParse(text)) return fail('it is not an address')
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return fail('it must be an http or https address')
  if (url.username !== '' || url.password !== '') return fail('it must not carry a user name or password')
  if (url.port !== '' && forbiddenPorts.has(Number(url.port))) return fail(`port ${url.port} belongs to another protocol`)
  const host = hostOf(url)
  if (host === '') return fail('it has no host')
  return isIP(host) === 0 ? ok(url) : checkAddresses(url, [host])
}

/** Resolves the address once and says where to connect, or why not. */
export async function resolveTarget(url: URL, resolve: Resolve = systemResolve): Promise<Result<Target, string>> {
  const host = hostOf(url)
  const addresses = isIP(host) === 0 ? await resolve(host.replace(/\.$/, '')) : [host]
  if (addresses.length === 0) return fail(`${host} has no address`)
  const checked = checkAddresses(url, addresses)
  return checked.ok ? ok({ url, address: addresses[0]! }) : checked
}

function checkAddresses(url: URL, addresses: readonly string[]): Result<URL, string> {
  const kinds = new Set(addresses.map(addressKind))
  if (kinds.has('forbidden')) return fail(`${url.hostname} points to an address that nothing may be sent to`)
  if (kinds.size > 1) return fail(`${url.hostname} points to this network and out of it at once`)
  if (url.protocol === 'http:' && !kinds.has('local')) return fail('http is for this machine and private networks; use https')
  return ok(url)
}

const hostOf = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, '$1')
