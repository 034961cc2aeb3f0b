import schema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json' with { type: 'json' }
import Ajv from 'ajv-draft-04'
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

function report(findings: readonly Finding[], more: Partial<Report> = {}): Report {
  return {
    tool: { name: 'contrato', version: '1.0.0' },
    command: 'lint',
    document: { file: 'api/openapi.yaml', sha256: 'abc' },
    findings,
    summary: { operations: 3, rules: 9 },
    ...more,
  }
}

function render(name: string, findings: readonly Finding[], more: Partial<Report> = {}): string {
  const format = formats.find(candidate => candidate.name === name)
  if (format === undefined) throw new Error(`there is no format ${name}`)
  return format.render(report(findings, more), surroundings)
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

const alike = (says: string, operation = 'makeThing'): Finding => ({
  ...finding,
  code: 'status-unexpected',
  operation,
  message: `${operation} answered 200 to ${says}, which calls for 400`,
  caseId: `${operation}/invalid/${says}`,
})

describe('a list of many findings', () => {
  const asked = { target: 'http://h', command: 'check' }

  it('puts together what is alike, and counts what is more than a few', () => {
    const lines = render(
      'list',
      ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(says => alike(says)),
      asked,
    )
    expect(lines.match(/^error/gm)).toHaveLength(1)
    expect(lines).toContain('6 findings like it:\n    · makeThing answered 200 to b, which calls for 400\n')
    expect(lines).toContain('and 2 more like it')
  })

  it('hides none of those that no request made', () => {
    const lines = render(
      'list',
      ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(says => alike(says)),
    )
    expect(lines).toContain('answered 200 to g')
  })

  it('keeps apart what differs, the worst first', () => {
    const lines = render('list', [{ ...alike('a'), severity: 'warning' }, alike('b'), alike('c', 'other')], asked)
    expect(lines.match(/^(error|warning)/gm)).toEqual(['error', 'error', 'warning'])
  })

  it('puts together even different operations when there are very many', () => {
    const many = Array.from({ length: 60 }, (_, at) => alike('a', `operation${at}`))
    expect(render('list', many, asked).match(/^error/gm)).toHaveLength(1)
  })

  const covered = (statuses: Record<string, number>) => ({
    ...asked,
    coverage: [{ operation: 'makeThing', method: 'POST', path: '/things', statuses }],
  })

  it.each([
    [{ 404: 9, 201: 0 }, 'Nothing succeeded: all 9 answers had the status 404. Look whether --url leads to this API'],
    [{ 401: 9 }, 'Give credentials that the server accepts'],
    [{ 500: 6, 400: 3 }, 'Nothing succeeded in 9 answers (6 × 500, 3 × 400). The log of the server'],
    [{ 200: 9 }, 'All 9 answers had the status 200, also those to requests that the document forbids.'],
  ])('says first that answers of %j are wrong as a whole', (statuses, says) => {
    expect(render('list', [alike('a')], covered(statuses)).split('\n')[0]).toContain(says)
  })

  it.each([[{ 404: 2 }], [{ 200: 1, 404: 8 }]])('says nothing of the kind of %j', statuses => {
    expect(render('list', [alike('a')], covered(statuses)).split('\n')[0]).toMatch(/^error/)
  })

  it('ends with a table of how often each operation answered what', () => {
    const lines = render('list', [alike('a')], covered({ 201: 12, 400: 0 }))
    expect(lines).toContain('operation  requests  201  400  findings\nmakeThing        12   12    0  1 error\n')
  })
})

describe('what was not covered', () => {
  const why = 'nobody sent one'
  const clause = { pointer: '#/a/minLength', broken: 0, why }
  const coverage = ['makeThing', 'readThing', 'a', 'b', 'c'].map(operation => ({
    operation,
    method: 'GET',
    path: '/',
    statuses: { '200': 3, '404': 0 },
    clauses: [clause, { pointer: '#/a/type', broken: 2 }],
    unreached: [{ status: '404', why: 'nothing is missing' }],
  }))

  it('is told with its reason by list, Markdown and HTML, and how many clauses were broken', () => {
    const text = render('list', [], { coverage })
    expect(text).toContain(`not covered nothing is missing
  · status 404 of makeThing, readThing, a and 2 others
not covered nobody sent one
  · clause #/a/minLength of makeThing, readThing, a and 2 others

operation  requests  200  404  clauses  findings
makeThing         3    3    0      1/2  none
`)
    const comment = render('markdown', [], { coverage })
    expect(comment).toContain('<code>makeThing</code> | 3 | 200 × 3 | 1 of 2 | 0 | 0 |')
    expect(comment).toContain('<summary>Not covered: 2</summary>\n\n- <code>status 404 of makeThing,')
    const page = render('html', [], { coverage })
    expect(page).toContain('<td>1 of 2</td>')
    expect(page).toContain('<p>Nobody sent one:</p>')
    expect(page).toContain('<code>#/a/minLength</code></td><td class="never">no request</td>')
  })

  it('is not said again of an operation that was skipped as a whole', () => {
    const skipped = [{ what: 'makeThing', why }]
    expect(render('list', [], { coverage: coverage.slice(0, 1), skipped })).not.toContain('clause #/a/minLength')
  })

  it('is told in a narrow terminal, too, and in few lines however much it is', () => {
    const many = Array.from({ length: 60 }, (_, at) => ({
      ...coverage[0],
      operation: `operation${at}`,
      method: 'GET',
      path: '/',
      statuses: Object.fromEntries([200, 201, 400, 401, 403, 404, 409, 413, 415, 500].map(status => [status, 7])),
      clauses: [{ ...clause, pointer: `#/${at}` }],
    }))
    const format = formats.find(({ name }) => name === 'list')
    const found = many.slice(0, 3).map(({ operation }) => alike('a', operation))
    const text = format?.render(report(found, { coverage: many }), { ...surroundings, columns: 80 }) ?? ''
    expect(text).toContain('operation0        70  7×200 7×201 7×400 7×401 7×403')
    expect(text).toContain('\n  and 56 more; --reporter json or html tells them all\n')
    expect(text).toContain('\nand 57 operations without findings\n')
    expect(render('markdown', [], { coverage: many }).length).toBeLessThan(65_536)
  })
})

it('what a baseline accepts is told apart by each format, and fails none', () => {
  const accepted = [{ ...alike('a'), accepted: { reason: 'T-1', expires: '2030-12-31' } }]
  expect(render('list', [], { accepted })).toMatch(/^accepted makeThing answered 200 .*: T-1 \(until 2030-12-31\)$/m)
  expect(render('markdown', [], { accepted })).toContain('T-1 (until 2030-12-31)')
  expect(render('html', [], { accepted })).toContain('T-1 (until 2030-12-31)')
  expect(render('junit', [], { accepted })).toContain('<skipped message="accepted until 2030-12-31: T-1"/>')
  expect(JSON.parse(render('json', [], { accepted })).accepted).toEqual(accepted)
})

it('a run that was interrupted is not called fine', () => {
  expect(render('list', [], { ended: 'interrupted' })).toContain('nothing to complain about until it was interrupted (')
})

/** What a server may say to those who read about it. */
const hostile: Finding = {
  ...finding,
  operation: 'a|b`<i>',
  message: '\u001b[2J\u0000</script><script>alert(1)</script>\n::error::x | `@octocat` \ud800 \u202e "q" \'s\' ]]>',
  curl: "curl -i 'http://h/```' -d '</pre><img src=x onerror=alert(1)>'",
  caseId: 'a|b`<i>/invalid/x',
}

describe('what a server says', () => {
  it('steers no terminal and gives a log no command', () => {
    const lines = render('list', [hostile])
    expect(lines).not.toMatch(/[^\P{Cc}\n]|\u202e|^\s*::/mu)
    expect(render('github', [hostile]).split('\n')).toHaveLength(2)
  })

  it('is text in Markdown, and calls nobody', () => {
    const text = render('markdown', [hostile])
    expect(text).not.toMatch(/<script|<i>|@octocat|[^\P{Cc}\n]/u)
    expect(text).toContain('| <code>a&#124;b&#96;&#60;i&#62;</code> | 0 |')
    expect(text).toContain("````sh\ncurl -i 'http://h/```'")
  })

  it('is text in XML', () => {
    const text = render('junit', [hostile])
    expect(text).not.toMatch(/[^\P{Cc}\n]|<script|\p{Surrogate}/u)
    expect(text).toContain('\\u001b[2J\\u0000&#60;/script&#62;')
  })
})

it('Markdown stays below what a comment may hold', () => {
  const many = Array.from({ length: 2000 }, (_, at) => alike(`case ${at}`))
  const text = render('markdown', many)
  expect(text.length).toBeLessThan(65_536)
  expect(text).toMatch(/and \d+ findings more, which would not fit here/)
})

describe('JUnit', () => {
  const coverage = ['makeThing', 'readThing'].map(operation => ({ operation, method: 'GET', path: '/', statuses: {} }))
  const skipped = [
    { what: 'readThing', why: 'no <id>' },
    { what: 'phase', why: 'off' },
  ]

  it('has a suite per operation, with a test that passes where nothing was found', () => {
    const text = render('junit', [alike('a'), { ...alike('b'), severity: 'warning' }], { coverage, durationMs: 1500 })
    expect(text).toContain('tests="3" failures="1" errors="0" time="1.500">')
    expect(text).toContain('<testsuite name="makeThing" tests="2" failures="1" errors="0" skipped="0">')
    expect(text).toContain('<testcase name="status-unexpected: makeThing/invalid/a" classname="makeThing">')
    expect(text).toContain('<system-out>warning: makeThing answered 200 to b')
    expect(text).toContain('<testcase name="keeps the document" classname="readThing"/>')
  })

  it('has each name once, and errors where nothing could be asked', () => {
    const text = render('junit', [alike('a'), alike('a')], { ended: 'unusable' })
    expect(text).toContain('tests="2" failures="0" errors="2">')
    expect(text.match(/(?<=testcase name=")[^"]*/g)).toEqual([
      'status-unexpected: makeThing/invalid/a',
      'status-unexpected: makeThing/invalid/a (2)',
    ])
    expect(text).toContain('<error message=')
    expect(text).not.toContain('<failure')
  })

  it('lists what was skipped', () => {
    const text = render('junit', [], { coverage, skipped })
    expect(text).toContain(
      '<testcase name="readThing" classname="readThing"><skipped message="no &#60;id&#62;"/></testcase>',
    )
    expect(text).toContain('<testsuite name="api/openapi.yaml" tests="1" failures="0" errors="0" skipped="1">')
  })
})

describe('SARIF', () => {
  const skipped = [{ what: 'readThing', why: 'no id' }]
  const ruled: Finding = { ...finding, code: 'ruleset', rule: 'no-empty', severity: 'info' }
  const { position: _, pointer: __, ...bare } = finding
  const accepted = [{ ...finding, flaky: true, accepted: { reason: 'T-1', expires: '2030-12-31' } }]
  const around = { skipped, accepted, ended: 'interrupted' } as const

  it.each([
    ['nothing', []],
    ['much', [finding, finding, ruled, bare, hostile, alike('a')]],
  ])('of %s is valid by the schema of its version', (_name, findings) => {
    const validate = new Ajv.default({ strict: false, logger: false, unicodeRegExp: false }).compile(schema)
    const log = JSON.parse(
      render('sarif', findings, { ...around, startedAt: '2024-04-14T14:11:05.000Z', durationMs: 9 }),
    )
    validate(log)
    expect(validate.errors).toBeNull()
  })

  it('calls a run unsuccessful that came to no end, and what a baseline accepts suppressed', () => {
    const runOf = (more: Partial<Report>) => JSON.parse(render('sarif', [finding], more)).runs[0]
    expect(runOf({}).invocations[0].executionSuccessful).toBe(true)
    expect(runOf({}).automationDetails.id).toBe('contrato/lint/api/openapi.yaml/')
    const { invocations, results } = runOf(around)
    expect(invocations[0]).toMatchObject({
      executionSuccessful: false,
      toolExecutionNotifications: [
        { level: 'error' },
        { level: 'note', message: { text: 'skipped readThing: no id' } },
      ],
    })
    expect(results.map(({ suppressions }: { suppressions?: unknown }) => suppressions)).toEqual([
      undefined,
      [{ kind: 'external', status: 'accepted', justification: 'T-1 (until 2030-12-31)' }],
    ])
  })

  it('knows a finding again by the name that GitHub looks for, whatever its values are', () => {
    const prints = (findings: readonly Finding[]): string[] =>
      JSON.parse(render('sarif', findings)).runs[0].results.map(
        ({ partialFingerprints }: { partialFingerprints: Record<string, string> }) =>
          partialFingerprints.primaryLocationLineHash,
      )
    const moved = { ...finding, message: 'other', position: { file: 'api/openapi.yaml', line: 9, column: 1 } }
    expect(prints([moved])).toEqual(prints([finding]))
    expect(prints([alike('b')])).toEqual(prints([alike('a'), alike('b')]).slice(1))
  })

  it('has rules with help, places, and a fingerprint for each finding', () => {
    const absolute = { ...finding, position: { file: '/a b/c.yaml', line: 1, column: 2 } }
    const { runs } = JSON.parse(render('sarif', [finding, ruled, absolute, bare]))
    const [{ tool, results }] = runs
    expect(tool.driver.rules.map((rule: { id: string }) => rule.id)).toEqual(['document-invalid', 'ruleset/no-empty'])
    expect(tool.driver.rules[0].help.text).toContain('Compare the place named with the OpenAPI specification')
    expect(results[0].locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'api/openapi.yaml' },
      region: { startLine: 3, startColumn: 5 },
    })
    expect(results[1]).toMatchObject({ ruleId: 'ruleset/no-empty', ruleIndex: 1, level: 'note' })
    expect(results[2].locations[0].physicalLocation.artifactLocation.uri).toBe('file:///a%20b/c.yaml')
    expect(results[3].locations[0].physicalLocation).toEqual({ artifactLocation: { uri: 'api/openapi.yaml' } })
    const prints = results.map((result: { partialFingerprints: object }) => JSON.stringify(result.partialFingerprints))
    expect(new Set(prints).size).toBe(4)
  })
})

describe('for programs', () => {
  it('line by line, each finding is a JSON value, and the summary the last', () => {
    const lines = render('ndjson', [finding, finding]).trimEnd().split('\n')
    expect(lines.map(line => JSON.parse(line).type)).toEqual(['finding', 'finding', 'summary'])
    expect(JSON.parse(lines[2] ?? '').summary.findings).toEqual({ error: 2, warning: 0, info: 0 })
  })

  it('line by line tells what is seen while it is seen', () => {
    const { live } = formats.find(({ name }) => name === 'ndjson') ?? {}
    const { findings: _, summary: __, ...head } = report([])
    expect(JSON.parse(live?.begin(head) ?? '')).toEqual({ type: 'start', ...head })
    expect(JSON.parse(live?.found(finding) ?? '')).toEqual({ type: 'found', ...finding })
  })

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
