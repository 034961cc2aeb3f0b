import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { contrato, freePort, interrupt, project, start, startMock, temporaryFolder } from './kit.ts'

const small = `openapi: 3.1.0
info: { title: Small, version: '1' }
paths:
  /things:
    get:
      operationId: listThings
      security: []
      responses:
        '200':
          description: all things
          content:
            application/json:
              schema: { type: array, items: { type: string } }
              example: [lamp]
        '400': { description: bad }
`

/** A server that thinks about each answer for a while. */
async function slowServer(): Promise<{ readonly url: string; readonly asked: Promise<void> } & AsyncDisposable> {
  const port = await freePort()
  let tell = (): void => undefined
  const asked = new Promise<void>(resolve => {
    tell = resolve
  })
  const server = createServer((_, answer) => {
    tell()
    setTimeout(() => answer.writeHead(204).end(), 100)
  })
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  const close = () => new Promise<void>(resolve => server.close(() => resolve()))
  return { url: `http://127.0.0.1:${port}`, asked, [Symbol.asyncDispose]: close }
}

describe('contrato', () => {
  it('lists its commands', async () => {
    const { code, out } = await contrato(['--help'])
    expect(code).toBe(0)
    for (const name of ['mock', 'check', 'prove', 'score', 'lint', 'types', 'explain'])
      expect(out).toMatch(new RegExp(`^  ${name} +\\S`, 'm'))
  })

  it('prints its version', async () => {
    const manifest = JSON.parse(await readFile('package.json', 'utf8')) as { version: string }
    expect(await contrato(['--version'])).toEqual({ code: 0, out: `${manifest.version}\n`, err: '' })
  })

  it('says which command was probably meant', async () => {
    const { code, err } = await contrato(['mokc'])
    expect(code).toBe(2)
    expect(err).toContain('mokc is not a command of contrato')
    expect(err).toContain('Did you mean mock?')
  })

  it.each([
    [['mock', '--prot', '1'], '--prot is not a flag of contrato mock', 'Did you mean --port?'],
    [['mock', '--port', 'x'], 'x is not a port', '0 takes a free port'],
    [['mock', '--port', '70000'], '70000 is not a port', '0 takes a free port'],
    [['lint', 'a.yaml', 'b.yaml'], '"b.yaml" is one word too many', 'Usage: contrato lint [document]'],
    [['mock', '--workers', '0'], '0 is not a number of workers', 'auto for one per core'],
    [['mock', '--clock', 'noon'], 'noon is not an instant', '2024-04-14T14:11:05Z'],
    [['lint', '--reporter', 'xml'], 'xml is not a reporter', 'list, json, ndjson'],
    [['lint', '--fail-on', 'hint'], 'hint is not a severity', 'error, warning, info, never'],
    [['score', '--min', 'most'], '--min most is not a percentage', 'from 0 to 100'],
    [['score', '--limit', '0'], '--limit 0 is not a number', 'above 0'],
    [['score', '--kinds', 'chaos'], 'chaos is not a kind of sabotage', 'member-dropped'],
    [['score', '--include', 'nothing'], 'nothing is not an operation', 'createWebhook'],
    [['check', '--url', 'http://8.8.8.8'], '8.8.8.8 is neither this machine', '--confirm-host 8.8.8.8'],
    [['check', '--url', 'http://127.0.0.1:1', '--seed', 'x'], '--seed x is not a number', 'above 0'],
    [['prove', '--shard', '3/2'], '--shard 3/2 is not a part of a run', '1/3'],
    [['report'], 'contrato report has nothing to do', 'report merge FILE'],
    [['report', 'merge', 'nope.json'], 'Cannot read nope.json', '--reporter json=FILE'],
    [['check'], '--url is missing', '--url http://127.0.0.1:3000'],
    [['check', '--url', 'ftp://x'], 'ftp://x is not an http or https URL', 'http://127.0.0.1:3000'],
    [['mock', '--port'], '--port has no value', '--help'],
    [['check', '--url', 'http://u:secret@127.0.0.1:1'], '--url holds credentials', '--bearer-env'],
    [
      ['check', '--url', 'http://127.0.0.1:1', '--phases', 'all'],
      'all is not a phase',
      'examples, boundaries, invalid',
    ],
    [['check', '--url', 'http://127.0.0.1:1', '--bearer-env', 'NOT_SET'], 'NOT_SET is not set', 'export NOT_SET='],
    [['check', '--url', 'http://127.0.0.1:1', '-H', 'no colon'], '"no colon" is not a header field', 'Name: value'],
    [['check', '--url', 'http://127.0.0.1:1', '--include', 'nope'], 'nope is not an operation', 'createWebhook'],
    [['explain', 'body-mismatsh'], 'body-mismatsh is not a finding code', 'Did you mean body-mismatch?'],
  ])('refuses %j with exit code 2 and says what to do', async (args, says, help) => {
    const { code, out, err } = await contrato(args)
    expect(code).toBe(2)
    expect(out).toBe('')
    expect(err).toContain(says)
    expect(err).toContain(help)
  })

  it('explains every finding code', async () => {
    const { code, out } = await contrato(['explain', 'body-mismatch'])
    expect(code).toBe(0)
    expect(out).toContain('The body does not match its schema')
    const all = await contrato(['explain'])
    expect(all.out.split('\n').length).toBeGreaterThan(20)
  })

  it('colours its output only when asked to, or for a terminal', async () => {
    const { err: plain } = await contrato(['mokc'])
    const { err: coloured } = await contrato(['mokc'], { env: { FORCE_COLOR: '1' } })
    const { err: never } = await contrato(['mokc'], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } })
    expect(plain).not.toContain('\u001b')
    expect(coloured).toContain('\u001b[31m')
    expect(never).not.toContain('\u001b')
  })
})

describe('contrato mock', () => {
  it('prints its URL, the operations and a curl line that works when pasted', async () => {
    const running = await startMock([])
    await running.printed(/Try it:\n.*\n/)
    const out = running.out()
    expect(out).toContain('POST   /api/v2/instance/{instanceId}/webhook')
    const curl = /^ {2}(curl .*)$/m.exec(out)?.[1] ?? ''
    const { execFile } = await import('node:child_process')
    const answer = await new Promise<string>((resolve, reject) => {
      execFile('bash', ['-c', `${curl} -s`], (error, stdout) => (error === null ? resolve(stdout) : reject(error)))
    })
    expect(answer).toMatch(/^HTTP\/1\.1 201 Created/)
    expect(answer).toContain('"instanceInstanceId"')
    expect(await interrupt(running)).toMatchObject({ code: 0 })
  })

  it('logs each request as a line without its query', async () => {
    const running = await startMock([])
    await fetch(`${running.url}/nowhere?apikey=secret`)
    await running.printed(/404 GET \/nowhere\n/)
    const { err } = await interrupt(running)
    expect(err).not.toContain('secret')
  })

  it('ends with 0 on SIGTERM, with a connection kept open', async () => {
    const running = await startMock(['--quiet'])
    await fetch(`${running.url}/nowhere`, { headers: { connection: 'keep-alive' } })
    running.child.kill('SIGTERM')
    expect(await running.ended).toMatchObject({ code: 0, out: `${running.url}\n` })
  })

  it('says who to ask when the port is taken', async () => {
    const running = await startMock([])
    const port = new URL(running.url).port
    const { code, err } = await contrato(['mock', '--port', port])
    expect(code).toBe(4)
    expect(err).toContain(`Port ${port} on 127.0.0.1 is in use`)
    expect(err).toContain('--port 0')
    await interrupt(running)
  })

  it('takes the port from the environment', async () => {
    const running = await startMock([])
    const { code, err } = await contrato(['mock'], { env: { PORT: new URL(running.url).port } })
    expect({ code, err: err.includes('is in use') }).toEqual({ code: 4, err: true })
    await interrupt(running)
  })

  it('serves the only document of ./openapi/, and names the candidates when there are several', async () => {
    await using place = await temporaryFolder()
    await mkdir(path.join(place.folder, 'openapi'))
    await writeFile(path.join(place.folder, 'openapi/small.yaml'), small)
    const running = await startMock([], { cwd: place.folder })
    expect(await (await fetch(`${running.url}/things`)).json()).toEqual(['lamp'])
    await interrupt(running)
    await writeFile(path.join(place.folder, 'openapi/other.yaml'), small)
    const { code, err } = await contrato(['mock'], { cwd: place.folder })
    expect(code).toBe(2)
    expect(err).toContain('openapi/other.yaml, openapi/small.yaml')
  })

  it('serves the shipped document where there is none, and says so', async () => {
    await using place = await temporaryFolder()
    const running = await startMock([], { cwd: place.folder })
    expect(running.out()).toContain('the webhook document that comes with contrato')
    await interrupt(running)
  })

  it('accepts only the token it was given, and does not print it', async () => {
    const running = await startMock(['--bearer', 'right-token'])
    const status = async (token: string) =>
      (await fetch(`${running.url}/api/v2/instance/i/webhook`, { headers: { authorization: `Bearer ${token}` } }))
        .status
    expect([await status('right-token'), await status('wrong'), await status('right-toke')]).toEqual([200, 401, 401])
    const { out, err } = await interrupt(running)
    expect(out + err).not.toContain('right-token')
    expect(out).toContain('Bearer $TOKEN')
  })

  it.each([
    ['yaml that is none', 'openapi: 3.1.0\ninfo:\n  title: x\n\tversion: 1\n', ':4:1', '> 4 |'],
    ['a path that is none', small.replace(/ {4}get:.*/s, '    - 5\n'), ':4:3', 'must be an object'],
    [
      'a $ref to a file that is not there',
      small.replace('{ type: string }', '{ $ref: nope.yaml }'),
      ':13:47',
      'nope.yaml leads nowhere',
    ],
    ['a file that is no OpenAPI', 'hello: world\n', ':1:1', 'has no "openapi" field'],
  ])('refuses %s with exit code 2, the place and a code frame', async (_name, text, place, says) => {
    await using temporary = await temporaryFolder()
    const file = path.join(temporary.folder, 'broken.yaml')
    await writeFile(file, text)
    const { code, out, err } = await contrato(['mock', 'broken.yaml'], { cwd: temporary.folder })
    expect(code).toBe(2)
    expect(out).toBe('')
    expect(err).toContain(`broken.yaml${place}`)
    expect(err).toContain(says)
    expect(err).not.toMatch(/\n\s+at .*\.js:\d+/)
  })

  it.each([
    ['a misspelt field', small.replace('description:', 'descripton:'), /descripton.* openapi\.yaml:\d+:\d+/],
    [
      'a $ref that leads nowhere',
      small.replace('{ type: string }', "{ $ref: '#/components/schemas/Nope' }"),
      /Nope leads nowhere.* openapi\.yaml:13:47/,
    ],
  ])('serves a document with %s and warns of it, while lint calls it an error', async (_name, text, warning) => {
    await using temporary = await temporaryFolder()
    await writeFile(path.join(temporary.folder, 'openapi.yaml'), text)
    const running = await startMock(['openapi.yaml'], { cwd: temporary.folder })
    await running.printed(warning)
    await interrupt(running)
    const { code, out } = await contrato(['lint', 'openapi.yaml'], { cwd: temporary.folder })
    expect(code).toBe(1)
    expect(out).toMatch(/document-imperfect|reference-missing/)
  })

  it('reads a document from standard input', async () => {
    const running = await startMock(['-'], { input: small })
    expect(running.out()).toContain('stdin')
    await interrupt(running)
  })

  it('exits with 3 when the server of the document does not answer', async () => {
    const { code, err } = await contrato(['mock', `http://127.0.0.1:${await freePort()}/openapi.yaml`])
    expect(code).toBe(3)
    expect(err).toContain('Check the address and that its server runs.')
  })

  it('refuses a file that is not there with exit code 2', async () => {
    const { code, err } = await contrato(['mock', 'nope.yaml'])
    expect(code).toBe(2)
    expect(err).toContain('Cannot read the document nope.yaml: there is no such file')
  })
})

describe('contrato prove and contrato check', () => {
  it('find nothing wrong with the mock of the shipped document', async () => {
    const { code, out } = await contrato(['prove'])
    expect(out).toMatch(/nothing to complain about \(5 operations, \d+ requests\)/)
    expect(code).toBe(0)
    const running = await startMock(['--quiet'])
    const { code: checked, out: said } = await contrato(['check', '--url', running.url])
    expect(said).toContain('nothing to complain about')
    expect(checked).toBe(0)
    await interrupt(running)
  })

  it('name the clause that an implementation breaks, with a curl line and without the token', async () => {
    const { startImplementation } = await import('../implementation/index.ts')
    await using server = await startImplementation({ fault: 'enabled-as-string', token: 'top-secret' })
    const { code, out } = await contrato(['check', '--url', server.url, '--bearer-env', 'TOKEN'], {
      env: { TOKEN: 'top-secret' },
    })
    expect(code).toBe(1)
    expect(out).toContain('createWebhook answered 201 with enabled: "false", which must be boolean')
    expect(out).toMatch(/openapi\/webhook\.yaml:\d+:\d+/)
    expect(out).toContain('"Authorization: Bearer $TOKEN"')
    expect(out).not.toContain('top-secret')
  })

  it('write a JSON report to standard output alone', async () => {
    const { code, out } = await contrato(['prove', '--reporter', 'json'])
    const report = JSON.parse(out) as Record<string, unknown>
    expect(code).toBe(0)
    expect(report).toMatchObject({
      tool: { name: 'contrato' },
      command: 'prove',
      document: { file: 'openapi/webhook.yaml', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      findings: [],
      summary: { operations: 5, findings: { error: 0, warning: 0, info: 0 } },
    })
  })

  it('exit with 3 when nobody listens at the URL', async () => {
    const { code, err } = await contrato(['check', '--url', 'http://127.0.0.1:1'])
    expect(code).toBe(3)
    expect(err).toContain('http://127.0.0.1:1 cannot be reached')
  })

  it('tell programs, too, that nobody listens', async () => {
    const url = `http://127.0.0.1:${await freePort()}`
    const { code, out, err } = await contrato(['check', '--url', url, '--reporter', 'json'])
    expect(code).toBe(3)
    expect(JSON.parse(out)).toMatchObject({
      target: url,
      findings: [{ code: 'target-unreachable', severity: 'error' }],
    })
    expect(err).toContain('cannot be reached')
  })

  it('tell what they have when they are interrupted, and exit with 130', async () => {
    await using slow = await slowServer()
    const args = [path.join(project, 'dist/cli.js'), 'check', '--url', slow.url, '--reporter', 'json']
    const running = start(process.execPath, args)
    await slow.asked
    const { code, out } = await interrupt(running)
    expect(code).toBe(130)
    const why = 'the run was interrupted'
    expect(JSON.parse(out)).toMatchObject({
      command: 'check',
      skipped: expect.arrayContaining([expect.objectContaining({ why })]),
    })
  })
})

describe('contrato lint', () => {
  it('has nothing to say about the shipped document', async () => {
    expect(await contrato(['lint', '--fail-on', 'info'])).toMatchObject({ code: 0, err: '' })
  })

  it('names a wrong example with its place', async () => {
    await using place = await temporaryFolder()
    await writeFile(path.join(place.folder, 'small.yaml'), small.replace('[lamp]', '[7]'))
    const { code, out } = await contrato(['lint', 'small.yaml'], { cwd: place.folder })
    expect(code).toBe(1)
    expect(out).toMatch(/error example-invalid small\.yaml:14:\d+/)
    expect(out).toContain('must be string')
  })

  it('writes annotations for GitHub', async () => {
    await using place = await temporaryFolder()
    await writeFile(path.join(place.folder, 'small.yaml'), small.replace('[lamp]', '[7]'))
    const { out } = await contrato(['lint', 'small.yaml', '--reporter', 'github'], { cwd: place.folder })
    expect(out).toMatch(/^::error file=small\.yaml,line=14,col=\d+,title=example-invalid::/m)
  })
})

describe('contrato types', () => {
  it('finds the shipped types up to date', async () => {
    expect(await contrato(['types', '--check'])).toMatchObject({ code: 0 })
  })

  it('writes a file, and finds it stale once the document has changed', async () => {
    await using place = await temporaryFolder()
    const { folder: cwd } = place
    const file = path.join(cwd, 'small.yaml')
    await writeFile(file, small)
    expect(await contrato(['types', 'small.yaml'], { cwd })).toMatchObject({ code: 0, err: 'small.d.ts written\n' })
    expect(await contrato(['types', 'small.yaml', '--check'], { cwd })).toMatchObject({ code: 0 })
    await writeFile(file, small.replace('listThings', 'listAll'))
    const { code, err } = await contrato(['types', 'small.yaml', '--check'], { cwd })
    expect(code).toBe(1)
    expect(err).toContain('types-stale')
  })

  it('does not write into the package when it falls back to the shipped document', async () => {
    await using place = await temporaryFolder()
    const { code, err } = await contrato(['types'], { cwd: place.folder })
    expect(code).toBe(2)
    expect(err).toContain('--output')
  })

  it('exits with 4 when the file cannot be written', async () => {
    const { code, err } = await contrato(['types', '-o', 'no/such/folder/x.d.ts'])
    expect(code).toBe(4)
    expect(err).toContain('Cannot write no/such/folder/x.d.ts')
  })
})
