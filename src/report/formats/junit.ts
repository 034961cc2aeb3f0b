import type { Finding } from '../../finding/index.ts'
import { operationRows } from '../coverage.ts'
import { forXml } from '../escape.ts'
import type { Report, ReportFormat } from '../report.ts'

type Skipped = NonNullable<Report['skipped']>[number]
type Suite = { readonly name: string; readonly findings: Finding[]; readonly skipped: Skipped[] }

/**
 * For the test views of CI servers: a suite per operation, a test case per finding, and one that passes for an operation
 * without. Errors are failures; what is less than that passes and says so in its output.
 */
export const junit: ReportFormat<'junit'> = {
  name: 'junit',
  isLog: false,
  render: report => {
    const suites = suitesOf(report).map(suite => ({ suite, ...countsOf(suite) }))
    const total = (name: 'tests' | 'failures' | 'skips'): number => suites.reduce((sum, each) => sum + each[name], 0)
    const attributes = attributesOf({
      name: `${report.tool.name} ${report.command} ${report.document.file}`,
      tests: total('tests'),
      failures: total('failures'),
      errors: 0,
      skipped: total('skips'),
      time: seconds(report),
    })
    const lines = suites.flatMap(({ suite, tests, failures, skips }) => [
      `  <testsuite${attributesOf({ name: suite.name, tests, failures, errors: 0, skipped: skips, timestamp: report.startedAt?.replace(/\.\d+Z$/, '') })}>`,
      ...casesOf(suite),
      '  </testsuite>',
    ])
    return `${['<?xml version="1.0" encoding="UTF-8"?>', `<testsuites${attributes}>`, ...lines, '</testsuites>'].join('\n')}\n`
  },
}

/** What belongs to no operation stands under the name of the document. */
function suitesOf(report: Report): Suite[] {
  const suites = new Map<string, Suite>()
  const suite = (name: string): Suite => {
    const known = suites.get(name) ?? { name, findings: [], skipped: [] }
    suites.set(name, known)
    return known
  }
  for (const { operation } of operationRows(report)) suite(operation)
  for (const finding of report.findings) suite(finding.operation ?? report.document.file).findings.push(finding)
  for (const each of report.skipped ?? []) {
    const home = [...suites.keys()].find(name => each.what === name || each.what.startsWith(`${name}/`))
    suite(home ?? report.document.file).skipped.push(each)
  }
  if (suites.size === 0) suite(report.document.file)
  return [...suites.values()]
}

function countsOf({ findings, skipped }: Suite): { tests: number; failures: number; skips: number } {
  return {
    tests: Math.max(1, findings.length + skipped.length),
    failures: findings.filter(({ severity }) => severity === 'error').length,
    skips: skipped.length,
  }
}

function casesOf(suite: Suite): string[] {
  const classname = suite.name
  if (suite.findings.length + suite.skipped.length === 0) {
    return [`    <testcase${attributesOf({ name: 'keeps the document', classname })}/>`]
  }
  const skipped = suite.skipped.map(
    ({ what, why }) =>
      `    <testcase${attributesOf({ name: what, classname })}><skipped${attributesOf({ message: why })}/></testcase>`,
  )
  return [...suite.findings.map(finding => caseOf(finding, classname)), ...skipped]
}

function caseOf(finding: Finding, classname: string): string {
  const { code, rule, severity, message, position, caseId } = finding
  const label = rule === undefined ? code : `${code} ${rule}`
  const name = `${label}: ${caseId ?? message}`
  const test = attributesOf({ name, classname, file: position?.file, line: position?.line })
  const told =
    severity === 'error'
      ? `<failure${attributesOf({ message, type: code })}>${forXml(textOf(finding))}</failure>`
      : `<system-out>${forXml(`${severity}: ${textOf(finding)}`)}</system-out>`
  return `    <testcase${test}>${told}</testcase>`
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
