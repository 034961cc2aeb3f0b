import type { Breaker } from './breaker.ts'

const others: readonly { readonly says: string; readonly value: unknown }[] = [
  { says: 'a number', value: 7 },
  { says: 'a string', value: 'text' },
  { says: 'a boolean', value: true },
  { says: 'null', value: null },
  { says: 'an object', value: {} },
  { says: 'an array', value: [] },
]

/** What servers that convert take for a value of the type. */
const almost: Readonly<Record<string, readonly { readonly says: string; readonly value: unknown }[]>> = {
  boolean: [
    { says: 'the text "true"', value: 'true' },
    { says: 'the text "1"', value: '1' },
    { says: 'an empty text', value: '' },
    { says: 'the number 1', value: 1 },
  ],
  integer: [
    { says: 'a number in quotes', value: '7' },
    { says: 'a fraction', value: 7.5 },
    { says: 'an empty text', value: '' },
  ],
  number: [
    { says: 'a number in quotes', value: '7' },
    { says: 'an empty text', value: '' },
  ],
  string: [{ says: 'a list of one text', value: ['text'] }],
  object: [{ says: 'an object in quotes', value: '{}' }],
}

/** Puts a value of every other type in the place, and what is nearly of the right one. */
export const type: Breaker<'type'> = {
  id: 'type',
  breaks: schema => {
    const stated = schema.get('type')?.value
    const types = [stated].flat().filter(each => typeof each === 'string')
    return stated === undefined ? [] : [...others, ...types.flatMap(each => almost[each] ?? [])]
  },
}
