import { nameOf } from '../names.ts'
import { useInbox } from '../store/context.ts'
import { visible } from '../visible-text.ts'

/** Names people by what they are called here; a group by its label. */
export function useNames(): (written: string) => string {
  const people = useInbox((state) => state.people)
  return (written) => visible(nameOf(people, written))
}
