import type { Document } from '../document/index.ts'
import { formatFragment, parsePointer, resolvePointer } from '../finding/index.ts'
import { completeMappings } from './discriminators.ts'

/** A JSON object of the document. */
type Node = Record<string, unknown>

/** A value at its place: `holder[key]` is the value. */
type Slot = { readonly holder: Node; readonly key: string; readonly value: Node; readonly pointer: string }

/** Members that are a schema, a list of them, or a map of them. Source: JSON Schema 2020-12, core, section 10. */
const schemaMembers = new Set(
  'schema items additionalProperties not if then else contains propertyNames unevaluatedItems unevaluatedProperties'.split(
    ' ',
  ),
)
const schemaLists = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems'])
const schemaMaps = new Set(['properties', 'patternProperties', 'dependentSchemas', '$defs', 'schemas'])

/** Members whose own members have names of the author's choice. */
const otherMaps = new Set('responses headers callbacks content requestBodies pathItems parameters encoding'.split(' '))

/** Members that hold values, in which nothing is a reference. */
const values = new Set(['example', 'examples', 'default', 'enum', 'const'])

/**
 * A copy of the document in the form that openapi-typescript translates well. It only knows `paths`, `webhooks` and
 * `components`, so callbacks are listed as webhooks, and a schema that the bundler has put where it was first used is
 * given back the name it has in its own file.
 */
export function translatable(document: Document): Node {
  const root = structuredClone(document.root) as Node
  dropExternalValues(root, new Set())
  const schemas = memberNode(memberNode(root, 'components'), 'schemas')
  const { places, references, defining } = survey(root)
  const targets = new Set(references.map(({ target }) => target))
  const named = new Map<object, string>()

  for (const place of places) {
    const isComponent = place.holder === schemas
    const written = document.files.length > 1 && !isComponent ? document.origin(place.pointer) : undefined
    const wanted = written === undefined ? undefined : nameOf(written)
    if (isComponent) named.set(place.value, place.key)
    else if (targets.has(place.value)) named.set(place.value, free(schemas, wanted ?? titleOf(place)))
    else if (wanted !== undefined && !Object.hasOwn(schemas, wanted)) named.set(place.value, wanted)
    const name = named.get(place.value)
    if (name === undefined || isComponent) continue
    schemas[name] = place.value
    place.holder[place.key] = { $ref: `#/components/schemas${formatFragment([name])}` }
  }
  for (const { holder, key, value, target } of references) {
    const name = named.get(target)
    if (name === undefined) holder[key] = target
    else value.$ref = `#/components/schemas${formatFragment([name])}`
  }
  // The translator would take them for a property. What was referred to is a component now.
  for (const schema of defining) delete schema.$defs
  completeMappings(root)
  listCallbacks(root)
  return root
}

/** Where schemas stand, the references that do not lead to a component, and the schemas with `$defs`. */
function survey(root: Node): { places: Slot[]; references: (Slot & { target: object })[]; defining: Node[] } {
  const places: Slot[] = []
  const defining: Node[] = []
  const references: (Slot & { target: object })[] = []
  const seen = new Set<object>()
  const visit = (node: object, pointer: string, role: 'schema' | 'schemas' | 'map' | 'other'): void => {
    if (seen.has(node)) return
    seen.add(node)
    for (const [key, value] of Object.entries(node)) {
      const isMap = role === 'schemas' || role === 'map'
      if (!isNode(value) && !Array.isArray(value)) continue
      if (!isMap && (values.has(key) || key.startsWith('x-'))) continue
      const at = `${pointer}${formatFragment([key])}`
      const slot = { holder: node as Node, key, value: value as Node, pointer: at }
      if (role === 'schema' && key === '$defs') defining.push(node as Node)
      const target = isNode(value) ? targetOf(root, value) : undefined
      if (target !== undefined) references.push({ ...slot, target })
      const isSchema = role === 'schemas' || (role !== 'map' && schemaMembers.has(key))
      if (isSchema && !('$ref' in value)) places.push(slot)
      if (isSchema) visit(value, at, 'schema')
      else if (isMap) visit(value, at, 'other')
      else if (schemaLists.has(key) || schemaMaps.has(key)) visit(value, at, 'schemas')
      else visit(value, at, otherMaps.has(key) ? 'map' : 'other')
    }
  }
  visit(root, '#', 'other')
  return { places, references, defining }
}

/** What a reference leads to, unless openapi-typescript follows it itself, as it does among components. */
function targetOf(root: Node, node: Node): object | undefined {
  if (typeof node.$ref !== 'string' || !node.$ref.startsWith('#')) return undefined
  const tokens = parsePointer(node.$ref)
  if (tokens[0] === 'components' && !tokens.slice(3).includes('$defs')) return undefined
  const target = resolvePointer(root, tokens)
  if (typeof target !== 'boolean') return typeof target === 'object' && target !== null ? target : undefined
  const written = target ? {} : { not: {} }
  Object.assign(resolvePointer(root, tokens.slice(0, -1)) as Node, { [tokens.at(-1) ?? '']: written })
  return written
}

/** `envelopes.yaml#/QrcodeUpdateEvent` is named QrcodeUpdateEvent, `schemas/pet.yaml` is named pet. */
function nameOf(reference: string): string {
  const [location = '', fragment = ''] = reference.split('#', 2)
  const last = parsePointer(`#${fragment}`).at(-1) ?? /([^/]+?)(?:\.[^./]+)?$/.exec(location)?.[1] ?? ''
  return safe(last)
}

function safe(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]/g, '_')
}

function titleOf({ value, key, pointer }: Slot): string {
  if (parsePointer(pointer).at(-2) === '$defs') return safe(key)
  const title = typeof value.title === 'string' ? value.title.replace(/[^A-Za-z0-9._-]/g, '') : ''
  return title === '' ? 'Schema' : title
}

function free(taken: Node, name: string): string {
  let candidate = name
  for (let number = 2; Object.hasOwn(taken, candidate); number += 1) candidate = `${name}${number}`
  return candidate
}

function listCallbacks(root: Node): void {
  const webhooks = memberNode(root, 'webhooks')
  const listed = new Set<unknown>(Object.values(webhooks))
  for (const pathItem of Object.values(memberNode(root, 'paths'))) {
    for (const operation of Object.values(isNode(pathItem) ? pathItem : {})) {
      if (!isNode(operation) || !isNode(operation.callbacks)) continue
      for (const [name, callback] of Object.entries(operation.callbacks)) {
        for (const called of Object.values(isNode(callback) ? callback : {})) {
          if (!isNode(called) || listed.has(called)) continue
          listed.add(called)
          webhooks[free(webhooks, name)] = called
        }
      }
      delete operation.callbacks
    }
  }
}

/** The translator would fetch what an `externalValue` names; types do not need it. */
function dropExternalValues(node: unknown, seen: Set<object>): void {
  if (typeof node !== 'object' || node === null || seen.has(node)) return
  seen.add(node)
  if ('externalValue' in node && typeof node.externalValue === 'string') delete node.externalValue
  for (const member of Object.values(node)) dropExternalValues(member, seen)
}

/** A member that is an object; it is made when it is not there. */
function memberNode(node: Node, name: string): Node {
  const member = node[name]
  if (isNode(member)) return member
  const made: Node = {}
  node[name] = made
  return made
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
