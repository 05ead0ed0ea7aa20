import { expect, type Inbox } from '../fixture.ts'

/** An ordinary day of a small shop: what the pictures show. */

const hour = 3_600_000

const patch = `--- a/limits.ts
+++ b/limits.ts
@@ -12,7 +12,7 @@ export const limits = {
   seconds: 30,
   tries: 5,
-  perDay: 1000,
+  perDay: 5000,
   perHour: 200,
 }
`

const payout = {
  type: 'payment',
  title: 'Pay invoice 2026-0412 of Nordlicht Logistics',
  description: 'Freight for February. The supplier wrote that its bank has changed.',
  requester: 'ana@example.com',
  amount: '48000.00',
  currency: 'EUR',
  priority: 'urgent',
  timeout_hours: 3.4,
  data: {
    payee: 'Nordlicht Logistics GmbH',
    iban: 'DE75 5121 0800 1245 1261 99',
    link: 'https://portal.nordlicht.example@pay.example/2026-0412',
    due_on: '2026-03-18',
  },
}

const rich = {
  type: 'purchase',
  title: 'Three standing desks for the new office',
  description: 'Two suppliers were asked. This one delivers before the move.',
  requester: 'bo@example.com',
  amount: '2394.00',
  currency: 'EUR',
  timeout_hours: 30,
  editable: ['amount', 'address', 'express'],
  data: {
    supplier: 'Holz & Stahl',
    lines: [
      { item: 'Desk, oak, 160 × 80', quantity: 3, unit_price: '729.00', currency: 'EUR' },
      { item: 'Cable tray', quantity: 3, unit_price: '39.00', currency: 'EUR' },
      { item: 'Delivery', quantity: 1, unit_price: '90.00', currency: 'EUR' },
    ],
    address: { street: 'Rua do Carmo 12', city: 'Lisbon', zip: '1200-093' },
    express: false,
    deliver_on: '2026-03-27',
    quote: 'https://files.holz-stahl.example/quotes/8812.pdf',
  },
  attachments: [
    {
      name: 'Quote 8812.pdf',
      url: 'https://files.holz-stahl.example/quotes/8812.pdf',
      media_type: 'application/pdf',
      size_bytes: 182_402,
      sha256: '5e'.repeat(32),
    },
    { name: 'Floor plan.png' },
  ],
  evidence: [
    { title: 'The other quote', text: 'Möbel Meyer: €2,610.00, delivery in May.' },
    { title: 'Decision of the team meeting', url: 'https://notes.example/office/2026-03-10' },
  ],
  rollback: 'The order can be cancelled free of charge until 20 March.',
}

const deploy = {
  type: 'deployment_gate',
  title: 'Roll out user-service 4.12.0 to production',
  requester: 'ci',
  timeout_hours: 0.7,
  priority: 'high',
  data: {
    environment: 'production',
    command: 'kubectl -n shop rollout restart deployment/user-service',
    patch,
    window: 'PT2H',
    checks: { tests: 'passed', canary: 'passed', error_rate: '0.02 %' },
    replicas: { before: 4, after: 6 },
  },
}

const refund = (order: string, title: string, amount: string, timeout_hours: number) => ({
  type: 'refund',
  title,
  requester: 'shop-backend',
  amount,
  currency: 'EUR',
  timeout_hours,
  description: 'The parcel never arrived; the carrier confirms the loss.',
  data: { order, payee: 'DE89 3704 0044 0532 0130 00' },
})

/** A chain of two, of which the second is asked. */
const chains = `rules:
  travel:
    - name: two levels
      action: require_approval
      levels:
        - name: Manager
          approvers: [bo@example.com]
        - name: Finance
          approvers: [owner@example.com, cem@example.com]
          votes: all
`

const person = { aliases: [], backup: null, assistants: [], away: null }

export async function colleagues(inbox: Inbox): Promise<void> {
  await inbox.admin.people.savePerson({ ...person, email: 'owner@example.com', name: 'Owner' })
  await inbox.owner.people.savePerson({ ...person, email: 'ana@example.com', name: 'Ana Silva' })
  await inbox.owner.people.savePerson({ ...person, email: 'bo@example.com', name: 'Bo Berg', aliases: ['bberg'] })
  await inbox.owner.people.savePerson({ ...person, email: 'cem@example.com', name: 'Cem Çelik' })
  await inbox.owner.people.saveGroup({ name: 'finance', label: 'Finance', members: ['bo@example.com'] })
}

/** Requests of every urgency, risk and kind, and some that are over. */
export async function day(inbox: Inbox) {
  await colleagues(inbox)
  await inbox.owner.policy.save({ text: chains })
  // The clock goes on when the outcome has arrived: with one set forward before, it would be sent twice.
  const decide = async (approval_id: string, decision: 'approve' | 'reject', comment?: string) => {
    await inbox.owner.approvals.decide({ approval_id, decision, hold: false, ...(comment ? { comment } : {}) })
    const states = async () => (await inbox.owner.approvals.get({ approval_id })).deliveries.map(({ state }) => state)
    await expect.poll(states).toEqual(['delivered'])
  }
  for (const [order, amount] of [
    ['88-0871', '39.00'],
    ['88-0902', '54.50'],
    ['88-0933', '42.00'],
  ] as const) {
    const { id } = await inbox.ask(refund(order, `Refund for order ${order}`, amount, 24))
    inbox.clock.advance(20 * 60_000)
    await decide(id, order === '88-0933' ? 'reject' : 'approve', order === '88-0933' ? 'The parcel arrived after all.' : undefined)
  }
  const decided = await inbox.ask({ ...refund('88-0990', 'Replace a broken lamp', '89.00', 24), type: 'payment' })
  await decide(decided.id, 'approve', 'Within warranty.')
  await inbox.ask({ ...refund('88-0999', 'Nobody answered this one', '12.00', 0.5), hard_limit: true })
  inbox.clock.advance(40 * 60_000)
  const soon = await inbox.ask(refund('88-1001', 'Refund for order 88-1001', '1240.00', 2))
  inbox.clock.advance(94 * 60_000)
  const high = await inbox.ask(payout)
  inbox.clock.advance(14 * 60_000)
  const chain = await inbox.ask({
    type: 'travel',
    title: 'Conference in Porto, four days',
    description: 'Train and hotel; the talk was accepted.',
    requester: 'ana@example.com',
    amount: '1180.00',
    currency: 'EUR',
    data: { nights: 3, purpose: 'Talk on durable workflows' },
  })
  await inbox.decideAs('bo@example.com', chain.id, 'approve', 'Enjoy.')
  const gate = await inbox.ask(deploy)
  const desks = await inbox.ask(rich)
  const low = await inbox.ask(refund('88-1042', 'Refund for order 88-1042', '48.90', 100))
  await inbox.ask(refund('88-1043', 'Refund for order 88-1043', '51.00', 120))
  await inbox.ask({
    ...refund('88-1044', 'Refund for order 88-1044', '47.20', 130),
    data: { order: '88-1044', payee: 'GB29 NWBK 6016 1331 9268 19' },
  })
  await inbox.ask({
    type: 'access',
    title: 'Read access to the billing reports for a very long name of a department that does not fit',
    requester: 'cem@example.com',
    timeout_hours: 24 * 20,
  })
  const question = await inbox.ask({
    type: 'rollout',
    title: 'How shall the new checkout go live?',
    requester: 'release-bot',
    timeout_hours: 24 * 12,
    options: [
      { id: 'canary', label: 'Canary first', outcome: 'approved' },
      { id: 'all', label: 'Everybody at once', outcome: 'approved' },
      { id: 'later', label: 'After the freeze', outcome: 'rejected' },
    ],
    data: { share: 5 },
  })
  await inbox.ask({
    type: 'newsletter',
    title: 'Send the spring newsletter',
    requester: 'marketing',
    approver_email: 'cem@example.com',
    timeout_hours: 50,
  })
  const snoozed = await inbox.ask({
    type: 'contract',
    title: 'Renew the cleaning contract',
    requester: 'office',
    amount: '320.00',
    currency: 'EUR',
    timeout_hours: 24 * 9,
  })
  await inbox.owner.approvals.snooze({ approval_id: snoozed.id, until: new Date(inbox.clock.now() + 26 * hour).toISOString() })
  return { decided, soon, high, chain, gate, desks, low, question, snoozed }
}
