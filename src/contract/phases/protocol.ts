import { noBytes } from '../../http/index.ts'
import { type Phase, refusals } from '../case.ts'

/** Bytes that are no JSON at all. */
const unreadable: readonly (readonly [string, Uint8Array])[] = [
  ['malformed JSON', Buffer.from('{"a":')],
  ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
]

/** JSON of other kinds than most bodies are; wrong only where the schema says so. */
const values: readonly (readonly [string, unknown])[] = [
  ['an array', []],
  ['a string', 'text'],
  ['null', null],
]

export const protocol: Phase<'protocol'> = {
  id: 'protocol',
  says: 'bodies that are no JSON or JSON of another kind, which must be refused',
  plan: ({ operation, valid, broken, refuses }) => {
    const { requestBody } = operation
    if (requestBody === undefined || broken.length === 0) return []
    const expects = refusals(operation, ['400', '422'])
    const refused = values.filter(([, value]) => refuses(value))
    const bodies = [
      ...unreadable,
      ...refused.map(([says, value]) => [says, Buffer.from(JSON.stringify(value))] as const),
    ]
    const cases = bodies.map(([says, body]) => ({
      says: `a body that is ${says}`,
      request: { ...valid, body },
      expects,
    }))
    return requestBody.required
      ? [...cases, { says: 'an empty body', request: { ...valid, body: noBytes }, expects }]
      : cases
  },
}
