import { formatFragment } from '../../finding/index.ts'
import { type Api, callbacksOf, webhooksOf } from '../../model/index.ts'
import { quoted } from '../judge.ts'
import type { Place } from '../places.ts'
import { type Complaint, defineRule } from '../rule.ts'

/** What each place may say under `x-contract`; responses are read by the model. */
const known = { document: ['resources', 'delivery'], callback: ['when'], operation: ['causes'] } as const

/** The roles that operations play for a resource, and the property that identifies it. */
const roles = ['create', 'list', 'read', 'update', 'replace', 'remove']
const resourceKeys = ['id', ...roles]

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
  if (!isMap(contract) || contract.resources === undefined) return
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
  else yield* reviewCauses(api, label, contract.causes, `${at}/causes`, name)
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
function* reviewCauses(api: Api, label: string, causes: unknown, at: string, name: string): Generator<Complaint> {
  if (causes === undefined) return
  if (!Array.isArray(causes)) return yield complaint(`${label}: "causes" must be a list of events`, at, name)
  const events = [...api.operations.flatMap(operation => callbacksOf(api, operation)), ...webhooksOf(api)]
  for (const [index, cause] of causes.entries()) {
    const place = `${at}/${index}`
    yield* unknownKeys(label, cause, place, ['event', 'when', 'set'], name)
    if (!isMap(cause)) continue
    if (!events.some(event => event.name === cause.event)) {
      const says = `${label}: ${quoted(cause.event)} is neither a callback nor a webhook of the document`
      yield complaint(says, 'event' in cause ? `${place}/event` : place, name)
    }
    yield* reviewConditions(label, cause.when, `${place}/when`, name)
    if (cause.set === undefined) continue
    if (!isMap(cause.set)) {
      yield complaint(`${label}: "set" must be a map of places and runtime expressions`, `${place}/set`, name)
      continue
    }
    for (const [path, text] of Object.entries(cause.set)) {
      yield* reviewExpression(label, text, `${place}/set${formatFragment([path])}`, name)
    }
  }
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
