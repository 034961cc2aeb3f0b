import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { typed } from '../kit/command.ts'
import { folderWith } from '../kit/files.ts'

const part = {
  tool: { name: 'contrato', version: '0.1.0' },
  command: 'check',
  document: { file: 'api.yaml', sha256: 'abc' },
  target: 'http://127.0.0.1:4010',
  startedAt: '2024-04-14T14:00:00.000Z',
  durationMs: 1000,
  seed: 1,
  shard: { index: 1, of: 2 },
  findings: [
    { code: 'body-mismatch', severity: 'error', message: 'm', help: 'h', operation: 'a', caseId: 'a/x/y', count: 2 },
  ],
  skipped: [{ what: 'a', why: 'because' }],
  summary: { operations: 1, requests: 10, findings: { error: 1, warning: 0, info: 0 } },
  coverage: [{ operation: 'a', method: 'GET', path: '/a', statuses: { '200': 4 } }],
}
const other = {
  ...part,
  startedAt: '2024-04-14T14:00:02.000Z',
  shard: { index: 2, of: 2 },
  findings: [],
  summary: { operations: 2, requests: 5, findings: { error: 0, warning: 0, info: 0 } },
  coverage: [
    { operation: 'a', method: 'GET', path: '/a', statuses: { '200': 1, '404': 1 } },
    { operation: 'b', method: 'GET', path: '/b', statuses: { '200': 1 } },
  ],
}

async function merge(reports: Readonly<Record<string, unknown>>, words: readonly string[] = []) {
  const texts = Object.entries(reports).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ])
  const folder = await folderWith(Object.fromEntries(texts))
  const files = Object.keys(reports).map(name => path.join(folder, name))
  return { ...(await typed(['report', 'merge', ...files, ...words])), folder }
}

describe('contrato report merge', () => {
  it('puts findings, counts, answers and times of the parts together', async () => {
    const { code, out } = await merge({ 'a.json': part, 'b.json': other }, ['--reporter', 'json'])
    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject({
      startedAt: '2024-04-14T14:00:00.000Z',
      durationMs: 3000,
      findings: [{ message: 'm', count: 2 }],
      skipped: [{ what: 'a', why: 'because' }],
      summary: { operations: 3, requests: 15, findings: { error: 1 } },
      coverage: [
        { operation: 'a', statuses: { '200': 5, '404': 1 } },
        { operation: 'b', statuses: { '200': 1 } },
      ],
    })
    expect(JSON.parse(out)).not.toHaveProperty('shard')
  })

  it('puts together which clauses were broken, what was never reached, and what was accepted', async () => {
    const row = { operation: 'a', method: 'GET', path: '/a' }
    const clause = (pointer: string, broken: number) => ({ pointer, broken, ...(broken === 0 && { why: 'no idea' }) })
    const one = {
      ...part,
      accepted: [{ ...part.findings[0], accepted: { reason: 'T-1' } }],
      coverage: [
        {
          ...row,
          statuses: { '200': 1, '400': 0, '404': 0 },
          clauses: [clause('#/x', 0), clause('#/y', 2), clause('#/z', 0)],
          unreached: [
            { status: '400', why: 'w' },
            { status: '404', why: 'w' },
          ],
        },
      ],
    }
    const two = {
      ...other,
      ended: 'interrupted',
      coverage: [
        {
          ...row,
          statuses: { '200': 0, '400': 3, '404': 0 },
          clauses: [clause('#/x', 1), clause('#/y', 3), clause('#/z', 0)],
          unreached: [
            { status: '200', why: 'w' },
            { status: '404', why: 'w' },
          ],
        },
      ],
    }
    const { out } = await merge({ 'a.json': one, 'b.json': two }, ['--reporter', 'json'])
    expect(JSON.parse(out)).toMatchObject({
      ended: 'interrupted',
      accepted: [{ accepted: { reason: 'T-1' } }],
      coverage: [
        {
          statuses: { '200': 1, '400': 3, '404': 0 },
          clauses: [
            { pointer: '#/x', broken: 1 },
            { pointer: '#/y', broken: 5 },
            { pointer: '#/z', broken: 0, why: 'no idea' },
          ],
          unreached: [{ status: '404', why: 'w' }],
        },
      ],
    })
  })

  it('tells the whole in any format, and finds what is wrong as the parts would', async () => {
    const { code, out } = await merge({ 'a.json': part, 'b.json': other }, ['--fail-on', 'never'])
    expect(code).toBe(0)
    expect(out).toContain('api.yaml: 1 error, 0 warnings (3 operations, 15 requests)')
    expect((await merge({ 'b.json': { ...other, shard: undefined } })).code).toBe(0)
  })

  it('tells a part that is missing as skipped', async () => {
    const { out } = await merge({ 'a.json': part })
    expect(out).toContain('skipped part 2 of 2: no report of it was given')
  })

  it.each([
    [
      'another document',
      { ...other, document: { file: 'api.yaml', sha256: 'def' } },
      'document (by its SHA-256): abc and def',
    ],
    ['another seed', { ...other, seed: 2 }, 'seed: 1 and 2'],
    ['another target', { ...other, target: 'http://127.0.0.1:1' }, 'another target'],
    ['the same part', part, 'both part 1 of 2'],
    ['no part', { ...other, shard: undefined }, 'no part of a run in 2 parts'],
  ])('refuses a report of %s', async (_, second, says) => {
    const { code, err } = await merge({ 'a.json': part, 'b.json': second })
    expect(code).toBe(2)
    expect(err).toContain(says)
  })

  it.each([
    ['no JSON', '{'],
    ['another JSON', '{"a":1}'],
    ['findings that are none', JSON.stringify({ ...part, findings: [null] })],
  ])('refuses a file with %s', async (_, text) => {
    const { code, err } = await merge({ 'a.json': text })
    expect(code).toBe(2)
    expect(err).toContain('is not a JSON report of contrato')
    expect(err).toContain('--reporter json=FILE')
  })

  it('is the way back for what the JSON reporter writes', async () => {
    const { folder, out } = await merge({ 'a.json': part, 'b.json': other }, ['--reporter', 'json'])
    await writeFile(path.join(folder, 'whole.json'), out)
    const again = await merge({ 'whole.json': await readFile(path.join(folder, 'whole.json'), 'utf8') }, [
      '--reporter',
      'json',
    ])
    expect(again.out).toBe(out)
  })
})
