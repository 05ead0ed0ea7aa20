/** Those members of `E` that may be left out, without the value that says so. */
type Given<E> = { [K in keyof E]?: Exclude<E[K], undefined> }

/** `base` itself, with what there is of `more`: a member that is undefined is left out, as JSON would. */
export function withGiven<B extends object, const E extends object>(base: B, more: E): B & Given<E> {
  const whole = base as Record<string, unknown>
  for (const name in more) if (more[name] !== undefined) whole[name] = more[name]
  return whole as B & Given<E>
}
