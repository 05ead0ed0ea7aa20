import { type AnyContractProcedure, isContractProcedure } from '@orpc/contract'
import { type AnyProcedure, createProcedureClient, isProcedure } from '@orpc/server'
import type { ProcedureMeta } from '../../../shared/contract/base.ts'
import type { Scope } from '../../../shared/model/actor.ts'
import type { RequestContext } from '../context.ts'

/** A contract or a router: procedures under names, in groups. */
export type Tree = { readonly [name: string]: unknown }

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

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

/** Every procedure of the contract. Throws when the router leaves one out: that is a mistake in wiring, not in use. */
export function bindProcedures(contract: Tree, router: Tree): BoundProcedure[] {
  return [...walk(contract, [])].map(([path, declared]) => {
    const implemented = path.reduce<unknown>((tree, name) => (tree as Tree | undefined)?.[name], router)
    if (!isProcedure(implemented)) throw new Error(`The router has no procedure ${path.join('.')}, which the contract declares`)
    return bind(path, declared, implemented)
  })
}

function* walk(tree: Tree, path: readonly string[]): Generator<[string[], AnyContractProcedure]> {
  for (const [name, value] of Object.entries(tree)) {
    if (isContractProcedure(value)) yield [[...path, name], value]
    else yield* walk(value as Tree, [...path, name])
  }
}

function bind(path: readonly string[], declared: AnyContractProcedure, implemented: AnyProcedure): BoundProcedure {
  const { route, meta } = declared['~orpc']
  if (route.method === undefined || route.path === undefined || route.method === 'HEAD') {
    throw new Error(`The procedure ${path.join('.')} has no method or path in the contract`)
  }
  // Made once: `call` would build a client anew for each request.
  const client = createProcedureClient(implemented, {
    context: (context: RequestContext) => context,
    path,
  }) as BoundProcedure['invoke']
  return {
    name: path.join('.'),
    method: route.method,
    path: route.path,
    successStatus: route.successStatus ?? 200,
    scope: (meta as ProcedureMeta).scope,
    invoke: client,
  }
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
