import { type AnyContractProcedure, isContractProcedure } from '@orpc/contract'
import { type AnyProcedure, createProcedureClient, isProcedure } from '@orpc/server'
import type { ProcedureMeta } from '../../../shared/contract/base.ts'
import type { Scope } from '../../../shared/model/actor.ts'
import type { RequestContext } from '../context.ts'

/** A contract or a router: procedures under names, in groups. */
export type Tree = { readonly [name: string]: unknown }

type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** A procedure of the contract, joined to its implementation and ready to become a route. */
export type BoundProcedure = {
  readonly name: string
  readonly method: HttpMethod
  /** As the contract writes it, with `{name}` for parameters. */
  readonly path: string
  readonly successStatus: number
  readonly scope: Scope | null
  invoke(input: unknown, options: { context: RequestContext; signal?: AbortSignal }): Promise<unknown>
}

/** What the contract says about one procedure. */
export type DeclaredProcedure = {
  readonly keys: readonly string[]
  readonly method: HttpMethod
  readonly path: string
  readonly successStatus: number
  readonly meta: ProcedureMeta
}

/** Every procedure of the contract, in its order. */
export const listProcedures = (contract: Tree): DeclaredProcedure[] =>
  [...walk(contract, [])].map(([keys, found]) => declare(keys, found))

/** Every procedure of the contract with its implementation. Throws when the router leaves one out: that is wrong wiring, not wrong use. */
export function bindProcedures(contract: Tree, router: Tree): BoundProcedure[] {
  return listProcedures(contract).map((declared) => {
    const { keys, method, path, successStatus, meta } = declared
    const implemented = keys.reduce<unknown>((tree, key) => (tree as Tree | undefined)?.[key], router)
    if (!isProcedure(implemented)) throw new Error(`The router has no procedure ${keys.join('.')}, which the contract declares`)
    // Made once: `call` would build a client anew for each request.
    const invoke = createProcedureClient(implemented as AnyProcedure, { context: (context: RequestContext) => context, path: keys })
    return { name: keys.join('.'), method, path, successStatus, scope: meta.scope, invoke: invoke as BoundProcedure['invoke'] }
  })
}

function* walk(tree: Tree, path: readonly string[]): Generator<[string[], AnyContractProcedure]> {
  for (const [name, value] of Object.entries(tree)) {
    if (isContractProcedure(value)) yield [[...path, name], value]
    else yield* walk(value as Tree, [...path, name])
  }
}

function declare(keys: readonly string[], procedure: AnyContractProcedure): DeclaredProcedure {
  const { route, meta } = procedure['~orpc']
  if (route.method === undefined || route.path === undefined || route.method === 'HEAD') {
    throw new Error(`The procedure ${keys.join('.')} has no method or path in the contract`)
  }
  const { method, path, successStatus = 200 } = route
  return { keys, method, path, successStatus, meta: meta as ProcedureMeta }
}

/** `/tasks/{task_id}/wait` as the router of Fastify writes it. */
export const toFastifyPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ':$1')

/** Query parameters as an input: repeated ones, and ones written `name[]` or `name[0]`, are lists. */
export function toQueryInput(query: unknown): Record<string, unknown> {
  const input: Record<string, unknown> = Object.create(null)
  for (const [name, value] of Object.entries(query as Record<string, string | string[]>)) {
    const listed = /^([^[\]]+)\[\d*\]$/.exec(name)?.[1]
    if (listed === undefined && !(name in input)) input[name] = value
    else {
      const key = listed ?? name
      const before = input[key]
      input[key] = [...(Array.isArray(before) ? before : before === undefined ? [] : [before]), ...[value].flat()]
    }
  }
  return input
}
