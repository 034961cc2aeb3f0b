import type { Finding } from '../finding/index.ts'

/** Findings of one kind, the first of which stands for all. */
export type Group = { readonly first: Finding; readonly others: readonly Finding[] }

/** As many are read one by one; of more, those that are alike in different operations are put together, too. */
const manyGroups = 20

/**
 * Puts together what is alike: what the clause, the operation, the phase and the status of the answer have in common. Where
 * the target is wrong as a whole, clause and operation do not matter.
 */
export function groupFindings(findings: readonly Finding[], { asWhole = false } = {}): Group[] {
  if (asWhole) return groupBy(findings, kindOf)
  const fine = groupBy(findings, finding => [...kindOf(finding), finding.operation, finding.pointer])
  return fine.length <= manyGroups ? fine : groupBy(findings, kindOf)
}

function kindOf({
  severity,
  code,
  rule,
  check,
  caseId,
  status,
  flaky,
}: Finding): (string | number | boolean | undefined)[] {
  const phase = caseId?.split('/').at(-2)
  return [severity, code, rule, check, phase, status, flaky]
}

function groupBy(
  findings: readonly Finding[],
  keyOf: (finding: Finding) => (string | number | boolean | undefined)[],
): Group[] {
  const groups = new Map<string, { first: Finding; others: Finding[] }>()
  for (const finding of findings) {
    const key = keyOf(finding).join('\n')
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { first: finding, others: [] })
    else group.others.push(finding)
  }
  return [...groups.values()]
}
