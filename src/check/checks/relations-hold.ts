import { type Relations, type Scope, scopeOf } from '../../model/index.ts'
import { answered, defineCheck, type Evidence, type Objection, shown } from '../check.ts'
import { same } from '../same.ts'

export const relationsHold = defineCheck({
  id: 'relations-hold',
  asks: 'Does the answer fit its request, as x-contract declares or names suggest?',
  judge: evidence => {
    const { description, answer, exchange, reading } = evidence
    const { body } = answer
    if (description === undefined || body === undefined) return []
    if (!hasAny(description.relations) && !hasAny(evidence.inferred)) return []
    const { status, headers } = exchange.response
    const scope = scopeOf(reading, { status, headers, body: body.value })
    const suspected = [...unequal(evidence, evidence.inferred, scope), ...unordered(evidence, evidence.inferred, scope)]
    return [
      ...unequal(evidence, description.relations, scope),
      ...unordered(evidence, description.relations, scope),
      ...suspected.map((objection): Objection => ({ ...objection, code: 'relation-suspect', severity: 'warning' })),
    ]
  },
})

function hasAny({ equal, ordered }: Relations): boolean {
  return equal.length + ordered.length > 0
}

function unequal(evidence: Evidence, { equal }: Relations, scope: Scope): Objection[] {
  return equal.flatMap(({ left, right, fallback, pointer }) => {
    const expected = right.read(scope) ?? fallback?.value
    if (expected === undefined) return []
    return left.readAll(scope).flatMap(({ value }): Objection[] => {
      if (same(value, expected)) return []
      const source = right.read(scope) === undefined ? 'its default' : right.text
      const message = `${answered(evidence)} with ${left.text} ${shown(value)} where ${source} is ${shown(expected)}`
      return [{ code: 'relation-broken', message, help: `Answer with ${shown(expected)}.`, pointer }]
    })
  })
}

function unordered(evidence: Evidence, { ordered }: Relations, scope: Scope): Objection[] {
  return ordered.flatMap(({ first, second, pointer }): Objection[] => {
    const [earlier, later] = [first.read(scope), second.read(scope)]
    if (!comesAfter(earlier, later)) return []
    const message = `${answered(evidence)} with ${first.text} ${shown(earlier)} after ${second.text} ${shown(later)}`
    return [{ code: 'relation-broken', message, help: `${first.text} must not be later than ${second.text}.`, pointer }]
  })
}

/** Instants are compared as such, whatever their offset; what is no instant is not judged here. */
function comesAfter(earlier: unknown, later: unknown): boolean {
  if (typeof earlier === 'number' && typeof later === 'number') return earlier > later
  if (typeof earlier !== 'string' || typeof later !== 'string') return false
  return Date.parse(earlier) > Date.parse(later)
}
