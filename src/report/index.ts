export { curlLine } from './curl.ts'
export { type FormatName, formats } from './formats/index.ts'
export { showFinding } from './formats/list.ts'
export { codeFrame } from './frame.ts'
export { mergeReports, NotMergeable } from './merge.ts'
export {
  type Coverage,
  countFindings,
  type NextLines,
  type Report,
  type ReportFormat,
  type ReportHead,
  type Surroundings,
} from './report.ts'
export type { Outcome, Sabotage } from './sabotages.ts'
export { makeStyle, type Style } from './style.ts'
