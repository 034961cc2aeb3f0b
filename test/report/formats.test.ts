import { describe, expect, it } from 'vitest'
import type { Finding } from '../../src/finding/index.ts'
import { codeFrame, countFindings, formats, makeStyle, type Report, showFinding } from '../../src/report/index.ts'

const finding: Finding = {
  code: 'document-invalid',
  severity: 'error',
  message: '"gett" is not a field',
  help: 'Correct the spelling.',
  pointer: '#/paths/~1a/gett',
  position: { file: 'api/openapi.yaml', line: 3, column: 5 },
}
const text = 'openapi: 3.1.0\npaths:\n  /a: {}\n  /b: {}\n  /c: {}\n  /d: {}\n'
const surroundings = {
  style: makeStyle(false),
  textOf: (file: string) => (file === 'api/openapi.yaml' ? text : undefined),
}

function report(findings: readonly Finding[]): Report {
  return {
    tool: { name: 'contrato', version: '1.0.0' },
    command: 'lint',
    document: { file: 'api/openapi.yaml', sha256: 'abc' },
    findings,
    summary: { operations: 3, rules: 9 },
  }
}

function render(name: string, findings: readonly Finding[]): string {
  const format = formats.find(candidate => candidate.name === name)
  if (format === undefined) throw new Error(`there is no format ${name}`)
  return format.render(report(findings), surroundings)
}

describe('for people', () => {
  it('a finding is a sentence with its place, the lines around it and what to do', () => {
    expect(render('list', [finding])).toBe(`error document-invalid api/openapi.yaml:3:5
  "gett" is not a field
    1 | openapi: 3.1.0
    2 | paths:
  > 3 |   /a: {}
      |     ^
    4 |   /b: {}
    5 |   /c: {}
  → Correct the spelling.

api/openapi.yaml: 1 error, 0 warnings (3 operations, 9 rules)
`)
  })

  it('no finding is said, too', () => {
    expect(render('list', [])).toBe('api/openapi.yaml: nothing to complain about (3 operations, 9 rules)\n')
  })

  it('a finding without a place has none, and one of a rule names it', () => {
    const { position: _, pointer: __, ...bare } = finding
    expect(showFinding({ ...bare, code: 'ruleset', rule: 'no-empty' }, surroundings)).toBe(
      'error ruleset no-empty\n  "gett" is not a field\n  → Correct the spelling.',
    )
  })

  it('a finding in a file that is not known has no lines around it', () => {
    const elsewhere = { ...finding, position: { file: 'x.yaml', line: 1, column: 1 } }
    expect(showFinding(elsewhere, surroundings).split('\n')).toHaveLength(3)
  })

  it('colours tell severities apart, where they are wanted', () => {
    const shown = (severity: Finding['severity']) =>
      showFinding({ ...finding, severity }, { ...surroundings, style: makeStyle(true) }).slice(0, 5)
    expect([shown('error'), shown('warning'), shown('info')]).toEqual(['\u001b[31m', '\u001b[33m', '\u001b[36m'])
  })
})

describe('for programs', () => {
  it('the report is one JSON value', () => {
    expect(JSON.parse(render('json', [finding]))).toEqual({
      tool: { name: 'contrato', version: '1.0.0' },
      command: 'lint',
      document: { file: 'api/openapi.yaml', sha256: 'abc' },
      summary: { operations: 3, rules: 9, findings: { error: 1, warning: 0, info: 0 } },
      findings: [finding],
    })
  })
})

describe('for GitHub', () => {
  it('each finding is an annotation at its line', () => {
    const awkward = {
      ...finding,
      severity: 'info' as const,
      message: '100%\nsure',
      position: { file: 'a,b:c.yaml', line: 1, column: 2 },
    }
    const { position: _, ...bare } = finding
    expect(render('github', [finding, awkward, bare])).toBe(
      `::error file=api/openapi.yaml,line=3,col=5,title=document-invalid::"gett" is not a field Correct the spelling.
::notice file=a%2Cb%3Ac.yaml,line=1,col=2,title=document-invalid::100%25%0Asure Correct the spelling.
::error title=document-invalid::"gett" is not a field Correct the spelling.
`,
    )
  })

  it('nothing is said where nothing is found', () => {
    expect(render('github', [])).toBe('')
  })
})

it('formats have different names', () => {
  const names = formats.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
})

it('findings are counted by severity', () => {
  const of = (severity: Finding['severity']) => ({ ...finding, severity })
  expect(countFindings([of('error'), of('info'), of('error')])).toEqual({ error: 2, warning: 0, info: 1 })
})

describe('a code frame', () => {
  const position = (line: number, column: number) => ({ file: 'f', line, column })

  it.each([
    ['at the start', 1, 1, '> 1 | a\n    | ^\n  2 | b\n  3 | c'],
    ['at the end', 3, 1, '  1 | a\n  2 | b\n> 3 | c\n    | ^'],
    ['behind the end', 9, 1, ''],
  ])('is cut %s', (_, line, column, frame) => {
    expect(codeFrame('a\nb\nc', position(line, column))).toBe(frame)
  })

  it('aligns its numbers', () => {
    expect(codeFrame('x\n'.repeat(12), position(10, 1)).split('\n')[0]).toBe('   8 | x')
  })

  it('keeps the mark under its column when a line has tabs or ends as on Windows', () => {
    expect(codeFrame('\ta:\tb\r\n', position(1, 5))).toBe('> 1 |  a: b\n    |     ^\n  2 |')
  })

  it('clips a line that no terminal shows, and leaves out a mark that would lie beyond', () => {
    const [line, ...rest] = codeFrame('x'.repeat(500), position(1, 300)).split('\n')
    expect(line).toBe(`> 1 | ${'x'.repeat(159)}…`)
    expect(rest).toEqual([])
  })
})
