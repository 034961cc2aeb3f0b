export { catalogue, type Explanation, type FindingCode, marks } from './catalogue.ts'
export { exitCodes, type Finding, type Position, type Severity, Trouble } from './finding.ts'
export { jsonFaultAt } from './json.ts'
export { formatFragment, formatPointer, parsePointer, resolvePointer } from './pointer.ts'
