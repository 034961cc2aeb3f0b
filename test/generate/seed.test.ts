import { describe, expect, it } from 'vitest'
import { hash } from '../../src/generate/index.ts'
import { dice } from '../../src/generate/seed.ts'

describe('a hash', () => {
  it('is a whole number of 53 bits', () => {
    const all = Array.from({ length: 1_000 }, (_, at) => hash('some', at))
    for (const one of all) expect(one).toSatisfy(Number.isSafeInteger)
    expect(Math.max(...all)).toBeGreaterThan(2 ** 50)
  })

  it('looks at every character and at every byte', () => {
    const text = 'a text of some length'
    const changed = [...text].map((letter, at) => `${text.slice(0, at)}${letter.toUpperCase()}~${text.slice(at + 1)}`)
    const all = [text, ...changed]
    expect(new Set(all.map(each => hash(each))).size).toBe(all.length)
    expect(new Set(all.map(each => hash(Buffer.from(each)))).size).toBe(all.length)
  })

  it('is not the same for texts that differ in two places only', () => {
    const texts = Array.from({ length: 2 ** 16 }, (_, at) =>
      [at >> 8, at & 255].map(each => `${each}`.padStart(3, '0')),
    )
    const all = texts.map(([one, other]) => Buffer.from(`{"first":"${one}","second":"${other}"}`))
    expect(new Set(all.map(bytes => hash(bytes))).size).toBe(all.length)
  })

  it('tells apart where one part ends and the next begins', () => {
    expect(new Set([hash('ab', 'c'), hash('a', 'bc'), hash('abc'), hash('abc', ''), hash('', 'abc')]).size).toBe(5)
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
