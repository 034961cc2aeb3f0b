export { type Answered, drillReceiver, findingsOf } from './drill.ts'
