import type { Attempt } from '../bodies.ts'
import { nameOf, type Place } from '../places.ts'

/** Texts that are nearly of a format. */
const nearly: Readonly<Record<string, readonly unknown[]>> = {
  'date-time': ['2024-04-14 14:26:09', '2024-04-14'],
  date: ['14.04.2024', '2024-02-30'],
  time: ['14:26 Uhr'],
  email: ['nobody.example.com'],
  uuid: ['123'],
  uri: ['www.acme.example/a b'],
  'uri-reference': ['\\\\server\\a b'],
  ipv4: ['256.1.1.1'],
  ipv6: ['::g'],
  hostname: ['-acme-.example'],
  int32: [2 ** 31],
  int64: [1.5],
}

/** A value that is not of the documented format. */
export function* outOfFormat({ schema, at }: Place): Generator<Attempt> {
  const format = schema.text('format')
  if (format === undefined) return
  yield {
    keyword: 'format',
    says: `with ${nameOf(at)} that is no ${format}`,
    edits: () => [...(nearly[format] ?? []), '\u0001 not of this form'],
  }
}
