/** What the package exports as `countersign/client`. */
export type { AnswerOption, ApprovalItem, Decision, Priority, Version } from '../model/approval.ts'
export type { RunStatus, TaskStatus } from '../model/run.ts'
export { createClient } from './client.ts'
export { CountersignError, NotApproved, NotGenuine, type NotGenuineReason } from './failures.ts'
export type {
  Amount,
  ApprovalRequest,
  Client,
  ClientOptions,
  Decided,
  DecideRequest,
  GateOptions,
  Outcome,
  Revision,
  SubmitOptions,
  Submitted,
  WaitOptions,
} from './types.ts'
export { type Expected, rememberSeen, type SeenStore, type VerifyOptions, verifyOutcome, versionOf } from './verify.ts'
