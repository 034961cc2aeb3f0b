import { isWebUrl } from '../../generate/index.ts'
import { type Exchange, withHeader, withoutHeader } from '../../http/index.ts'
import { apart } from '../apart.ts'
import { type Ask, documented, type Ground, type Phase, refusal, type Steps, successes } from '../case.ts'
import { withCredential, withoutCredentials } from '../credential.ts'
import { keptApart } from '../kept-apart.ts'
import { leftBehind } from '../left-behind.ts'
import { bodyOf } from '../thing.ts'
import { wrong } from '../tokens.ts'
import { wantedOf } from './credentials.ts'

/** How often the same valid request is made one after the other. */
const inARow = 25

/** How many are made at the same time. */
const atOnce = 8

export const repetition: Phase<'repetition'> = {
  id: 'repetition',
  says: 'the same valid request many times, one after the other and at once, and after a bad one',
  *plan(ground) {
    const expects = successes(ground)
    const { valid, operation } = ground
    // A thing can be removed once.
    if (operation.method === 'DELETE') return
    const again = (says: string): Ask => ({ says, request: valid, expects })
    const [first] = yield [again('a valid request, repeated')]
    for (let time = 2; time <= inARow; time += 1) yield [again('a valid request, repeated')]
    yield* withSession(ground, first)
    const lanes = Array.from({ length: atOnce }, (_, lane) => {
      const request = {
        ...valid,
        target: lane % 2 === 0 ? valid.target : apart(ground, `contrato-at-once-${lane}`),
        body: marked(ground, markOf(lane)),
      }
      // Nobody has said that there is such a parent.
      return {
        says: 'valid requests at the same time',
        request,
        expects: request.target === valid.target ? expects : [],
      }
    })
    const [one = [], other = []] = strangers(ground).map(stranger => [stranger])
    const made = yield [...lanes.slice(0, 3), ...one, ...lanes.slice(3, 6), ...other, ...lanes.slice(6)]
    yield* readEach(ground, made)
    if (ground.body === undefined) return
    yield [
      // What it is answered with is judged elsewhere.
      {
        says: 'a bad request between good ones',
        request: { ...valid, body: Buffer.from('{') },
        expects: [],
        outside: true,
      },
      again('a valid request beside a bad one'),
    ]
    const says = 'a valid request after a bad one'
    yield [{ says, request: { ...valid, body: marked(ground, markOf(atOnce)) }, expects }]
    const marks = Array.from({ length: atOnce + 1 }, (_, at) => markOf(at))
    yield* leftBehind(ground, marks)
    yield* keptApart(ground, at => marked(ground, `contrato-apart-${at}`))
  },
}

/** What the requests that are made at the same time are told apart by. */
function markOf(lane: number): string {
  return `contrato-at-once-${lane + 1}`
}

/** Whoever has no credentials or wrong ones is refused though others have them, and those are let in all the same. */
function strangers({ operation, valid, tokenOf, added }: Ground): Ask[] {
  const { security } = operation
  const isGuarded = security.length > 0 && security.every(schemes => wantedOf({ added }, schemes).length > 0)
  if (!isGuarded) return []
  const held = refusal(operation, ['401', '403'])
  const bare = withoutCredentials(valid, security.flat())
  const [scheme, ...others] = security.flat()
  const credential = scheme?.credential(wrong)
  const isToken = scheme?.challenge === undefined || scheme.challenge.startsWith('Bearer')
  const isKnown = scheme !== undefined && others.length === 0 && isToken && tokenOf(scheme) !== undefined
  const none = { says: 'no credentials beside valid requests', request: bare, ...held }
  if (!isKnown || credential === undefined) return [none]
  return [{ says: 'a wrong token beside valid requests', request: withCredential(bare, credential), ...held }, none]
}

/** What was created while others were is there; who writes all that there is anew each time loses some of it. */
function* readEach({ api, resource, known, requestOf }: Ground, made: readonly Exchange[]): Steps {
  const read = resource?.read
  if (resource === undefined || read === undefined) return
  const asks = made.flatMap(exchange => {
    const { request, response } = exchange
    const id = response.status < 300 ? bodyOf(exchange)?.[resource.id] : undefined
    const match = api.match(request.method, request.target)
    if ((typeof id !== 'string' && typeof id !== 'number') || match.kind !== 'found') return []
    const parents = Object.entries(match.params).map(([name, segment]) => [name, decodeURIComponent(segment)] as const)
    const there = requestOf(read, new Map([...known, ...parents, [resource.parameter, String(id)]]))
    return {
      says: 'a reading of what was created at the same time as others',
      operation: read,
      request: there,
      expects: documented(read, status => /^[23]/.test(status)),
      isSuggested: !resource.isDeclared,
    }
  })
  yield asks
}

/** Who came in with credentials and was given a cookie still needs them: the document knows no session. */
function* withSession({ operation, valid, added }: Ground, first: Exchange | undefined): Steps {
  const { security } = operation
  const cookies = (first?.response.headers ?? []).flatMap((value, at, fields) =>
    at % 2 === 1 && fields[at - 1]?.toLowerCase() === 'set-cookie' ? (value.split(';')[0] ?? '') : [],
  )
  const shown = security.flat().map(scheme => scheme.credential(''))
  const isBare = (place: (typeof shown)[number]): boolean =>
    place !== undefined && place.in !== 'cookie' && !added.has(place.name.toLowerCase())
  const isGuarded = security.length > 0 && security.every(schemes => schemes.length > 0) && shown.every(isBare)
  if (cookies.length === 0 || !isGuarded || first === undefined || first.response.status >= 300) return
  const bare = withoutCredentials(valid, security.flat())
  const request = withHeader(withoutHeader(bare, 'cookie'), 'Cookie', cookies.join('; '))
  yield [{ says: 'no credentials but the cookies of an answer', request, ...refusal(operation, ['401', '403']) }]
}

/** The valid body with a text of its own in each place that takes one, so that answers cannot be taken for one another. */
function marked({ body, valid }: Ground, mark: string): Uint8Array {
  if (body === undefined || typeof body.value !== 'object' || body.value === null || Array.isArray(body.value))
    return valid.body
  const value: Record<string, unknown> = { ...body.value }
  for (const [name, member] of Object.entries(value)) {
    if (typeof member !== 'string') continue
    const text = isWebUrl(member) ? `${member.replace(/[?#].*$/s, '')}?at=${mark}` : mark
    if (body.schema.accepts({ ...value, [name]: text })) value[name] = text
  }
  return Buffer.from(JSON.stringify(value))
}
