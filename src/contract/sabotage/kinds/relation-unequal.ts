import { type Equality, type ResponseDescription, scopeOf } from '../../../model/index.ts'
import { bodyOf, jsonOf, withField, withValue } from '../answer.ts'
import { edited } from '../places.ts'
import { always, defineKind, isOf, type Passing, type Spoilt } from '../sabotage.ts'

export const relationUnequal = defineKind({
  id: 'relation-unequal',
  says: 'what x-contract declares as equal is not',
  *plan(_api, operation) {
    for (const response of operation.responses) {
      for (const equality of response.relations.equal) {
        yield {
          says: `answers ${response.status} with another ${equality.left.text}`,
          pointer: equality.pointer,
          status: response.status,
          ...always(passing => (isOf(passing, response) ? unequal(passing, response, equality) : undefined)),
        }
      }
    }
  },
})

function unequal(
  passing: Passing,
  response: ResponseDescription,
  { left, right, fallback }: Equality,
): Spoilt | undefined {
  const reading = passing.reading()
  const body = bodyOf(passing.response)
  if (reading === undefined || body === undefined) return undefined
  const scope = scopeOf(reading, { ...passing.response, body: body.value })
  const expected = right.read(scope) ?? fallback?.value
  const [found] = left.readAll(scope)
  if (expected === undefined || found === undefined) return undefined
  if (left.inResponseHeader !== undefined) {
    const changed = withField(passing.response, left.inResponseHeader, `${String(found.value)}x`)
    return { response: changed, isForbidden: true }
  }
  const schema = jsonOf(response)?.schema
  const at = left.inResponseBody === undefined ? undefined : found.tokens
  for (const value of at === undefined ? [] : edited(body.value, at, others)) {
    // Only the relation is to be broken.
    if (schema?.accepts(value) !== false) return { response: withValue(passing.response, value), isForbidden: true }
  }
  return undefined
}

function others(value: unknown): unknown[] {
  if (typeof value === 'string') return [value === '' ? 'x' : value.slice(0, -1) || `${value}x`, `${value}x`]
  if (typeof value === 'number') return [value + 1, value - 1]
  if (typeof value === 'boolean') return [!value]
  return value === null ? ['x', 1, true] : [null, {}, []]
}
