export { type LintOptions, lintDocument } from './lint.ts'
export { type RuleCode, rules } from './rules/index.ts'
