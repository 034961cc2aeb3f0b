import { shown } from '../../check/index.ts'
import { breakBodyOnce, type Draw, drawValues, hash } from '../../generate/index.ts'
import { Part } from '../../model/index.ts'
import { type Ask, type Ground, isOneOf, isSame, type Phase, type Played, refusal, successes } from '../case.ts'
import { lacksUrl } from '../member.ts'

/** What chance comes up with for each operation: bodies, bodies with a clause broken, and values of each parameter. */
const bodies = 20
const brokenBodies = 12
const values = 4

/** Requests that are made to find the smallest that shows a breach, for each operation. */
const maxSteps = 150

/** Requests that chance came up with, and smaller ones of the same kind. */
type Attempt = { readonly ask: Ask; readonly smaller: () => Iterable<Attempt> }

export const random: Phase<'random'> = {
  id: 'random',
  says: 'what chance comes up with: valid requests, which must be accepted, and broken ones, which must be refused; what fails is made as small as it gets',
  async *plan(ground) {
    let left = maxSteps
    for (const attempt of [...(await validBodies(ground)), ...(await invalidBodies(ground))])
      left -= yield* tryOut(attempt, left)
    const parameters = await parametersOf(ground)
    if (parameters.length === 0) return
    const isRefused = yield* isRefusedAnyway(ground)
    // What is refused without a parameter says nothing of its values.
    for (const attempt of parameters) left -= yield* tryOut(isRefused ? withoutBlame(attempt) : attempt, left)
  },
}

/** Asks, and makes smaller what shows a breach. Returns how many requests that took. */
async function* tryOut(attempt: Attempt, left: number): AsyncGenerator<readonly Ask[], number, readonly Played[]> {
  const [played] = yield [attempt.ask]
  return played === undefined || played.fresh.length === 0 ? 0 : yield* shrink(attempt, played, left)
}

/** Whether the request is refused as it is, before chance adds a parameter. What removes cannot be asked twice. */
function* isRefusedAnyway(ground: Ground): Generator<readonly Ask[], boolean, readonly Played[]> {
  const { operation, valid } = ground
  const expects = successes(ground)
  if (operation.method === 'DELETE' || expects.length === 0) return false
  const says = 'a valid request without what chance adds'
  const [plain] = yield [{ says, request: valid, expects: [], tells: 'nothing' }]
  return plain !== undefined && !isOneOf(plain.response.status, expects)
}

function withoutBlame({ ask, smaller }: Attempt): Attempt {
  return {
    ask: { ...ask, expects: [] },
    *smaller() {
      for (const attempt of smaller()) yield withoutBlame(attempt)
    },
  }
}

/** Looks for the smallest request that shows the same breach. Returns how many requests that took. */
async function* shrink(
  attempt: Attempt,
  { fresh }: Played,
  limit: number,
): AsyncGenerator<readonly Ask[], number, readonly Played[]> {
  const [breach] = fresh
  let [smallest, steps] = [attempt, 0]
  for (let isSmaller = true; isSmaller; ) {
    isSmaller = false
    for (const candidate of smallest.smaller()) {
      if (steps >= limit) break
      steps += 1
      const [played] = yield [{ ...candidate.ask, tells: 'nothing' }]
      if (breach === undefined || played?.findings.some(finding => isSame(finding, breach)) !== true) continue
      smallest = candidate
      isSmaller = true
      break
    }
  }
  if (smallest !== attempt) yield [{ ...smallest.ask, tells: 'smaller' }]
  return steps
}

/** What is drawn is valid once it is written down, too; so is everything smaller that is asked. */
async function validBodies(ground: Ground): Promise<Attempt[]> {
  const { sent, seed, operation, body } = ground
  if (sent === undefined) return []
  const successful = successes(ground)
  const attempt = (draw: Draw, at: number): Attempt[] => {
    if (!sent.accepts(draw.value)) return []
    const request = { ...ground.valid, body: sent.write(draw.value) }
    if (ground.isRefused(request)) return []
    const says = `the valid body ${shown(draw.value)}`
    const expects = lacksUrl(body?.value, draw.value) ? [] : successful
    const ask = { says, name: `valid-${at + 1}`, cause: 'a valid body of chance', request, expects }
    return [{ ask, smaller: () => each(draw, smaller => attempt(smaller, at)) }]
  }
  const draws = await drawValues(sent.schema, sent.part, hash(seed, operation.id), bodies)
  return draws.flatMap(attempt)
}

/** One clause of a drawn body is broken; it stays the same clause while the rest becomes smaller. */
async function invalidBodies(ground: Ground): Promise<Attempt[]> {
  const { sent, seed, operation } = ground
  if (sent === undefined) return []
  const held = refusal(operation, ['400', '422'])
  const attempt = (draw: Draw, at: number, clause?: string): Attempt[] => {
    if (!sent.accepts(draw.value)) return []
    // Spread over the clauses, wherever chance begins.
    const where = ((hash(seed, operation.id) % 1_000) / 1_000 + at / brokenBodies) % 1
    const chosen = breakBodyOnce(sent, draw.value, where, clause)
    if (chosen === undefined) return []
    const { says, value } = chosen
    const request = { ...ground.valid, body: sent.write(value) }
    if (!ground.isRefused(request)) return []
    const ask = { says, cause: says, name: `invalid-${at + 1}`, request, ...held }
    return [{ ask, smaller: () => each(draw, smaller => attempt(smaller, at, says)) }]
  }
  const draws = await drawValues(sent.schema, sent.part, hash(seed, operation.id, 'invalid'), brokenBodies)
  return draws.flatMap((draw, at) => attempt(draw, at))
}

/** Parameters beside the path, one at a time. */
async function parametersOf(ground: Ground): Promise<Attempt[]> {
  const { api, operation, known, requestOf, isRefused, seed, valid } = ground
  const expects = successes(ground)
  const found: Attempt[] = []
  for (const { name, in: place, schema } of operation.parameters) {
    const part = schema && Part.of(api.document.root).at(schema.pointer)
    if (schema === undefined || part === undefined || known.has(name)) continue
    if (place !== 'query' && place !== 'header') continue
    const attempt = (draw: Draw, at: number): Attempt[] => {
      if (typeof draw.value === 'object' || (place === 'header' && !isFieldValue(String(draw.value)))) return []
      const made = requestOf(operation, new Map([...known, [name, String(draw.value)]]))
      const request = { ...made, body: valid.body }
      if (isRefused(request)) return []
      const says = `${name} (${place}) as ${shown(draw.value)}`
      const ask = { says, name: `${name}-${at + 1}`, cause: `${name} (${place})`, request, expects }
      return [{ ask, smaller: () => each(draw, smaller => attempt(smaller, at)) }]
    }
    const draws = await drawValues(schema, part, hash(seed, operation.id, name), values)
    found.push(...draws.flatMap(attempt))
  }
  return found
}

function* each(draw: Draw, attempt: (smaller: Draw) => Attempt[]): Generator<Attempt> {
  for (const smaller of draw.smaller()) yield* attempt(smaller)
}

/** Letters that stay the same on their way in a header field. Source: RFC 9110, section 5.5. */
function isFieldValue(text: string): boolean {
  return /^[!-~]([ -~]*[!-~])?$/.test(text)
}
