import type { Exchange } from '../http/index.ts'
import type { Complaint, Ground, Steps } from './case.ts'
import { asThing, bodyOf } from './thing.ts'

/** What a list or a text has to begin with before more behind it says anything, in characters. */
const shortest = 8

/**
 * Whether refusals keep to their own requests: none repeats what another request said, and the same bad request is not told
 * more the second time, as by a server that adds to one list for all.
 *
 * @param marks texts that only requests made before have in them
 */
export function* leftBehind(ground: Ground, marks: readonly string[]): Steps {
  const { valid, body, isRefused } = ground
  const says = 'the same bad request before and after others'
  const bad = { ...valid, body: Buffer.from('{}') }
  if (body === undefined || !isRefused(bad)) return
  const ask = { says, request: bad, expects: [], outside: true }
  const [before] = yield [ask]
  yield [{ ...ask, request: { ...valid, body: Buffer.from('{') } }]
  const [after] = yield [ask]
  if (before === undefined || after === undefined) return
  for (const exchange of [before, after]) {
    const mark = marks.find(text => Buffer.from(exchange.response.body).includes(text))
    if (isRefusal(exchange) && mark !== undefined) {
      ground.complain(complaint(ground, exchange, says, `"${mark}", which another request said`, 'error'))
      return
    }
  }
  const grown = isRefusal(before) && isRefusal(after) ? grownIn(bodyOf(before), bodyOf(after), '') : undefined
  if (grown !== undefined)
    ground.complain(
      complaint(ground, after, says, `more in ${grown} than the same request was answered before`, 'warning'),
    )
}

function isRefusal({ response: { status } }: Exchange): boolean {
  return status >= 400 && status < 500
}

/** The place that holds what it held before, and then more. */
function grownIn(before: unknown, after: unknown, name: string): string | undefined {
  const place = name === '' ? 'the body' : name
  if (typeof before === 'string' && typeof after === 'string')
    return before.length >= shortest && after.length > before.length && after.startsWith(before) ? place : undefined
  if (Array.isArray(before) && Array.isArray(after)) {
    const isSame = before.every((item, at) => JSON.stringify(item) === JSON.stringify(after[at]))
    return before.length > 0 && after.length > before.length && isSame ? place : undefined
  }
  const [one, other] = [asThing(before), asThing(after)]
  if (one === undefined || other === undefined) return undefined
  for (const [member, value] of Object.entries(one)) {
    const found = grownIn(value, other[member], name === '' ? member : `${name}.${member}`)
    if (found !== undefined) return found
  }
  return undefined
}

function complaint(
  { operation }: Ground,
  { request, response }: Exchange,
  says: string,
  what: string,
  severity: 'error' | 'warning',
): Complaint {
  return {
    code: 'other-request-leaked',
    severity,
    check: 'nothing-leaked',
    message: `${operation.id} answered ${response.status} with ${what}`,
    help: 'Keep what belongs to one request in that request, not in something that all share.',
    operation,
    pointer: `${operation.pointer}/responses`,
    says,
    request,
    phase: 'repetition',
  }
}
