import { createHash } from 'node:crypto'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { catalogue, type Finding } from '../../finding/index.ts'
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
  const { tool, command, findings, startedAt, durationMs = 0, skipped = [] } = report
  const rules = [...new Map(findings.map(finding => [ruleId(finding), finding])).values()]
  const indexes = new Map(rules.map((finding, index) => [ruleId(finding), index]))
  const fingerprint = fingerprints()
  const ended = startedAt === undefined ? undefined : new Date(Date.parse(startedAt) + durationMs).toISOString()
  return {
    tool: { driver: { name: tool.name, semanticVersion: tool.version, rules: rules.map(ruleOf) } },
    automationDetails: { id: `${tool.name}/${command}/` },
    invocations: [
      {
        executionSuccessful: true,
        ...(startedAt !== undefined && { startTimeUtc: startedAt, endTimeUtc: ended }),
        toolExecutionNotifications: skipped.map(({ what, why }) => ({
          level: 'note',
          message: { text: `skipped ${what}: ${why}` },
        })),
      },
    ],
    columnKind: 'utf16CodeUnits',
    results: findings.map(finding => ({
      ruleId: ruleId(finding),
      ruleIndex: indexes.get(ruleId(finding)),
      level: levels[finding.severity],
      message: { text: [finding.message, finding.help, finding.curl].filter(Boolean).join('\n') },
      locations: [locationOf(finding, report.document.file)],
      partialFingerprints: { 'contratoFinding/v1': fingerprint(finding) },
      properties: propertiesOf(finding),
    })),
  }
}

/** A rule of the ruleset is one of its own, below the code that they share. */
function ruleId({ code, rule }: Finding): string {
  return rule === undefined ? code : `${code}/${rule}`
}

function ruleOf(finding: Finding): object {
  const { title, cause, fix } = catalogue[finding.code]
  return {
    id: ruleId(finding),
    shortDescription: { text: finding.rule === undefined ? title : `${title}: ${finding.rule}` },
    fullDescription: { text: cause },
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

function propertiesOf({ operation, check, caseId, count }: Finding): object {
  return { operation, check, caseId, count }
}

/** The same from run to run, without the values and positions, which change; findings that are alike get a number. */
function fingerprints(): (finding: Finding) => string {
  const seen = new Map<string, number>()
  return ({ code, rule, operation, pointer, check }) => {
    const words = JSON.stringify([code, rule, operation, pointer, check])
    const hash = createHash('sha256').update(words).digest('hex').slice(0, 32)
    const number = (seen.get(hash) ?? 0) + 1
    seen.set(hash, number)
    return `${hash}:${number}`
  }
}
