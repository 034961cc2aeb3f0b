import { formatFragment, parsePointer, resolvePointer } from '../finding/index.ts'

/** A JSON object of the document. */
export type Node = Readonly<Record<string, unknown>>

/** The kinds of object that an OpenAPI description is made of, as far as a rule asks for them. */
export type Kind =
  | 'document'
  | 'components'
  | 'path-item'
  | 'operation'
  | 'callback'
  | 'request-body'
  | 'response'
  | 'parameter'
  | 'header'
  | 'media-type'
  | 'encoding'
  | 'schema'

/** An object of the document that has a meaning of its own. */
export type Place = {
  readonly kind: Kind
  /** As it stands: when it is a reference, it is not followed. */
  readonly value: Node
  readonly pointer: string
  /** For people: `createWebhook 201`, `parameter limit of listWebhooks`, `url in WebhookCreate`. */
  readonly name: string
  /** The operation it belongs to; a component belongs to none. */
  readonly operation: string | undefined
  /** Whether it is sent or answered, where that is known. */
  readonly side: 'request' | 'response' | undefined
  /** Whether the receiver of events has to do with it, and not the API. */
  readonly inCallback: boolean
  /** The way from the outermost schema to this one: `.tags[].name`. */
  readonly trail: string
  /** The schema around a schema. */
  readonly above: Place | undefined
}

type Form = 'one' | 'list' | 'map'
type Shape = Readonly<Record<string, readonly [Form, Kind]>>

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query']
const content = { content: ['map', 'media-type'] } as const
const all = (names: string, form: Form, kind: Kind) =>
  Object.fromEntries(names.split(' ').map(name => [name, [form, kind] as const]))

/** Which members of each kind hold which other kinds. Source: OpenAPI 3.1.1, section 4.8, and JSON Schema 2020-12. */
const shapes: Readonly<Record<Kind, Shape>> = {
  document: {
    paths: ['map', 'path-item'],
    webhooks: ['map', 'path-item'],
    components: ['one', 'components'],
  },
  components: {
    schemas: ['map', 'schema'],
    responses: ['map', 'response'],
    parameters: ['map', 'parameter'],
    requestBodies: ['map', 'request-body'],
    headers: ['map', 'header'],
    callbacks: ['map', 'callback'],
    pathItems: ['map', 'path-item'],
    mediaTypes: ['map', 'media-type'],
  },
  'path-item': {
    parameters: ['list', 'parameter'],
    ...all(methods.join(' '), 'one', 'operation'),
    additionalOperations: ['map', 'operation'],
  },
  operation: {
    parameters: ['list', 'parameter'],
    requestBody: ['one', 'request-body'],
    responses: ['map', 'response'],
    callbacks: ['map', 'callback'],
  },
  callback: {},
  'request-body': content,
  response: { headers: ['map', 'header'], ...content },
  parameter: { schema: ['one', 'schema'], ...content },
  header: { schema: ['one', 'schema'], ...content },
  'media-type': { schema: ['one', 'schema'], encoding: ['map', 'encoding'] },
  encoding: { headers: ['map', 'header'] },
  schema: {
    ...all(
      'items additionalProperties not if then else contains propertyNames unevaluatedItems unevaluatedProperties',
      'one',
      'schema',
    ),
    ...all('allOf anyOf oneOf prefixItems', 'list', 'schema'),
    ...all('properties patternProperties dependentSchemas $defs', 'map', 'schema'),
  },
}

/**
 * Every place of a document, once, in document order. What only a reference leads to, outside `components`, comes last.
 */
export function placesOf(root: Node): Place[] {
  const places: Place[] = []
  const seen = new Set<object>()
  const referenced: Place[] = []

  const visit = (place: Place): void => {
    if (seen.has(place.value)) return
    seen.add(place.value)
    places.push(place)
    if (typeof place.value.$ref === 'string') referenced.push(place)
    for (const { member, kind, key, value, pointer } of membersOf(place)) {
      visit(describe(place, { member, kind, key, value, pointer }))
    }
  }
  visit({ ...nowhere, kind: 'document', value: root, pointer: '#', name: '' })
  for (const place of referenced) {
    const tokens = parsePointer(String(place.value.$ref))
    const value = resolvePointer(root, tokens)
    if (isNode(value)) visit({ ...place, value, pointer: `#${formatFragment(tokens)}` })
  }
  return places
}

const nowhere = { operation: undefined, side: undefined, inCallback: false, trail: '', above: undefined } as const

type Member = { member: string; kind: Kind; key: string; value: Node; pointer: string }

function* membersOf(place: Place): Generator<Member> {
  if (place.kind === 'callback') {
    for (const [key, value] of Object.entries(place.value)) {
      if (key.startsWith('x-') || !isNode(value)) continue
      yield { member: key, kind: 'path-item', key, value, pointer: `${place.pointer}${formatFragment([key])}` }
    }
    return
  }
  const shape = shapes[place.kind]
  for (const [member, value] of Object.entries(place.value)) {
    const [form, kind] = Object.hasOwn(shape, member) ? (shape[member] as readonly [Form, Kind]) : []
    if (form === undefined || kind === undefined || typeof value !== 'object' || value === null) continue
    const pointer = `${place.pointer}${formatFragment([member])}`
    if (form === 'one') {
      if (isNode(value)) yield { member, kind, key: '', value, pointer }
      continue
    }
    for (const [key, item] of Object.entries(value)) {
      if (!isNode(item) || (kind !== 'schema' && key.startsWith('x-'))) continue
      yield { member, kind, key, value: item, pointer: `${pointer}${formatFragment([key])}` }
    }
  }
}

const sides: Partial<Record<Kind, Place['side']>> = {
  'request-body': 'request',
  parameter: 'request',
  response: 'response',
}

/** A member as a place of its own: what it is called, and what it takes over from the place around it. */
function describe(up: Place, found: Member): Place {
  const { kind, key, value, pointer } = found
  const side = sides[kind] ?? up.side
  // What only `components` hold may be meant for a callback, so it is taken for one.
  const inCallback = up.inCallback || kind === 'callback' || (kind === 'path-item' && found.member !== 'paths')
  const place = { ...up, kind, value, pointer, side, inCallback, above: undefined }
  if (up.kind === 'components') return { ...place, name: kind === 'schema' ? key : `${kind.replace('-', ' ')} ${key}` }
  switch (kind) {
    case 'path-item':
    case 'callback':
      return { ...place, name: key }
    case 'operation': {
      const id = typeof value.operationId === 'string' ? value.operationId : undefined
      const operation = id ?? `${key === '' ? found.member.toUpperCase() : key} ${up.name}`
      return { ...place, name: operation, operation }
    }
    case 'request-body':
      return { ...place, name: `${up.name} request` }
    case 'response':
      return { ...place, name: `${up.name} ${key}` }
    case 'parameter':
      return { ...place, name: `parameter ${String(value.name)} of ${up.name}` }
    case 'header':
      return { ...place, name: `header ${key} of ${up.name}` }
    case 'media-type':
      return { ...place, name: isOnlyJson(up, key) ? up.name : `${up.name} (${key})` }
    case 'schema':
      return up.kind === 'schema' ? insideOf(up, place, stepOf(found.member, key)) : place
    default:
      return place
  }
}

function isOnlyJson(owner: Place, mediaType: string): boolean {
  const documented = isNode(owner.value.content) ? Object.keys(owner.value.content) : []
  return documented.length === 1 && mediaType === 'application/json'
}

/** `url in WebhookCreate`, `items.name in Pets`; a part of a composition is called as the whole. */
function insideOf(up: Place, place: Place, step: string): Place {
  const trail = up.trail + step
  const outermost = up.trail === '' ? up.name : up.name.slice(up.name.indexOf(' in ') + ' in '.length)
  const inner = trail.startsWith('.') ? trail.slice(1) : trail.replace('[]', 'items')
  return { ...place, name: trail === '' ? up.name : `${inner} in ${outermost}`, trail, above: up }
}

function stepOf(member: string, key: string): string {
  switch (member) {
    case 'properties':
    case 'dependentSchemas':
    case '$defs':
      return `.${key}`
    case 'patternProperties':
      return `./${key}/`
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return '.*'
    case 'items':
    case 'prefixItems':
    case 'contains':
      return '[]'
    default:
      return ''
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
