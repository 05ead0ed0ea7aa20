/** What comes close together is worked off together; the first after a pause at once. `everyMs` in ms. Returns what takes one more. */
export function gathering<T>(everyMs: number, workOff: (gathered: readonly T[]) => void): (one: T) => void {
  let waiting: T[] = []
  let timer: ReturnType<typeof setTimeout> | null = null
  const later = () => {
    timer = null
    if (waiting.length === 0) return
    const gathered = waiting
    waiting = []
    timer = setTimeout(later, everyMs)
    workOff(gathered)
  }
  return (one) => {
    waiting.push(one)
    if (timer === null) later()
  }
}
