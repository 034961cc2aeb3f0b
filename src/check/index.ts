export type { Check, Evidence } from './check.ts'
export { type CheckId, checks } from './checks/index.ts'
export { Judge } from './judge.ts'
