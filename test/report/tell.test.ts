import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { typed } from '../kit/command.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'contrato-'))
})
afterEach(async () => await rm(folder, { recursive: true }))

const faulty = `openapi: 3.1.0
info: { title: Small, version: '1' }
paths:
  /things:
    get:
      operationId: listThings
      security: []
      responses:
        '200': { description: all, content: { application/json: { schema: { type: array }, example: {} } } }
        '400': { description: bad }
`

async function lint(words: readonly string[], { env = {}, text = faulty }: { env?: object; text?: string } = {}) {
  const file = path.join(folder, 'api.yaml')
  await writeFile(file, text)
  return await typed(['lint', file, ...words], { ...env })
}

describe('reporters', () => {
  it('are the list alone, and in GitHub Actions the annotations and the summary too', async () => {
    const summary = path.join(folder, 'summary.md')
    await writeFile(summary, 'before\n')
    const plain = await lint([], { env: { GITHUB_STEP_SUMMARY: summary } })
    expect(plain.out).not.toContain('::error')
    expect(await readFile(summary, 'utf8')).toBe('before\n')
    const there = await lint([], { env: { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary } })
    expect(there.out).toContain(plain.out)
    expect(there.out).toMatch(/^::error file=.*,line=9,col=\d+,title=example-invalid::/m)
    expect(await readFile(summary, 'utf8')).toMatch(/^before\n## contrato lint: \d+ errors, /)
  })

  it('do not fail where the summary cannot be written, and say so', async () => {
    const env = { GITHUB_STEP_SUMMARY: path.join(folder, 'none/summary.md') }
    const { code, err } = await lint(['--reporter', 'github'], { env })
    expect({ code, err: /^warning The step summary could not be written: ENOENT/.test(err) }).toEqual({
      code: 1,
      err: true,
    })
  })

  it('leave standard output to the one machine format', async () => {
    const { out, err } = await lint(['--reporter', 'list', '--reporter', 'json'])
    expect(JSON.parse(out).findings.length).toBeGreaterThan(0)
    expect(err).toContain('example-invalid')
  })

  it.each([
    [['--reporter', 'json', '--reporter', 'sarif'], '--reporter json and --reporter sarif both go to standard output'],
    [['--reporter', 'json='], '--reporter json= names no file'],
    [['--reporter', 'yaml'], 'yaml is not a reporter'],
  ])('refuse %j before anything is done', async (words, says) => {
    const { code, out, err } = await lint(words, { text: 'no document' })
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(says)
  })
})

describe('a document that cannot be used', () => {
  const text = 'openapi: 3.1.0\ninfo:\n\ttitle: x\n'

  it.each(['json', 'ndjson', 'sarif', 'junit', 'markdown', 'html'])('is told by %s, too', async format => {
    const { code, out, err } = await lint(['--reporter', format], { text })
    expect(code).toBe(2)
    expect(out).toContain('document-syntax')
    expect(err).toContain('> 3 |')
  })

  it('is told to people once', async () => {
    const { code, out, err } = await lint([], { text })
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err.match(/document-syntax/g)).toHaveLength(1)
  })
})

describe('the file of a report', () => {
  it('names its place once when it cannot be written', async () => {
    const file = path.join(folder, 'none', 'x.json')
    const { code, err } = await lint(['--reporter', `json=${file}`])
    expect(code).toBe(4)
    expect(err).toBe(`error Cannot write ${file}: there is no such folder\n  → Name a file in a folder that exists.\n`)
  })

  it('is replaced as a whole, through a link, with nothing left beside it', async () => {
    await writeFile(path.join(folder, 'real.json'), 'old')
    await symlink('real.json', path.join(folder, 'link.json'))
    await lint(['--reporter', `json=${path.join(folder, 'link.json')}`])
    expect(JSON.parse(await readFile(path.join(folder, 'real.json'), 'utf8')).command).toBe('lint')
    expect((await readdir(folder)).sort()).toEqual(['api.yaml', 'link.json', 'real.json'])
  })

  it('may be no folder', async () => {
    await mkdir(path.join(folder, 'there'))
    const { code, err } = await lint(['--reporter', `json=${path.join(folder, 'there')}`])
    expect(code).toBe(4)
    expect(err).toContain('there: it is a folder')
  })
})
