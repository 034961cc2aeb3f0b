import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonFaultAt } from '../../src/finding/index.ts'

describe('the fault of a text that is not JSON', () => {
  it.each([
    ['{"a":1,}', 7],
    ['[1,]', 3],
    ['[,1]', 1],
    ['{"a" 1}', 5],
    ['{"a":}', 5],
    ['{a:1}', 1],
    ["{'a':1}", 1],
    ['{"a":1 "b":2}', 7],
    ['[1 2]', 3],
    ['[1}', 2],
    ['{"a":1]', 6],
    ['{"a":1}}', 7],
    ['1 2', 2],
    ['nul', 0],
    ['[nope]', 1],
    ['[01]', 2],
    ['[1.]', 2],
    ['[+1]', 1],
    ['[.5]', 1],
    ['["a\nb"]', 3],
    ['["\\q"]', 2],
    ['["\\u12g4"]', 2],
    ['\u00a0[]', 0],
    [']', 0],
  ])('stands where a reader sees it: %j at %i', (text, offset) => {
    expect(jsonFaultAt(text)).toBe(offset)
  })

  it.each(['', ' ', '{', '[', '{"a"', '{"a":', '{"a":1', '{"a":1,', '"abc', '[[[', `${'['.repeat(100_000)}`])(
    'is its end when it stops too early: %j',
    text => {
      expect(jsonFaultAt(text)).toBe(text.length)
    },
  )

  it('is there exactly when the platform finds one', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      ' ',
      '\n',
      '"',
      '"a"',
      '\\',
      '1',
      '-',
      '0',
      '.',
      'e',
      'true',
      'null',
      'x',
    )
    const texts = fc.oneof(
      fc.json(),
      fc.string(),
      fc.array(pieces, { maxLength: 12 }).map(list => list.join('')),
    )
    fc.assert(
      fc.property(texts, text => {
        expect(jsonFaultAt(text) === undefined).toBe(isJson(text))
      }),
      { numRuns: 2000 },
    )
  })
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
