export type { ContractOptions, ContractRun } from './options.ts'
export { type PhaseId, phases } from './phases/index.ts'
export { runContract } from './run.ts'
