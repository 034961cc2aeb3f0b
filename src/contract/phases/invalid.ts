import { shown } from '../../check/index.ts'
import { breakBody, breakEach, breakParts, exampleValue } from '../../generate/index.ts'
import { type HttpRequest, withoutHeader } from '../../http/index.ts'
import { type Parameter, Part } from '../../model/index.ts'
import { type Ask, type Ground, oneByOne, type Phase, refusal } from '../case.ts'

/** Texts that a parameter of some type, list or form does not take. */
const wrong: readonly string[] = ['not-a-number', '-1', '99999999999999999999', '1.5', 'maybe', '', '\u0007']

/** Texts that are tried on each parameter. */
const maxTexts = 6

export const invalid: Phase<'invalid'> = {
  id: 'invalid',
  isLoose: true,
  says: 'each clause of the body and the parameters broken alone, which must be refused',
  plan: ground => oneByOne([...bodiesOf(ground), ...partsOf(ground), ...parametersOf(ground)], ground),
}

function bodiesOf({ operation, valid, sent, isRefused }: Ground): Ask[] {
  if (sent === undefined) return []
  const held = refusal(operation, ['400', '422'])
  return breakBody(sent)
    .map(({ says, value }) => ({ says, cause: says, request: { ...valid, body: sent.write(value) }, ...held }))
    .filter(({ request }) => isRefused(request))
}

/** Multipart bodies with one header of one part missing or wrong. */
function partsOf({ api, operation, valid, isRefused }: Ground): Ask[] {
  const held = refusal(operation, ['400', '422'])
  return breakParts(api, operation)
    .map(({ says, bytes }) => ({ says, cause: says, request: { ...valid, body: bytes }, ...held }))
    .filter(({ request }) => isRefused(request))
}

/** For each parameter without it, and with texts that the document refuses once they are written into the request. */
function parametersOf(ground: Ground): Ask[] {
  const { operation } = ground
  const held = refusal(operation, ['400', '422'], ['404'])
  return operation.parameters.flatMap(parameter => {
    const { name, in: place } = parameter
    const texts = [...new Set([...textsAgainst(ground, parameter), ...wrong])]
    const asks = texts.flatMap(text => {
      if (place === 'path' && text === '') return []
      const says = `${name} (${place}) as ${shown(text)}`
      const request = requestWith(ground, parameter, text)
      return ground.isRefused(request) ? [{ says, cause: says, request, ...held }] : []
    })
    const bare = requestWithout(ground.valid, parameter)
    const isNeeded = parameter.required && place !== 'path' && ground.isRefused(bare)
    const left = isNeeded
      ? [{ says: `no ${name} (${place})`, request: bare, ...refusal(operation, ['400', '422']) }]
      : []
    return [...left, ...asks.slice(0, maxTexts)]
  })
}

function requestWith({ valid, known, requestOf, operation }: Ground, { name }: Parameter, text: string): HttpRequest {
  return { ...requestOf(operation, new Map([...known, [name, text]])), body: valid.body }
}

/** Values of the parameter with one clause of its schema broken, where they are texts or numbers. */
function textsAgainst({ api }: Ground, parameter: Parameter): string[] {
  const { schema } = parameter
  const part = schema && Part.of(api.document.root).at(schema.pointer)
  if (schema === undefined || part === undefined) return []
  const broken = breakEach(schema, part, exampleValue(api, parameter)).map(({ value }) => value)
  const clauses = broken.filter(value => typeof value === 'string' || typeof value === 'number').map(String)
  // Of another type is every text below, too.
  return clauses.filter(text => text !== 'text' && text !== '7')
}

function requestWithout(request: HttpRequest, { name, in: place }: Parameter): HttpRequest {
  if (place === 'header') return withoutHeader(request, name)
  const [path = '', query = ''] = request.target.split('?', 2)
  if (place !== 'query' || query === '') return request
  const isOther = (pair: string): boolean => {
    const [written = ''] = pair.split('=')
    return written !== name && !written.startsWith(`${name}[`) && !written.startsWith(`${name}%5B`)
  }
  const rest = query.split('&').filter(isOther)
  return { ...request, target: rest.length === 0 ? path : `${path}?${rest.join('&')}` }
}
