import type { OutgoingView } from '../../shared/contract/outgoing.ts'
import type { Client } from '../client.ts'
import type { CallFailure } from '../failure.ts'
import { useWithSettings } from './with-settings.ts'

type Held = { readonly view: OutgoingView | null; readonly failure: CallFailure | null; readonly load: () => Promise<void> }

const ask = (client: Client): Promise<OutgoingView> => client.settings.outgoing({})

/** What is called by itself. */
export function useOutgoing(): Held {
  const { view, failure, load } = useWithSettings(ask)
  return { view, failure, load }
}
