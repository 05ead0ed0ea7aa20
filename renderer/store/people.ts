import { useCallback, useEffect, useRef, useState } from 'react'
import type { PeopleView } from '../../shared/contract/people.ts'
import { normalEmail } from '../../shared/model/actor.ts'
import type { Client } from '../client.ts'
import { type CallFailure, toFailure } from '../failure.ts'
import { useInbox, useInboxHandle } from './context.ts'

export type PersonView = PeopleView['people'][number]
export type GroupView = PeopleView['groups'][number]

/** People and groups as they are, and ways to change them. */
export type PeopleDesk = {
  readonly view: PeopleView
  /** The signed-in person's entry; null when nobody entered it. */
  readonly me: PersonView | null
  readonly myEmail: string | null
  readonly mayEdit: boolean
  readonly mayDecide: boolean
  readonly nameOf: (email: string) => string
  /** Does one change and shows what the answer says; resolves with why it was refused. */
  readonly change: (work: (client: Client) => Promise<unknown>) => Promise<CallFailure | null>
}

type Loaded =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly failure: CallFailure; readonly again: () => void }
  | { readonly state: 'ready'; readonly desk: PeopleDesk }

const isView = (answer: unknown): answer is PeopleView => typeof answer === 'object' && answer !== null && 'people' in answer

/** People, groups and delegations. They change in other windows too, so they are fetched again whenever this one is looked at. */
export function usePeople(): Loaded {
  const { client } = useInboxHandle()
  const scopes = useInbox((state) => state.scopes)
  const person = useInbox((state) => state.person)
  const offline = useInbox((state) => state.connection.state === 'offline')
  const [view, setView] = useState<PeopleView | null>(null)
  const [failure, setFailure] = useState<CallFailure | null>(null)
  const latest = useRef(0)
  const load = useCallback(async () => {
    const own = ++latest.current
    try {
      const next = await client.people.get({})
      // What was asked for, or changed, later is newer.
      if (own !== latest.current) return
      setView(next)
      setFailure(null)
    } catch (error) {
      if (own === latest.current) setFailure(toFailure(error))
    }
  }, [client])
  useEffect(() => {
    if (offline) return
    const onShown = () => document.visibilityState === 'visible' && void load()
    void load()
    document.addEventListener('visibilitychange', onShown)
    return () => document.removeEventListener('visibilitychange', onShown)
  }, [load, offline])
  const change = useCallback<PeopleDesk['change']>(
    async (work) => {
      try {
        const answer = await work(client)
        latest.current++
        if (isView(answer)) setView(answer)
        else await load()
        return null
      } catch (error) {
        return toFailure(error)
      }
    },
    [client, load],
  )
  if (view === null) {
    return failure === null ? { state: 'loading' } : { state: 'failed', failure, again: () => void load() }
  }
  const byEmail = new Map(view.people.map((each) => [each.email, each.name]))
  const myEmail = person ? normalEmail(person.email) : null
  const desk: PeopleDesk = {
    view,
    me: view.people.find((each) => myEmail !== null && normalEmail(each.email) === myEmail) ?? null,
    myEmail,
    mayEdit: scopes.includes('admin'),
    mayDecide: person !== null && scopes.includes('decide'),
    nameOf: (email) => byEmail.get(email) || email,
    change,
  }
  return { state: 'ready', desk }
}
