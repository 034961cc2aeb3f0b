import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createMock } from '../../src/index.ts'
import { readIndependently } from '../bench/documents/judge.mjs'
import { sweep } from '../bench/documents/sweep.ts'
import { realDocuments } from '../kit/index.ts'

/** Documented bodies that are asked for of each document, spread evenly over it; `npm run bench:documents` asks for all. */
const taken = Number(process.env.TAKEN ?? 40)

const share = 0.995

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
    const wrong: string[] = []
    let all = 0
    let longest = 0
    for await (const { promised, kind, says, bytes } of sweep(mock.api, { ...reading, promises }, mock.handler)) {
      all += 1
      longest = Math.max(longest, bytes)
      if (kind !== 'valid') wrong.push(`${promised.method} ${promised.path} ${promised.status}: ${kind}: ${says}`)
    }
    expect(all).toBeGreaterThan(0)
    expect((all - wrong.length) / all, wrong.join('\n')).toBeGreaterThanOrEqual(share)
    // What is wrong is not sent in silence.
    const unnamed = wrong.filter(() => !notices.some(notice => notice.includes('no value fits the schema')))
    expect(unnamed).toEqual([])
    if (dynamic) expect(longest).toBeLessThan(50_000)
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
