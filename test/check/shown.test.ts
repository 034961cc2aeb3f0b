import { describe, expect, it } from 'vitest'
import { shown, shownApart } from '../../src/check/check.ts'

describe('a value in a message', () => {
  it('is never cut within a character', () => {
    for (let before = 70; before < 80; before += 1) {
      const text = shown(`${'a'.repeat(before)}${'😀'.repeat(9)}`)
      expect(text).toBe(text.replace(/\p{Surrogate}/gu, ''))
    }
  })

  it.each<[string, string, string, RegExp]>([
    ['letters', 'a'.repeat(191), `${'a'.repeat(190)}b`, /\(191 characters, different from character 191 on\)$/],
    ['emoji', '😀'.repeat(191), `${'😀'.repeat(190)}a`, /\(191 characters, different from character 191 on\)$/],
    ['quotes', '"'.repeat(191), `${'"'.repeat(100)}a`, /\(191 characters, different from character 101 on\)$/],
  ])('is as long as a schema counts its %s', (_, one, other, says) => {
    const [left] = shownApart(one, other)
    expect(left).toMatch(says)
    expect(left).toBe(left.replace(/\p{Surrogate}/gu, ''))
  })
})
