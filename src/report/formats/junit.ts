import type { Finding } from '../../finding/index.ts'
import { operationRows } from '../coverage.ts'
import { forXml } from '../escape.ts'
import type { Report, ReportFormat } from '../report.ts'

type Skipped = NonNullable<Report['skipped']>[number]
type Fault = 'failure' | 'error'
type Suite = {
  readonly name: string
  readonly findings: Finding[]
  readonly accepted: Finding[]
  readonly skipped: Skipped[]
}

/**
 * For the test views of CI servers: a suite per operation, a test case per finding, and one that passes for an operation
 * without. Errors are failures; what is less than that passes and says so in its output. It has no elements and attributes
 * but those that strict readers know. Source: junit-10.xsd of the xUnit plugin of Jenkins.
 */
export const junit: ReportFormat<'junit'> = {
  name: 'junit',
  isLog: false,
  render: report => {
    // Where nothing could be asked, no test has failed.
    const fault = report.ended === 'unreachable' || report.ended === 'unusable' ? 'error' : 'failure'
    const suites = suitesOf(report).map(suite => ({ suite, ...countsOf(suite, fault) }))
    const total = (name: 'tests' | 'failures' | 'errors'): number => suites.reduce((sum, each) => sum + each[name], 0)
    const attributes = attributesOf({
      name: `${report.tool.name} ${report.command} ${report.document.file}`,
      tests: total('tests'),
      failures: total('failures'),
      errors: total('errors'),
      time: seconds(report),
    })
    const lines = suites.flatMap(({ suite, tests, failures, errors, skips }) => [
      `  <testsuite${attributesOf({ name: suite.name, tests, failures, errors, skipped: skips, timestamp: report.startedAt?.replace(/\.\d+Z$/, '') })}>`,
      ...casesOf(suite, fault),
      '  </testsuite>',
    ])
    return `${['<?xml version="1.0" encoding="UTF-8"?>', `<testsuites${attributes}>`, ...lines, '</testsuites>'].join('\n')}\n`
  },
}

/** What belongs to no operation stands under the name of the document. */
function suitesOf(report: Report): Suite[] {
  const suites = new Map<string, Suite>()
  const suite = (name: string): Suite => {
    const known = suites.get(name) ?? { name, findings: [], accepted: [], skipped: [] }
    suites.set(name, known)
    return known
  }
  for (const { operation } of operationRows(report)) suite(operation)
  for (const finding of report.findings) suite(finding.operation ?? report.document.file).findings.push(finding)
  for (const finding of report.accepted ?? []) suite(finding.operation ?? report.document.file).accepted.push(finding)
  for (const each of report.skipped ?? []) {
    const home = [...suites.keys()].find(name => each.what === name || each.what.startsWith(`${name}/`))
    suite(home ?? report.document.file).skipped.push(each)
  }
  if (suites.size === 0) suite(report.document.file)
  return [...suites.values()]
}

function countsOf(
  { findings, accepted, skipped }: Suite,
  fault: Fault,
): { tests: number; failures: number; errors: number; skips: number } {
  const faults = findings.filter(({ severity }) => severity === 'error').length
  return {
    tests: Math.max(1, findings.length + accepted.length + skipped.length),
    failures: fault === 'failure' ? faults : 0,
    errors: fault === 'error' ? faults : 0,
    skips: accepted.length + skipped.length,
  }
}

function casesOf(suite: Suite, fault: Fault): string[] {
  const classname = suite.name
  const nameOf = names()
  if (suite.findings.length + suite.accepted.length + suite.skipped.length === 0) {
    return [`    <testcase${attributesOf({ name: 'keeps the document', classname })}/>`]
  }
  const found = suite.findings.map(finding => caseOf(finding, classname, nameOf(finding), fault))
  const accepted = suite.accepted.map(finding => {
    const { reason = '', expires } = finding.accepted ?? {}
    const message = `accepted${expires === undefined ? '' : ` until ${expires}`}: ${reason}`
    return `    <testcase${attributesOf({ name: nameOf(finding), classname })}><skipped${attributesOf({ message })}/></testcase>`
  })
  const skipped = suite.skipped.map(
    ({ what, why }) =>
      `    <testcase${attributesOf({ name: what, classname })}><skipped${attributesOf({ message: why })}/></testcase>`,
  )
  return [...found, ...accepted, ...skipped]
}

function caseOf(finding: Finding, classname: string, name: string, fault: Fault): string {
  const { code, severity, message } = finding
  const test = attributesOf({ name, classname })
  const told =
    severity === 'error'
      ? `<${fault}${attributesOf({ message, type: code })}>${forXml(textOf(finding))}</${fault}>`
      : `<system-out>${forXml(`${severity}: ${textOf(finding)}`)}</system-out>`
  return `    <testcase${test}>${told}</testcase>`
}

/** Names of test cases, each once: of two that are called the same, readers keep one. */
function names(): (finding: Finding) => string {
  const seen = new Map<string, number>()
  return ({ code, rule, caseId, message }) => {
    const name = `${rule === undefined ? code : `${code} ${rule}`}: ${caseId ?? message}`
    const count = (seen.get(name) ?? 0) + 1
    seen.set(name, count)
    return count === 1 ? name : `${name} (${count})`
  }
}

function textOf({ message, help, position, pointer, curl }: Finding): string {
  const place = position && `${position.file}:${position.line}:${position.column}`
  return [message, help, place, pointer, curl].filter(line => line !== undefined).join('\n')
}

function attributesOf(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${forXml(String(value))}"`)
    .join('')
}

function seconds({ durationMs }: Report): string | undefined {
  return durationMs === undefined ? undefined : (durationMs / 1000).toFixed(3)
}
