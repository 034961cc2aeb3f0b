import { createHash } from 'node:crypto'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { catalogue, type Explanation, type Finding } from '../../finding/index.ts'
import type { Report, ReportFormat } from '../report.ts'

const levels = { error: 'error', warning: 'warning', info: 'note' } as const
const schema = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json'

/** For code scanning. Source: Static Analysis Results Interchange Format 2.1.0, OASIS. */
export const sarif: ReportFormat<'sarif'> = {
  name: 'sarif',
  isLog: false,
  render: report => `${JSON.stringify({ $schema: schema, version: '2.1.0', runs: [runOf(report)] }, null, 2)}\n`,
}

function runOf(report: Report): object {
  const { tool, command, document, findings, accepted = [] } = report
  const all = [...findings, ...accepted]
  const rules = [...new Map(all.map(finding => [ruleId(finding), finding])).values()]
  const indexes = new Map(rules.map((finding, index) => [ruleId(finding), index]))
  const fingerprint = fingerprints()
  return {
    tool: { driver: { name: tool.name, semanticVersion: tool.version, rules: rules.map(ruleOf) } },
    // What stands before the last slash tells the runs of one commit apart; uploads of the same name replace each other.
    automationDetails: { id: `${tool.name}/${command}/${uriOf(document.file)}/` },
    invocations: [invocationOf(report)],
    columnKind: 'utf16CodeUnits',
    results: all.map(finding => ({
      ruleId: ruleId(finding),
      ruleIndex: indexes.get(ruleId(finding)),
      level: levels[finding.severity],
      message: { text: [finding.message, finding.help, finding.curl].filter(Boolean).join('\n') },
      locations: [locationOf(finding, document.file)],
      partialFingerprints: fingerprint(finding),
      ...(finding.accepted !== undefined && { suppressions: [suppressionOf(finding.accepted)] }),
      properties: propertiesOf(finding),
    })),
  }
}

/** Nothing that was found makes a run unsuccessful, only that it could not be made or came to no end. */
function invocationOf({ startedAt, durationMs = 0, ended, skipped = [] }: Report): object {
  const end = startedAt === undefined ? undefined : new Date(Date.parse(startedAt) + durationMs).toISOString()
  const notes = skipped.map(({ what, why }) => ({ level: 'note', message: { text: `skipped ${what}: ${why}` } }))
  const text =
    ended === 'interrupted' ? 'The run was interrupted: there may be more to find.' : 'Nothing could be asked.'
  return {
    executionSuccessful: ended === undefined,
    ...(startedAt !== undefined && { startTimeUtc: startedAt, endTimeUtc: end }),
    toolExecutionNotifications: [...(ended === undefined ? [] : [{ level: 'error', message: { text } }]), ...notes],
  }
}

/** A baseline is a file beside the results. Source: SARIF 2.1.0, section 3.35. */
function suppressionOf({ reason, expires }: NonNullable<Finding['accepted']>): object {
  const justification = expires === undefined ? reason : `${reason} (until ${expires})`
  return { kind: 'external', status: 'accepted', justification }
}

/** A rule of the ruleset is one of its own, below the code that they share. */
function ruleId({ code, rule }: Finding): string {
  return rule === undefined ? code : `${code}/${rule}`
}

function ruleOf(finding: Finding): object {
  const { title, cause, fix, source }: Explanation = catalogue[finding.code]
  return {
    id: ruleId(finding),
    shortDescription: { text: finding.rule === undefined ? title : `${title}: ${finding.rule}` },
    fullDescription: { text: cause },
    ...(source !== undefined && { helpUri: source }),
    help: { text: `${cause}\n\n${fix}`, markdown: `${cause}\n\n**Fix:** ${fix}` },
    defaultConfiguration: { level: levels[finding.severity] },
  }
}

/** Code scanning shows no result without a file, so that what has no place stands at the document. */
function locationOf({ position, pointer, operation }: Finding, document: string): object {
  const region = position && { region: { startLine: position.line, startColumn: position.column } }
  const names = [
    operation !== undefined && { name: operation, kind: 'function' },
    pointer !== undefined && { fullyQualifiedName: pointer },
  ].filter(name => name !== false)
  return {
    physicalLocation: { artifactLocation: { uri: uriOf(position?.file ?? document) }, ...region },
    ...(names.length > 0 && { logicalLocations: names }),
  }
}

function uriOf(file: string): string {
  if (path.isAbsolute(file)) return pathToFileURL(file).href
  return file.split(/[\\/]/).map(encodeURIComponent).join('/')
}

/** Code scanning shows tags and filters by them. */
function propertiesOf({ operation, check, caseId, count, status, flaky }: Finding): object {
  return { operation, check, caseId, count, status, ...(flaky === true && { flaky, tags: ['flaky'] }) }
}

/**
 * The same from run to run, without the values and positions, which change; findings that are alike get a number. An
 * unexpected status is another breach in each case. GitHub knows findings again by the name that its own hash has.
 */
function fingerprints(): (finding: Finding) => Record<string, string> {
  const seen = new Map<string, number>()
  return ({ code, rule, operation, pointer, check, caseId }) => {
    const which = code === 'status-unexpected' ? caseId : undefined
    const words = JSON.stringify([code, rule, operation, pointer, check, which])
    const hash = createHash('sha256').update(words).digest('hex').slice(0, 32)
    const number = (seen.get(hash) ?? 0) + 1
    seen.set(hash, number)
    return { primaryLocationLineHash: `${hash}:${number}` }
  }
}
