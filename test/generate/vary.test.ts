import { describe, expect, it } from 'vitest'
import { variers } from '../../src/generate/index.ts'

/** What each way makes of a value, best first. */
function ways(value: string | number, seed = 1): (string | number)[] {
  return variers(value).map(({ make }) => make(seed))
}

describe('another value of the same form', () => {
  it.each<[string, RegExp]>([
    ['wh_9fK2m4Qz', /^wh_\d[a-z][A-Z]\d[a-z]\d[A-Z][a-z]$/],
    ['clv0vk2tq0003mk08e1r7c5ha', /^[a-z]{3}\d[a-z0-9]{21}$/],
    ['3f2b8c1e-5a4d-1e6f-9b7a-1c2d3e4f5a6b', /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/],
    ['507f1f77bcf86cd799439011', /^[0-9a-f]{24}$/],
    ['https://a.example/hooks/0a1b2c3d', /^https:\/\/a\.example\/hooks\/[0-9a-f]{8}$/],
    ['order-7', /^order-\d{10}$/],
    ['usr_a1', /^usr_[a-z0-9]{10}$/],
    ['jo.smith@a.example', /^[a-z]{2}\.[a-z]{5}@[a-z]\.[a-z]{7}$/],
    ['é1234567890', /^é\d{10}$/],
  ])('is made of %s first', (value, form) => {
    for (const seed of [0, 1, 2 ** 31, 2 ** 52]) expect(ways(value, seed)[0]).toMatch(form)
  })

  it.each([42, 0, -5, 2.5])('is a whole number from 1 up for %d', value => {
    for (const way of ways(value)) expect(way).toSatisfy(made => Number.isInteger(made) && Number(made) >= 1)
  })

  it('has as many digits as a long number', () => {
    expect(String(ways(123_456_789_012_345)[0])).toHaveLength(15)
  })

  it.each(['', '_', '9', 'a-', '--'])('is offered for %j too', value => {
    expect(ways(value).length).toBeGreaterThan(0)
  })

  it('leaves letters alone that are longer than a unit', () => {
    for (const seed of [1, 2, 3]) expect(ways('id-abcdefgh\u{1f600}1', seed)[0]).toMatch(/^id-[a-z]{8}\u{1f600}\d$/u)
  })

  it('is made of a text of any length', () => {
    const [made] = ways('a1'.repeat(200_000))
    expect(made).toHaveLength(400_000)
    expect(made).not.toBe('a1'.repeat(200_000))
  })

  it('is the same for the same seed, and mostly another for another', () => {
    const [way] = variers('clv0vk2tq0003mk08e1r7c5ha')
    expect(way?.make(7)).toBe(way?.make(7))
    const many = new Set(Array.from({ length: 50_000 }, (_, seed) => way?.make(seed)))
    expect(many.size).toBe(50_000)
  })

  it('tells seeds apart by all of their bits', () => {
    const [way] = variers('clv0vk2tq0003mk08e1r7c5ha')
    const seeds = Array.from({ length: 53 }, (_, bit) => 2 ** bit)
    expect(new Set([0, ...seeds].map(seed => way?.make(seed))).size).toBe(54)
  })
})

describe('the room of a way', () => {
  it.each<[string | number, number]>([
    ['wh_9fK2m4Qz', 10 ** 3 * 26 ** 5],
    ['12345678', 10 ** 10],
    [42, 2 ** 31 - 1],
  ])('is how many values it can make: %s', (value, room) => {
    expect(variers(value)[0]?.room).toBe(room)
  })

  it('is never less for an earlier way than it has to be', () => {
    for (const value of ['a', 'order-7', '12345678', 42]) expect(variers(value)[0]?.room).toBeGreaterThanOrEqual(1e9)
  })
})
