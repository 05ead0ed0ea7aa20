/** Where the delivery of an outcome is. `dead` is shown and can be sent again. */
export type DeliveryState = 'pending' | 'retrying' | 'delivered' | 'dead'

/** One outcome on its way to a source's callback URL. */
export type Delivery = {
  readonly id: string
  readonly run_id: string
  readonly source: string
  readonly url: string
  readonly state: DeliveryState
  readonly attempts: number
  readonly next_at: string | null
  readonly last_status: number | null
  readonly last_error: string | null
  readonly delivered_at: string | null
}
