import { describe, expect, it } from 'vitest'
import { hash } from '../../src/generate/index.ts'
import { dice } from '../../src/generate/seed.ts'

describe('a hash', () => {
  it('is a whole number of 53 bits', () => {
    const all = Array.from({ length: 1_000 }, (_, at) => hash('some', at))
    for (const one of all) expect(one).toSatisfy(Number.isSafeInteger)
    expect(Math.max(...all)).toBeGreaterThan(2 ** 50)
  })

  it('is the same for a text and for its bytes', () => {
    expect(hash('a text')).toBe(hash(Buffer.from('a text')))
  })

  it('tells apart where one part ends and the next begins', () => {
    expect(new Set([hash('ab', 'c'), hash('a', 'bc'), hash('abc'), hash('abc', '')]).size).toBe(4)
  })

  it('looks at all of a number, also beyond 32 bits', () => {
    const numbers = [0, 1, 2 ** 31, 2 ** 32, 2 ** 32 + 1, 2 ** 33, 2 ** 52, 2 ** 53 - 1]
    expect(new Set(numbers.map(number => hash(number))).size).toBe(numbers.length)
  })

  it('is not the same for 200,000 requests', () => {
    const all = new Set<number>()
    for (let at = 0; at < 200_000; at += 1) all.add(hash('unique', hash('request', String(at)), 0))
    expect(all.size).toBe(200_000)
  })
})

describe('dice', () => {
  it('fall the same for the same seed', () => {
    const [one, other] = [dice(7), dice(7)]
    for (let at = 0; at < 100; at += 1) expect(one()).toBe(other())
  })

  it.each([0, 1, 2 ** 32, 2 ** 52, 2 ** 53 - 1])('fall evenly for the seed %d', seed => {
    const next = dice(seed)
    const counts = Array.from({ length: 10 }, () => 0)
    for (let at = 0; at < 100_000; at += 1) {
      const face = Math.floor(next() * 10)
      counts[face] = (counts[face] ?? 0) + 1
    }
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(600)
  })
})
