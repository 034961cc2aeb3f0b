import type { Document } from '../document/index.ts'
import type { Finding, FindingCode } from '../finding/index.ts'
import type { Api } from '../model/index.ts'
import { schemasBy } from './judge.ts'
import { placesOf } from './places.ts'
import { lintWithRedocly } from './redocly.ts'
import type { Subject } from './rule.ts'
import { rules } from './rules/index.ts'
import { type Ruleset, readRuleset } from './ruleset.ts'

export type LintOptions = {
  /** Path of a ruleset; by default `lint.yaml` beside the document, else the one of this package. */
  readonly ruleset?: string
}

/** Rules of Redocly that ask what one of ours asks too; where both find the same, ours says it better. */
const counterparts: Readonly<Record<string, readonly FindingCode[]>> = {
  'operation-operationId': ['operation-id-missing'],
  'operation-2xx-response': ['success-missing'],
  'operation-4xx-response': ['client-error-missing'],
  'security-defined': ['security-missing'],
  struct: ['schema-unusable', 'document-imperfect', 'reference-missing'],
  'no-unresolved-refs': ['reference-missing'],
  'no-enum-type-mismatch': ['enum-invalid'],
  'no-invalid-media-type-examples': ['example-invalid'],
  'no-invalid-parameter-examples': ['example-invalid'],
  'no-invalid-schema-examples': ['example-invalid'],
}

/**
 * Everything that is wrong with a document by itself, ordered by file and position.
 *
 * @throws Trouble when the ruleset cannot be used
 */
export async function lintDocument(document: Document, api: Api, options: LintOptions = {}): Promise<Finding[]> {
  // Imported late: it takes 0.4 s to load.
  const core = await import('@redocly/openapi-core')
  const ruleset = await readRuleset(core, document, options.ruleset)
  const reviewed = review(
    { document, api, places: placesOf(document.root), schemaAt: schemasBy(document, api) },
    ruleset,
  )
  const ours = [...imperfectionsOf(document), ...reviewed]
  const taken = new Set(ours.map(finding => spotOf(finding.code, finding)))
  const theirs = (await lintWithRedocly(core, document, ruleset)).filter(
    finding => !(counterparts[finding.rule ?? ''] ?? []).some(code => taken.has(spotOf(code, finding))),
  )
  return [...ours, ...theirs].sort(byPosition)
}

/** What the use of a document only warns of is an error of the document. */
function imperfectionsOf({ imperfections }: Document): Finding[] {
  return imperfections.map(finding => ({ ...finding, severity: 'error' }))
}

function review(subject: Subject, ruleset: Ruleset): Finding[] {
  const findings = new Map<string, Finding>()
  for (const rule of rules) {
    const severity = ruleset.severityOf(rule.code)
    if (severity === 'off') continue
    for (const { pointer, operation, message, help } of rule.review(subject)) {
      const position = subject.document.locate(pointer)
      // What many operations share, or the bundler has copied to many places, is wrong once.
      const key = `${rule.code} ${position.file}:${position.line}:${position.column} ${message.replace(/^.*?: /s, '')}`
      if (findings.has(key)) continue
      const finding = { code: rule.code, severity, message, help, pointer, position }
      findings.set(key, operation === undefined ? finding : { ...finding, operation })
    }
  }
  return [...findings.values()]
}

function spotOf(code: string | undefined, { position }: Finding): string {
  return `${code} ${position?.file}:${position?.line}`
}

function byPosition({ position: a }: Finding, { position: b }: Finding): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined)
  if (a.file !== b.file) return a.file < b.file ? -1 : 1
  return a.line - b.line || a.column - b.column
}
