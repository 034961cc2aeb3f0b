import { describe, expect, it } from 'vitest'
import type { Varier } from '../../src/generate/index.ts'
import { Uniques } from '../../src/mock/index.ts'

const small: Varier = { room: 100, make: seed => seed % 100 }
const large: Varier = { room: 2 ** 60, make: seed => seed }

describe('unique values of several processes', () => {
  function shared(of: number): Uniques[] {
    return Array.from({ length: of }, (_, index) => new Uniques({ part: index + 1, index, of }))
  }

  it.each<[string, Varier, number]>([
    ['few to choose from', small, 25],
    ['many to choose from', large, 1_000],
  ])('never come twice where there are %s', (_, varier, each) => {
    const given = shared(2).flatMap(uniques => Array.from({ length: each }, () => uniques.next(7, 'id', varier)))
    expect(new Set(given).size).toBe(2 * each)
  })

  it('are others than those of a process that it takes the place of', () => {
    const [before, after] = [1, 3].map(part => new Uniques({ part, index: 0, of: 2 }))
    expect(before?.next(7, 'id', large)).not.toBe(after?.next(7, 'id', large))
  })

  it('do not run dry where there are fewer of them than requests', () => {
    for (const uniques of shared(2))
      for (let at = 0; at < 300; at += 1) expect(uniques.next(at, 'id', small)).toBeLessThan(100)
  })

  it('are those of the request where there is one process', () => {
    expect(new Uniques().next(7, 'id', large)).toBe(new Uniques().next(7, 'id', large))
  })
})
