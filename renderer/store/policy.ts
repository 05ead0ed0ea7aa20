import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { PolicyProblem } from '../../shared/contract/policy.ts'
import type { Client } from '../client.ts'
import { type CallFailure, toFailure } from '../failure.ts'
import { useInboxHandle } from './context.ts'
import type { Inbox } from './inbox.ts'

export type PolicyView = Awaited<ReturnType<Client['policy']['get']>>

/** What the check of the present text said. */
type Checked =
  | { readonly state: 'none' | 'checking' }
  | { readonly state: 'done'; readonly problems: readonly PolicyProblem[] }
  | { readonly state: 'failed'; readonly why: string }

/** How saving went. `stale`: the file is another one by now, and was not overwritten. */
type Saving = { readonly state: 'none' | 'saving' | 'stale' } | { readonly state: 'refused'; readonly why: string }

type PolicyState = {
  readonly view: PolicyView | null
  readonly failure: CallFailure | null
  /** What somebody wrote and has not saved; null while it is the file's own text. */
  readonly draft: string | null
  readonly checked: Checked
  readonly saving: Saving
  /** The line to show when the editor is drawn next. */
  readonly line: number | null
}

const checkAfterMs = 350

/** The desk at which the policy is worked on: what is in force, what was written, and what is known about it. */
function createDesk(client: Client) {
  const store = createStore<PolicyState>(() => ({
    view: null,
    failure: null,
    draft: null,
    checked: { state: 'none' },
    saving: { state: 'none' },
    line: null,
  }))
  let timer: ReturnType<typeof setTimeout> | undefined

  const load = async () => {
    try {
      store.setState({ view: await client.policy.get({}), failure: null })
    } catch (error) {
      store.setState({ failure: toFailure(error) })
    }
  }

  const check = async (text: string) => {
    const isCurrent = () => store.getState().draft === text
    try {
      const { problems } = await client.policy.check({ text })
      if (isCurrent()) store.setState({ checked: { state: 'done', problems } })
    } catch (error) {
      if (isCurrent()) store.setState({ checked: { state: 'failed', why: toFailure(error).message } })
    }
  }

  const write = (text: string) => {
    const { view, saving } = store.getState()
    clearTimeout(timer)
    const kept = saving.state === 'stale' ? saving : { state: 'none' as const }
    if (text === view?.text) {
      store.setState({ draft: null, checked: { state: 'none' }, saving: { state: 'none' } })
      return
    }
    store.setState({ draft: text, checked: { state: 'checking' }, saving: kept })
    timer = setTimeout(() => void check(text), checkAfterMs)
  }

  const discard = async () => {
    clearTimeout(timer)
    store.setState({ draft: null, checked: { state: 'none' }, saving: { state: 'none' } })
    await load()
  }

  const saveOver = async (version: string): Promise<boolean> => {
    const { draft } = store.getState()
    if (draft === null) return false
    store.setState({ saving: { state: 'saving' } })
    try {
      await client.policy.save({ text: draft, version })
    } catch (error) {
      const failure = toFailure(error)
      store.setState({
        saving: failure.code === 'stale-version' ? { state: 'stale' } : { state: 'refused', why: failure.message },
      })
      // The refusal says what is wrong as one sentence; the check says where.
      if (failure.code === 'invalid-input') await check(draft)
      return false
    }
    await load()
    // What was typed while it was being saved is not thrown away with what was saved.
    const isSame = store.getState().draft === draft
    store.setState({ saving: { state: 'none' }, ...(isSame ? { draft: null, checked: { state: 'none' } } : {}) })
    return true
  }

  return {
    store,
    load,
    write,
    discard,
    save: () => saveOver(store.getState().view?.version ?? ''),
    /** Saves over what somebody else has put in force meanwhile, after it was said. */
    saveAnyway: async () => {
      await load()
      return saveOver(store.getState().view?.version ?? '')
    },
    show: (line: number | null) => store.setState({ line }),
  }
}

export type PolicyDesk = ReturnType<typeof createDesk>

/** One desk for as long as the page lives: an unsaved text survives a look at something else. */
const desks = new WeakMap<Inbox, PolicyDesk>()

export function usePolicyDesk(): PolicyDesk {
  const inbox = useInboxHandle()
  let desk = desks.get(inbox)
  if (!desk) {
    desk = createDesk(inbox.client)
    desks.set(inbox, desk)
  }
  return desk
}

export const usePolicy = <T>(select: (state: PolicyState) => T): T => useStore(usePolicyDesk().store, select)

/** What is asked about instead of the text in force; nothing while nobody has written one. */
export const draftText = (draft: string | null): { readonly text?: string } => (draft === null ? {} : { text: draft })

/** The request types that have rules of their own. */
export const typesOf = (view: PolicyView): readonly string[] =>
  [...new Set(view.rules.map((rule) => rule.type))].filter((type) => type !== '*')
