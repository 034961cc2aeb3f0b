import { noBytes } from '../../http/index.ts'
import { type Phase, refusals } from '../case.ts'

const bodies: readonly (readonly [string, Uint8Array])[] = [
  ['malformed JSON', Buffer.from('{"a":')],
  ['an array', Buffer.from('[]')],
  ['a string', Buffer.from('"text"')],
  ['null', Buffer.from('null')],
  ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
]

export const protocol: Phase<'protocol'> = {
  id: 'protocol',
  says: 'bodies that are no JSON object, which must be refused',
  plan: ({ operation, valid, broken }) => {
    const { requestBody } = operation
    // Only where an object is asked for are the other kinds of JSON wrong.
    if (requestBody === undefined || broken.length === 0) return []
    const expects = refusals(operation, ['400', '422'])
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
