import { formatFragment } from '../../finding/index.ts'
import { type Api, callbacksOf, type Operation, webhooksOf } from '../../model/index.ts'
import { quoted } from '../judge.ts'
import type { Place } from '../places.ts'
import { type Complaint, defineRule } from '../rule.ts'

/** What each place may say under `x-contract`; responses are read by the model. */
const known = { document: ['resources', 'delivery'], callback: ['when'], operation: ['causes'] } as const

/** The roles that operations play for a resource, and the property that identifies it. */
const roles = ['create', 'list', 'read', 'update', 'replace', 'remove']
const resourceKeys = ['id', ...roles]

/** How events may be delivered. */
const deliveries = ['codechat', 'standard-webhooks', 'github', 'stripe']

/** A place of a payload, as `data.items[0].name`; a name with a dot is written `["a.b"]`. */
const payloadPlace = /^(?:(?:^|\.)[^.[\]]+|\[\d+\]|\["[^"]+"\])+$/

/** Source: OpenAPI 3.1.1, section 4.8.20.4. */
const expression =
  /^\$(?:url|method|statusCode|request\.(?:path|query|header)\..+|response\.header\..+|(?:request|response)\.body(?:#\/.*)?)$/

/** Every `x-contract` can be read, so that no promise is lost to a slip of the pen. */
export const extensionInvalid = defineRule({
  code: 'extension-invalid',
  severity: 'error',
  *review({ api, places }) {
    for (const operation of api.operations) {
      for (const { status, relationFaults } of operation.responses) {
        for (const { pointer, says } of relationFaults) {
          yield complaint(`x-contract of ${operation.id} ${status}: ${says}`, pointer, operation.id)
        }
      }
    }
    for (const place of places) {
      if (!Object.hasOwn(place.value, 'x-contract')) continue
      if (place.kind === 'document') yield* reviewRoot(api, place)
      if (place.kind === 'operation') yield* reviewOperation(api, place)
    }
  },
})

function* reviewRoot(api: Api, place: Place): Generator<Complaint> {
  const contract = place.value['x-contract']
  yield* unknownKeys('x-contract', contract, '#/x-contract', known.document)
  if (!isMap(contract)) return
  const { delivery } = contract
  if (delivery !== undefined && !(typeof delivery === 'string' && deliveries.includes(delivery))) {
    const says = `x-contract: ${quoted(delivery)} is not a way to deliver events; there are ${deliveries.join(', ')}`
    yield complaint(says, '#/x-contract/delivery')
  }
  if (contract.resources === undefined) return
  const at = '#/x-contract/resources'
  if (!isMap(contract.resources)) return yield complaint('x-contract: "resources" must be a map of resources', at)
  for (const [name, resource] of Object.entries(contract.resources)) {
    const pointer = `${at}${formatFragment([name])}`
    const label = `x-contract resource ${name}`
    yield* unknownKeys(label, resource, pointer, resourceKeys)
    if (!isMap(resource)) continue
    if ('id' in resource && typeof resource.id !== 'string') {
      yield complaint(`${label}: id is ${quoted(resource.id)}, but must be the name of a property`, `${pointer}/id`)
    }
    for (const role of roles) {
      const id = resource[role]
      if (id === undefined || (typeof id === 'string' && api.operation(id) !== undefined)) continue
      yield complaint(
        `${label}: ${role} is ${quoted(id)}, which is no operationId of the document`,
        `${pointer}/${role}`,
      )
    }
  }
}

function* reviewOperation(api: Api, { value, pointer, name, inCallback }: Place): Generator<Complaint> {
  const contract = value['x-contract']
  const at = `${pointer}/x-contract`
  const label = `x-contract of ${name}`
  yield* unknownKeys(label, contract, at, inCallback ? known.callback : known.operation, name)
  if (!isMap(contract)) return
  if (inCallback) yield* reviewConditions(label, contract.when, `${at}/when`, name)
  else yield* reviewCauses(api, label, contract.causes, pointer, name)
}

function* reviewConditions(label: string, when: unknown, at: string, name: string): Generator<Complaint> {
  if (when === undefined) return
  if (!Array.isArray(when)) {
    yield complaint(`${label}: "when" must be a list of runtime expressions`, at, name)
    return
  }
  for (const [index, text] of when.entries()) yield* reviewExpression(label, text, `${at}/${index}`, name)
}

function* reviewExpression(label: string, text: unknown, at: string, name: string): Generator<Complaint> {
  if (typeof text === 'string' && expression.test(text)) return
  yield complaint(`${label}: ${quoted(text)} is not a runtime expression`, at, name)
}

/** Events that an exchange of an operation makes happen. */
function* reviewCauses(api: Api, label: string, causes: unknown, pointer: string, name: string): Generator<Complaint> {
  if (causes === undefined) return
  const at = `${pointer}/x-contract/causes`
  if (!Array.isArray(causes)) return yield complaint(`${label}: "causes" must be a list of events`, at, name)
  const events = [...api.operations.flatMap(operation => callbacksOf(api, operation)), ...webhooksOf(api)]
  for (const [index, cause] of causes.entries()) {
    const place = `${at}/${index}`
    yield* unknownKeys(label, cause, place, ['event', 'when', 'set'], name)
    if (!isMap(cause)) continue
    if (cause.event === undefined) yield complaint(`${label}: "event" is missing`, place, name)
    else if (!events.some(event => event.name === cause.event)) {
      const says = `${label}: ${quoted(cause.event)} is neither a callback nor a webhook of the document`
      yield complaint(says, `${place}/event`, name)
    }
    yield* reviewConditions(label, cause.when, `${place}/when`, name)
    const operation = api.operations.find(each => each.part.pointer === pointer)
    for (const [index, text] of (Array.isArray(cause.when) ? cause.when : []).entries()) {
      yield* reviewParameter(label, operation, text, `${place}/when/${index}`, name)
    }
    if (cause.set === undefined) continue
    if (!isMap(cause.set)) {
      yield complaint(`${label}: "set" must be a map of places and runtime expressions`, `${place}/set`, name)
      continue
    }
    for (const [path, text] of Object.entries(cause.set)) {
      const of = `${place}/set${formatFragment([path])}`
      if (!payloadPlace.test(path)) {
        yield complaint(`${label}: ${quoted(path)} is no place of a payload, as data.items[0].name`, of, name)
      }
      yield* reviewExpression(label, text, of, name)
      yield* reviewParameter(label, operation, text, of, name)
    }
  }
}

/** An expression that names a parameter of path or query which the operation does not have is never anything. */
function* reviewParameter(
  label: string,
  operation: Operation | undefined,
  text: unknown,
  at: string,
  name: string,
): Generator<Complaint> {
  const [, place, parameter] = /^\$request\.(path|query)\.(.+)$/.exec(String(text)) ?? []
  if (operation === undefined || parameter === undefined) return
  const names = operation.parameters.filter(each => each.in === place).map(each => each.name)
  if (names.includes(parameter)) return
  const instead = names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`
  yield complaint(`${label}: ${quoted(text)} names no ${place} parameter of the operation; ${instead}`, at, name)
}

function* unknownKeys(
  label: string,
  value: unknown,
  pointer: string,
  keys: readonly string[],
  operation?: string,
): Generator<Complaint> {
  if (!isMap(value)) return yield complaint(`${label} must be a map`, pointer, operation)
  for (const key of Object.keys(value)) {
    if (keys.includes(key)) continue
    const instead = keys.length === 0 ? 'nothing is known here' : `known are ${keys.join(', ')}`
    yield complaint(`${label}: "${key}" is unknown; ${instead}`, `${pointer}${formatFragment([key])}`, operation)
  }
}

function complaint(message: string, pointer: string, operation?: string): Complaint {
  return { message, help: 'Compare with the x-contract section of the README.', pointer, operation }
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
