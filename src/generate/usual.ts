import type { NumberShape, Shape } from './shape.ts'

/** Texts that patterns of the wild mostly allow, for those that the generator cannot read. */
export const usualTexts = [
  '',
  'a',
  'A',
  '1',
  'abc',
  'ABC',
  'Abc1',
  '123456',
  'Abcdef1!',
  'a@b.co',
  'https://example.com/',
  '/a',
  'a-b',
  'example.com',
]

/** Values of every type, for places where what was made of the shape is not accepted; those of its own types come first. */
export function* usualOf({ types, number }: Shape): Generator<unknown> {
  const all: readonly (readonly [isOwn: boolean, values: readonly unknown[]])[] = [
    [types.includes('string'), usualTexts],
    [types.includes('integer') || types.includes('number'), usualNumbers(number)],
    [types.includes('boolean'), [false, true]],
    [types.includes('null'), [null]],
    [types.includes('array'), [[]]],
    [types.includes('object'), [{}]],
  ]
  for (const [isOwn, values] of all) if (isOwn) yield* values
  for (const [isOwn, values] of all) if (!isOwn) yield* values.slice(0, 3)
}

/** Small ones, and those at the ends of the range. */
function usualNumbers({ least, most }: NumberShape): readonly number[] {
  const ends = [least, least + 1, most, most - 1].filter(Number.isFinite)
  return [...ends, 0, 1, -1, 2, 3, 5, 7, 10, 100, -100, 1_000_000, 0.5]
}
