import { defineWorkflow } from 'countersign/workflow'
import * as z from 'zod'

const ownDomains = ['mycompany.example']

/** A mail leaves by itself when everybody it goes to is one of us; otherwise somebody reads it first. */
export const mailGate = defineWorkflow({
  name: 'mail-gate',
  input: z.object({ to: z.array(z.string()).min(1), subject: z.string(), body: z.string() }),
  run: (wf, mail) =>
    wf.gate('send', mail, (approved, { idempotency_key }) => ({ sent: approved.to, message_id: idempotency_key }), {
      when: ({ to }) => !to.every(isOwn),
      title: ({ to, subject }) => `Mail to ${to.join(', ')}: "${subject}"`,
      approvers: ['group:office'],
      consequence: 'The mail leaves at once and cannot be called back.',
      editable: ['subject', 'body'],
      timeout: '1d',
    }),
})

/**
 * Whether an address is one of ours. The whole of what follows the last @ is compared, without case: comparing ends would let
 * `eve@evil-mycompany.example` through. Anything but one plain address is not ours, so that nothing hides in a list or a name.
 */
function isOwn(address: string): boolean {
  const plain = /^[^\s@<>,;:"()[\]\\]+@([a-z0-9.-]+)$/i.exec(address)
  return plain !== null && ownDomains.includes(plain[1]!.toLowerCase())
}
