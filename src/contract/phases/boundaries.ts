import { boundariesOf, exampleValue } from '../../generate/index.ts'
import type { HttpRequest } from '../../http/index.ts'
import { type Ask, type Ground, oneByOne, type Phase, successes } from '../case.ts'

/** Path segments that are right wherever a text is, and that servers stumble over. */
const segments = [
  ...['Mixed-Case.Id_1.json', 'with space', 'ünïcode-雪', " quote'd ", 'a+b&c=d', '100%25', '007', '__proto__'],
  'A1B2C3D4-E5F6-4A7B-8C9D-0E1F2A3B4C5D',
  // Fastify takes up to 100 letters.
  'long-'.repeat(18),
  'fox-🦊',
  'part;version=1',
]

/** Segments that nobody has to take, and no server may fail at. */
const burdens: readonly (readonly [says: string, written: string])[] = [
  ['300 letters', 'a'.repeat(300)],
  ['a percent sign with no number behind it', '%zz'],
  ['bytes that are no UTF-8', '%C3%28'],
  ['a NUL character', 'a%00b'],
  ['an encoded slash', 'a%2Fb'],
]

/** Under which one word values are told that few have thought of. */
const causes = {
  empty: 'what is empty',
  unstorable: 'a NUL character',
  long: 'a long text',
  'no URL': 'what is no URL',
}

export const boundaries: Phase<'boundaries'> = {
  id: 'boundaries',
  isLoose: true,
  says: 'valid values at the edges of what the document allows, which must be accepted',
  plan: ground =>
    oneByOne([...bodiesOf(ground), ...parametersOf(ground), ...pathsOf(ground), ...burdensOf(ground)], ground),
}

function bodiesOf(ground: Ground): Ask[] {
  const { body, valid, operation } = ground
  if (body === undefined) return []
  const expects = successes(ground)
  const atEdges = boundariesOf(body.schema, body.part, body.value).map(({ says, value, isDoubtful }) => ({
    says: phrase(says),
    name: says,
    request: { ...valid, body: Buffer.from(JSON.stringify(value)) },
    expects: isDoubtful === 'long' || isDoubtful === 'no URL' ? [] : expects,
    // Whoever wrote the document may not have thought of it; one word about it is enough.
    ...(isDoubtful !== undefined && { isSuggested: true, cause: causes[isDoubtful] }),
  }))
  if (operation.requestBody?.required === true || valid.body.length === 0) return atEdges
  return [...atEdges, { says: 'no body, which is optional', request: { ...valid, body: Buffer.alloc(0) }, expects }]
}

/** What a request is answered to, as a sentence can go on with it. */
function phrase(says: string): string {
  const empty = / that is empty$/
  if (empty.test(says)) return `an empty ${says.replace(empty, '')}`
  return /^with(out)? /.test(says) ? `a body ${says}` : says
}

/** Each optional parameter, given. */
function parametersOf(ground: Ground): Ask[] {
  const { api, operation, known, requestOf, isRefused } = ground
  return operation.parameters.flatMap(parameter => {
    if (parameter.required || known.has(parameter.name)) return []
    const value = exampleValue(api, parameter)
    if (value === undefined || typeof value === 'object') return []
    const request = requestOf(operation, new Map([...known, [parameter.name, String(value)]]))
    const says = `the optional ${parameter.name} (${parameter.in})`
    return isRefused(request) ? [] : [{ says, request: withBodyOf(ground, request), expects: successes(ground) }]
  })
}

/** Unusual texts in the path, where nobody has said which value leads somewhere; what comes back has to fit them. */
function pathsOf(ground: Ground): Ask[] {
  const { operation, known, given, requestOf, isRefused } = ground
  return operation.parameters
    .filter(({ in: place, name }) => place === 'path' && !given.has(name))
    .flatMap(({ name }) =>
      segments.flatMap(text => {
        const made = withBodyOf(ground, requestOf(operation, new Map([...known, [name, text]])))
        const request = { ...made, target: plainly(made.target) }
        return isRefused(request) ? [] : [{ says: `${name} (path) as ${JSON.stringify(text)}`, request, expects: [] }]
      }),
    )
}

/** What stands for the last parameter of the path is written as it is, and only whether the server fails is judged. */
function burdensOf(ground: Ground): Ask[] {
  const { operation, known, given, requestOf } = ground
  const parameter = operation.parameters.findLast(({ in: place, name }) => place === 'path' && !given.has(name))
  if (parameter === undefined || operation.method === 'DELETE') return []
  const mark = 'contrato-burden'
  const made = withBodyOf(ground, requestOf(operation, new Map([...known, [parameter.name, mark]])))
  if (!made.target.includes(mark)) return []
  return burdens.map(([says, written]) => ({
    says: `${parameter.name} (path) as ${says}`,
    request: { ...made, target: made.target.replace(mark, () => written) },
    expects: [],
    outside: true,
  }))
}

function withBodyOf({ valid }: Ground, request: HttpRequest): HttpRequest {
  return { ...request, body: valid.body }
}

/** Letters that need no percent sign in a path, and stand for themselves there. Source: RFC 3986, section 3.3. */
function plainly(target: string): string {
  const [path = '', ...query] = target.split('?')
  const open = path.replace(/%2B/g, '+').replace(/%26/g, '&').replace(/%3D/g, '=').replace(/%3B/g, ';')
  return [open, ...query].join('?')
}
