import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { createMock } from '../../src/index.ts'
import { readIndependently } from '../bench/documents/judge.mjs'
import { unnamedOf } from '../bench/documents/named.ts'
import { type Outcome, sweep } from '../bench/documents/sweep.ts'
import { realDocuments } from '../kit/index.ts'
import { json } from './kit.ts'

/** Documented bodies that are asked for of each document, spread evenly over it; `npm run bench:documents` asks for all. */
const taken = Number(process.env.TAKEN ?? 40)

const share = 0.995

it('a body that the document makes impossible is named, and one that is not named is found', async () => {
  const impossible = { type: 'integer', minimum: 5, maximum: 4 }
  const responses = (status: string) => ({ [status]: json(impossible), 201: json({ type: 'integer' }) })
  const document = {
    openapi: '3.1.0',
    info: { title: 'A test', version: '1' },
    paths: { '/a': { get: { responses: responses('200') } }, '/b': { get: { responses: responses('202') } } },
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'contrato-test-'))
  try {
    const file = path.join(folder, 'openapi.json')
    await writeFile(file, JSON.stringify(document))
    const notices: string[] = []
    await using mock = await createMock(file, { onNotice: notice => notices.push(notice) })
    const outcomes: Outcome[] = []
    for await (const outcome of sweep(mock.api, await readIndependently(file), mock.handler)) outcomes.push(outcome)
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['invalid', 'invalid', 'valid', 'valid'])
    expect(unnamedOf(outcomes, notices, mock.api)).toEqual([])
    const ofOther = notices.filter(notice => notice.includes('/b'))
    expect(unnamedOf(outcomes, ofOther, mock.api)).toEqual([expect.stringMatching(/^GET \/a 200: invalid: /)])
  } finally {
    await rm(folder, { recursive: true })
  }
})

const files = ['museum.yaml', 'discord.json', 'box.json', 'stripe.yaml', 'digitalocean.yaml', 'github.json']

describe.each(files)('every documented JSON body of %s', name => {
  const file = realDocuments.file(name)
  const skip = realDocuments.skip || !existsSync(file)

  it.skipIf(skip).each([
    { mode: 'by example', dynamic: false },
    { mode: 'generated', dynamic: true },
  ])('is valid in the eyes of another validator, $mode', { timeout: 180_000 }, async ({ dynamic }) => {
    const notices: string[] = []
    await using mock = await createMock(file, { dynamic, onNotice: notice => notices.push(notice) })
    const reading = await readIndependently(file)
    const step = Math.max(1, Math.floor(reading.promises.length / taken))
    const promises = reading.promises.filter((_, at) => at % step === 0)
    const outcomes: Outcome[] = []
    for await (const outcome of sweep(mock.api, { ...reading, promises }, mock.handler)) outcomes.push(outcome)
    const valid = outcomes.filter(({ kind }) => kind === 'valid')
    expect(outcomes.length).toBeGreaterThan(0)
    expect(valid.length / outcomes.length).toBeGreaterThanOrEqual(share)
    expect(unnamedOf(outcomes, notices, mock.api)).toEqual([])
    if (dynamic) expect(Math.max(...outcomes.map(({ bytes }) => bytes))).toBeLessThan(50_000)
  })

  it.skipIf(skip)('is the same from two mocks that are asked in another order', { timeout: 180_000 }, async () => {
    const reading = await readIndependently(file)
    const step = Math.max(1, Math.floor(reading.promises.length / 10))
    const promises = reading.promises.filter((_, at) => at % step === 0)
    const bodies = async (order: typeof promises, dynamic: boolean): Promise<Map<unknown, string>> => {
      await using mock = await createMock(file, { dynamic, seed: 'a seed' })
      const found = new Map<unknown, string>()
      for await (const { promised, text } of sweep(mock.api, { ...reading, promises: order }, mock.handler))
        found.set(promised, text)
      return found
    }
    for (const dynamic of [true, false]) {
      const forth = await bodies(promises, dynamic)
      const back = await bodies([...promises].reverse(), dynamic)
      for (const promised of promises) expect(back.get(promised)).toBe(forth.get(promised))
    }
  })
})
