export { type PhaseId, phases } from './phases/index.ts'
export { type ContractOptions, type ContractRun, runContract } from './run.ts'
