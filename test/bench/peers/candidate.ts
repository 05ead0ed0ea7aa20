/** Something that runs workflows and keeps them on disk. */
export interface Candidate {
  /** What makes an acknowledgement durable, as it was read back. */
  readonly durability: string
  /** Starts run `n`; resolves once the start is acknowledged. */
  start(n: number): Promise<unknown>
  /** Resolves when so many runs wait for their decision. */
  parked(count: number): Promise<unknown>
  /** Decides run `n`; resolves once that is acknowledged. */
  decide(n: number): Promise<unknown>
  /** Resolves when so many runs have ended. */
  completed(count: number): Promise<unknown>
  close(): Promise<unknown>
}

export type Open = (options: { readonly folder: string; readonly scratch: string; readonly inFlight: number }) => Promise<Candidate>

/** Runs a second, and microseconds of processor time that all threads take for one run, start to end. */
export type Work = { readonly acked: number; readonly parked: number; readonly finished: number; readonly cpu: number }

/** What every candidate is given: about 500 bytes as JSON. */
export const inputOf = (n: number) => ({
  id: `order-${n}`,
  title: `Refund for order 88-${n}`,
  requester: 'shop-backend',
  amount: 1240.5,
  currency: 'EUR',
  customer: 'c_19284',
  note: 'The customer says that the parcel never arrived; the carrier confirms it. '.repeat(4),
})

export type Input = ReturnType<typeof inputOf>

/** What step A makes of it, about as long; and what step B makes of the decision. */
export const stepA = (input: Input) => ({ ...input, checked: true })
export const stepB = (a: ReturnType<typeof stepA>, approved: unknown) => ({ id: a.id, paid: a.amount, approved })

/** Asks again until it is so. */
export async function until(holds: () => boolean | Promise<boolean>, everyMs: number): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, everyMs))
}
