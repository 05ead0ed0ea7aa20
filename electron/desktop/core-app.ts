import type { Router } from '@orpc/server'
import type { Contract } from '../../shared/contract/contract.ts'
import type { Caller, Via } from '../../shared/model/actor.ts'
import type { Language } from '../../shared/model/language.ts'
import type { RequestContext } from '../core/context.ts'

/** What the desktop needs of the application: the router to serve, who its owner is, and its life. */
export type CoreApp = {
  readonly router: Router<Contract, RequestContext>
  readonly settings: {
    readonly config: { readonly language: Language; readonly undo: { readonly seconds: number } }
  }
  ownerCaller(via: Via): Caller
  start(): Promise<void>
  stop(): Promise<void>
  /** Looks at the clock at once: called when the machine wakes. */
  tick?(): void
}

/** What is started beside the window and stopped with it: the HTTP intake for local systems. */
export type Companion = { stop(): Promise<void> }
