import { expect, it } from 'vitest'
import { pairOf, percentEncoded, writeValue } from '../../src/model/index.ts'

it.each([
  ['a b&c', 'a%20b%26c'],
  ['😀', '%F0%9F%98%80'],
  ['a\ud83d', 'a%EF%BF%BD'],
  ['\ude00b', '%EF%BF%BDb'],
])('%j is written with percent signs, half a character as U+FFFD', (text, written) => {
  expect(percentEncoded(text)).toBe(written)
  const form = {
    name: 'p',
    style: 'form',
    explode: true,
    place: 'query',
    schema: undefined,
    reserved: false,
    required: true,
  } as const
  expect(writeValue(form, text).map(pairOf)).toEqual([`p=${written}`])
})
