import { oc } from '@orpc/contract'
import type { Scope } from '../model/actor.ts'
import { errorMap } from './errors.ts'

/**
 * What every procedure says about itself besides its shapes: the scope a caller must hold (null for none), and other scopes that
 * do as well.
 */
export type ProcedureMeta = { readonly scope: Scope | null; readonly also?: readonly Scope[] }

/** The start of every procedure. */
export const base = oc.$meta<ProcedureMeta>({ scope: null }).errors(errorMap)

export const requires = (scope: Scope, ...also: readonly Scope[]) => base.meta({ scope, also })
