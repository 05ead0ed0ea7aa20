import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import type { Inbox, InboxActions } from './inbox.ts'
import type { InboxState } from './state.ts'

export const InboxContext = createContext<Inbox | null>(null)

export function useInboxHandle(): Inbox {
  const inbox = useContext(InboxContext)
  if (!inbox) throw new Error('A screen was drawn outside of the inbox')
  return inbox
}

/** A part of the state; the component is drawn again only when that part changes. */
export const useInbox = <T>(select: (state: InboxState) => T): T => useStore(useInboxHandle().store, select)
export const useActions = (): InboxActions => useInboxHandle().actions
