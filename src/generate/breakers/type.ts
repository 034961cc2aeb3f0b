import type { Breaker } from './breaker.ts'

const others: readonly { readonly says: string; readonly value: unknown }[] = [
  { says: 'a number', value: 7 },
  { says: 'a string', value: 'text' },
  { says: 'a boolean', value: true },
  { says: 'null', value: null },
  { says: 'an object', value: {} },
  { says: 'an array', value: [] },
]

/** Puts a value of every other type in the place. */
export const type: Breaker<'type'> = {
  id: 'type',
  breaks: schema => (schema.get('type') === undefined ? [] : others),
}
