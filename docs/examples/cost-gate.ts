import { defineWorkflow } from 'countersign/workflow'
import * as z from 'zod'

const dollarsPerHour = 2.5
/** Below that, nobody is asked. */
const freeDollars = 100

/** A training run that costs real money starts only when somebody has agreed to the estimate. */
export const costGate = defineWorkflow({
  name: 'cost-gate',
  input: z.object({ gpus: z.int().positive(), hours: z.number().positive() }),
  async run(wf, config) {
    const estimate = await wf.step('estimate', () => config.gpus * config.hours * dollarsPerHour)
    return wf.gate('train', { ...config, dollars: estimate }, (approved) => ({ trained_for: approved.hours }), {
      when: ({ dollars }) => dollars >= freeDollars,
      title: ({ dollars }) => `Spend ${dollars} USD on a training run?`,
      approvers: ['engineering-manager@example.com'],
      consequence: 'The machines are started and paid for.',
      timeout: '24h',
    })
  },
})
