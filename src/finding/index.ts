export { catalogue, type Explanation, type FindingCode } from './catalogue.ts'
export { exitCodes, type Finding, type Position, type Severity, Trouble } from './finding.ts'
export { formatPointer, parsePointer, resolvePointer } from './pointer.ts'
