import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { remembered } from '../../src/cli/last-run.ts'
import { typed } from '../kit/command.ts'
import { folderWith } from '../kit/files.ts'

/** The mock of a document answers what the document forbids where an example is one that no schema mends. */
const operation = (name: string, isFaulty: boolean): string => `
  /${name}:
    get:
      operationId: ${name}
      security: []
      responses:
        '200': { description: all, content: { application/json: { schema: { type: object, properties: { a: ${!isFaulty} }${isFaulty ? ', required: [a]' : ''} }, example: {} } } }`
const document = (one: boolean, other: boolean): string =>
  `openapi: 3.1.0\ninfo: { title: Small, version: '1' }\npaths:${operation('one', one)}${operation('other', other)}\n`

async function proving() {
  const folder = await folderWith({ 'api.yaml': document(true, true) })
  const CONTRATO_CACHE = path.join(folder, 'cache')
  const prove = async (words: readonly string[] = [], env = { CONTRATO_CACHE }) => {
    const { code, out, err } = await typed(
      ['prove', path.join(folder, 'api.yaml'), '--reporter', 'json', ...words],
      env,
    )
    const report = out === '' ? undefined : JSON.parse(out)
    return { code, err, operations: report?.summary.operations, skipped: report?.skipped }
  }
  return { folder, prove, change: (text: string) => writeFile(path.join(folder, 'api.yaml'), text) }
}

describe('--last-failed', () => {
  it('asks what had findings, until nothing has, and then everything', async () => {
    const { prove, change } = await proving()
    expect(await prove(['--last-failed'])).toMatchObject({
      operations: 2,
      err: expect.stringMatching(/^No run of contrato prove on .*api\.yaml is remembered: all cases are asked\n/),
    })
    await change(document(false, true))
    expect(await prove()).toMatchObject({ code: 1, operations: 2 })
    expect(await prove(['--last-failed'])).toMatchObject({
      code: 1,
      operations: 1,
      err: expect.stringMatching(/^The .*cases? that had findings (is|are) asked again, as in the run of \d{4}-/),
      skipped: expect.arrayContaining([
        { what: 'all other cases', why: 'only those that had findings in the last run were asked' },
      ]),
    })
    await change(document(false, false))
    expect(await prove(['--last-failed'])).toMatchObject({ code: 0, operations: 1 })
    expect(await prove(['--last-failed'])).toMatchObject({
      code: 0,
      operations: 2,
      err: 'The last run had no findings: all cases are asked\n',
    })
  })

  it('has another way: the findings of a report, wherever that was made', async () => {
    const { folder, prove } = await proving()
    const report = path.join(folder, 'report.json')
    await typed(['prove', path.join(folder, 'api.yaml'), '--reporter', `json=${report}`], {})
    const elsewhere = { CONTRATO_CACHE: path.join(folder, 'elsewhere') }
    const [one] = JSON.parse(await readFile(report, 'utf8')).findings
    await writeFile(report, JSON.stringify({ ...JSON.parse(await readFile(report, 'utf8')), findings: [one] }))
    expect(await prove(['--failed-in', report], elsewhere)).toMatchObject({
      code: 1,
      operations: 1,
      err: expect.stringMatching(/^The .*cases? that had findings (is|are) asked again, as in the run of \d{4}-/),
      skipped: expect.arrayContaining([
        { what: 'all other cases', why: `only those that had findings in ${report} were asked` },
      ]),
    })
    await writeFile(report, JSON.stringify({ startedAt: '2025-01-01T00:00:00Z', seed: 1, findings: [] }))
    expect(await prove(['--failed-in', report], elsewhere)).toMatchObject({ operations: 2 })
    await writeFile(report, 'no report')
    expect(await prove(['--failed-in', report])).toMatchObject({
      code: 2,
      err: expect.stringContaining('is not the report'),
    })
    expect(await prove(['--failed-in', `${report}.not`])).toMatchObject({ code: 2 })
    expect(await prove(['--failed-in', report, '--last-failed'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('exclude each other'),
    })
  })

  it('still knows what a run of another part had not asked', async () => {
    const { prove, change } = await proving()
    await prove()
    await change(document(true, false))
    expect(await prove(['--include', 'other'])).toMatchObject({ code: 0, operations: 1 })
    expect(await prove(['--last-failed'])).toMatchObject({ code: 1, operations: 1 })
  })

  it('keeps one file, does without where none can be written, and says so to whoever asked for it', async () => {
    const { folder, prove } = await proving()
    await prove()
    await prove(['--last-failed'])
    expect(await readdir(path.join(folder, 'cache'))).toEqual([
      expect.stringMatching(/^last-prove-[0-9a-f]{16}\.json$/),
    ])
    const env = { CONTRATO_CACHE: path.join(folder, 'api.yaml', 'cache') }
    expect((await prove([], env)).err).not.toContain('remembered')
    expect((await prove(['--last-failed'], env)).err).toContain('warning This run is not remembered. Cannot write ')
  })

  it('takes a file that is no memory for none', async () => {
    const { folder, prove } = await proving()
    await prove()
    const [name = ''] = await readdir(path.join(folder, 'cache'))
    for (const text of ['', '[]', '{"at":"x","seed":1,"cases":[1]}']) {
      await writeFile(path.join(folder, 'cache', name), text)
      expect((await prove(['--last-failed'])).err).toContain('is remembered: all cases are asked')
    }
  })

  it.each([
    [['--last-failed', '--shard', '1/2'], '--last-failed and --shard exclude each other'],
    [['--last-failed', '--case', 'one/examples'], '--case and --last-failed exclude each other'],
    [['--case', 'one/examples', '--shard', '1/2'], '--case and --shard exclude each other'],
    [['--case', 'one/examples', '--phases', 'invalid'], '--case and --phases exclude each other'],
    [['--include', 'one', '--exclude', 'one'], 'No operation of'],
  ])('and other flags that contradict one another: %j', async (words, says) => {
    const { prove } = await proving()
    expect(await prove(words)).toMatchObject({ code: 2, err: expect.stringContaining(says) })
  })
})

describe('a report', () => {
  it('is streamed to standard output as breaches are seen, and has the last word on each', async () => {
    const { folder } = await proving()
    const { out } = await typed(['prove', path.join(folder, 'api.yaml'), '--reporter', 'ndjson'])
    const types = out
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line).type)
    expect([...new Set(types)]).toEqual(['start', 'found', 'finding', 'summary'])
  })

  it('that cannot be written is told before anything is asked', async () => {
    const { folder } = await proving()
    const told = await typed([
      'prove',
      path.join(folder, 'api.yaml'),
      '--reporter',
      `html=${folder}/none/x.html`,
      '--reporter',
      'list',
    ])
    expect(told).toMatchObject({ code: 4, out: '', err: expect.stringContaining('there is no such folder') })
  })
})

describe('of an earlier run', () => {
  const before = ['a/invalid/x', 'a/examples', 'GET /b/c/invalid/y']
  const operations = ['a', 'GET /b/c']

  it.each([
    ['nothing counts where all was asked', { operations, isComplete: true }, []],
    ['all counts where the run broke off', { operations, isComplete: false }, before],
    ['other operations count', { operations: ['a'], isComplete: true }, ['GET /b/c/invalid/y']],
    [
      'other phases count',
      { operations, phases: ['examples'], isComplete: true },
      ['a/invalid/x', 'GET /b/c/invalid/y'],
    ],
    [
      'other cases count',
      { operations, cases: ['a/invalid/x'], isComplete: true },
      ['a/examples', 'GET /b/c/invalid/y'],
    ],
  ])('%s', (_, extent, left) => {
    expect(remembered([], before, extent)).toEqual(left)
    expect(remembered(['n/examples'], before, extent)).toEqual(['n/examples', ...left])
  })
})
