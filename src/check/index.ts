export { type Check, type Evidence, shown } from './check.ts'
export { type CheckId, checks } from './checks/index.ts'
export { Judge } from './judge.ts'
export { same } from './same.ts'
