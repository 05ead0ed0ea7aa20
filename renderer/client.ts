import type { ContractRouterClient } from '@orpc/contract'
import type { Contract } from '../shared/contract/contract.ts'

/** What the inbox talks to: every procedure of the contract, over whichever link `main.tsx` chose. */
export type Client = ContractRouterClient<Contract>
