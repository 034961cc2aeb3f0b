import { resolvePointer } from '../../finding/index.ts'
import { type Relations, type Scope, scopeOf } from '../../model/index.ts'
import { answered, defineCheck, type Evidence, type Objection, shown, shownApart } from '../check.ts'
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
    const suspected = [
      ...unequal(evidence, evidence.inferred, scope, false),
      ...unordered(evidence, evidence.inferred, scope),
    ]
    return [
      ...unequal(evidence, description.relations, scope, true),
      ...unordered(evidence, description.relations, scope),
      ...suspected.map((objection): Objection => ({ ...objection, code: 'relation-suspect', severity: 'warning' })),
    ]
  },
})

function hasAny({ equal, ordered }: Relations): boolean {
  return equal.length + ordered.length > 0
}

function unequal(evidence: Evidence, { equal }: Relations, scope: Scope, isDeclared: boolean): Objection[] {
  return equal.flatMap(({ left, right, fallback, pointer }) => {
    const expected = right.read(scope) ?? fallback?.value
    if (expected === undefined) return []
    const source = right.read(scope) === undefined ? 'its default' : right.text
    // With a declared default, the author has said what it means when nothing is there.
    const isSilent = isDeclared && fallback !== undefined && isLeftOut(evidence, left.inResponseBody)
    const values = isSilent ? [fallback.value] : left.readValues(scope)
    return values.flatMap((value): Objection[] => {
      if (same(value, expected)) return []
      const [is, wanted] = shownApart(value, expected)
      const what = isSilent ? `no ${left.text}, which means its default ${is},` : `${left.text} ${is}`
      const message = `${answered(evidence)} with ${what} where ${source} is ${wanted}`
      return [{ code: 'relation-broken', message, help: `Answer with ${shown(expected)}.`, pointer }]
    })
  })
}

/** Whether the body leaves a member out of an object that it has. */
function isLeftOut({ answer }: Evidence, tokens: readonly string[] | undefined): boolean {
  const name = tokens?.at(-1)
  if (tokens === undefined || name === undefined || tokens.includes('*')) return false
  const holder = resolvePointer(answer.body?.value, tokens.slice(0, -1))
  return typeof holder === 'object' && holder !== null && !Array.isArray(holder) && !Object.hasOwn(holder, name)
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
