import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { typed } from '../kit/command.ts'
import { folderWith } from '../kit/files.ts'

/** The mock of this document answers what the document forbids: an example that no schema mends. */
const document = `openapi: 3.1.0
info: { title: Small, version: '1' }
paths:
  /things:
    get:
      operationId: listThings
      security: []
      responses:
        '200': { description: all, content: { application/json: { schema: { type: object, required: [a], properties: { a: false } }, example: {} } } }
`

function prove(folder: string, words: readonly string[]) {
  return typed(['prove', path.join(folder, 'api.yaml'), '--baseline', path.join(folder, 'baseline.yaml'), ...words])
}

describe('--baseline', () => {
  it('is written, filled in, and then accepts what it names', async () => {
    const folder = await folderWith({ 'api.yaml': document })
    const file = path.join(folder, 'baseline.yaml')
    const written = await prove(folder, ['--update-baseline'])
    expect(written).toMatchObject({
      code: 1,
      err: expect.stringMatching(/written with 1 entry; 1 without a reason, and not accepted until you give one/),
    })
    expect(await prove(folder, [])).toMatchObject({ code: 2, err: expect.stringContaining('has no reason') })
    const text = await readFile(file, 'utf8')
    await writeFile(file, text.replace(/reason: ''/g, 'reason: T-1'))
    const { code, out } = await prove(folder, [])
    expect(out).toMatch(/^accepted listThings .*: T-1 \(until \d{4}-\d\d-\d\d\)$/m)
    expect(code).toBe(0)
  })

  it.each([
    ['{', 'is no YAML'],
    ['a: 1', 'is not a list'],
    ['- 1', 'Entry 1 of the baseline'],
    ['- { code: nope, reason: x }', 'has the code nope'],
    ['- { code: body-mismatch, reason: x, expires: soon }', 'expires on soon'],
    ['- { code: body-mismatch, reason: x, operations: y }', 'has operations, which is unknown'],
  ])('that is %s is refused before anything is asked', async (text, says) => {
    const folder = await folderWith({ 'api.yaml': document, 'baseline.yaml': text })
    expect(await prove(folder, [])).toMatchObject({ code: 2, out: '', err: expect.stringContaining(says) })
  })

  it('is kept by a run of a part, and an entry that has expired is told', async () => {
    const text = '- { code: body-mismatch, operation: another, reason: T-2, expires: 2020-01-01 }\n'
    const folder = await folderWith({ 'api.yaml': document, 'baseline.yaml': text })
    const { err } = await prove(folder, ['--update-baseline', '--phases', 'examples'])
    expect(err).toContain('written with 2 entries; 1 without a reason, and not accepted until you give one; 1 expired')
    expect(await readFile(path.join(folder, 'baseline.yaml'), 'utf8')).toContain('T-2')
  })

  it('has to be there, unless it is written', async () => {
    const folder = await folderWith({ 'api.yaml': document })
    expect(await prove(folder, [])).toMatchObject({ code: 2, err: expect.stringContaining('Cannot read the baseline') })
  })
})
