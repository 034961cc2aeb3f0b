import { parsePointer, resolvePointer } from '../finding/index.ts'

/** A JSON object of the document. */
type Node = Record<string, unknown>

/**
 * Writes down in every mapping, in place, what the translator would guess from the names of components: it compares
 * references letter by letter, knows no names that a schema lists itself, and fails on what leads nowhere.
 *
 * @param root a document in which every schema that is referred to is a component
 */
export function completeMappings(root: Node): void {
  const heirs = heirsByBase(root)
  for (const schema of discriminatedIn(root, new Set())) {
    const { discriminator } = schema
    const union = Array.isArray(schema.oneOf) ? schema.oneOf : Array.isArray(schema.anyOf) ? schema.anyOf : undefined
    const named = union?.map(refOf) ?? heirs.get(schema) ?? []
    const mapping = settled(root, isNode(discriminator.mapping) ? discriminator.mapping : {}, named)
    const mapped = new Set(Object.values(mapping))
    for (const ref of named) {
      if (ref === undefined || mapped.has(ref)) continue
      for (const name of namesOf(root, schema, ref, discriminator.propertyName)) mapping[name] ??= ref
    }
    if (Object.keys(mapping).length > 0) discriminator.mapping = mapping
    else delete discriminator.mapping
  }
}

type Discriminated = Node & { readonly discriminator: Node & { readonly propertyName: string } }

function* discriminatedIn(node: unknown, seen: Set<object>): Generator<Discriminated> {
  if (typeof node !== 'object' || node === null || seen.has(node)) return
  seen.add(node)
  if (typeof resolvePointer(node, ['discriminator', 'propertyName']) === 'string') yield node as Discriminated
  for (const member of Object.values(node)) yield* discriminatedIn(member, seen)
}

/** A mapping in which everything leads somewhere, by the same reference as the alternatives. */
function settled(root: Node, mapping: Node, named: readonly (string | undefined)[]): Node {
  const found = Object.entries(mapping).flatMap(([name, target]) => {
    const schema = typeof target === 'string' ? followed(root, { $ref: target }) : undefined
    if (schema === undefined) return []
    return [[name, named.find(ref => ref !== undefined && followed(root, { $ref: ref }) === schema) ?? target]]
  })
  return Object.fromEntries(found)
}

/** The names of a schema that its own are not: those that it lists, or is called by elsewhere. */
function namesOf(root: Node, base: Node, ref: string, property: string): string[] {
  const listed = listedIn(root, { $ref: ref }, property, new Set([base]))
  const schema = followed(root, { $ref: ref })
  const stated = [schema?.['x-ms-discriminator-value'] ?? schema?.['x-contrato-names']].flat()
  return (listed.length > 0 ? listed : stated).filter(name => typeof name === 'string')
}

function listedIn(root: Node, written: unknown, property: string, seen: Set<unknown>): unknown[] {
  const schema = followed(root, written)
  if (schema === undefined || seen.has(schema)) return []
  seen.add(schema)
  const own = followed(root, resolvePointer(schema, ['properties', property]))
  if (own?.const !== undefined) return [own.const]
  if (Array.isArray(own?.enum)) return own.enum
  const parts = Array.isArray(schema.allOf) ? schema.allOf : []
  return parts.map(part => listedIn(root, part, property, seen)).find(values => values.length > 0) ?? []
}

/** The components that are put together with a schema. */
function heirsByBase(root: Node): Map<unknown, string[]> {
  const found = new Map<unknown, string[]>()
  const schemas = resolvePointer(root, ['components', 'schemas'])
  for (const [name, schema] of Object.entries(isNode(schemas) ? schemas : {})) {
    const parts = resolvePointer(schema, ['allOf'])
    for (const part of Array.isArray(parts) ? parts : []) {
      const base = refOf(part) === undefined ? undefined : followed(root, part)
      if (base !== undefined) found.set(base, [...(found.get(base) ?? []), `#/components/schemas/${name}`])
    }
  }
  return found
}

function followed(root: Node, written: unknown): Node | undefined {
  let here = written
  for (let hops = 0; hops < 100 && isNode(here) && typeof here.$ref === 'string'; hops += 1) {
    here = here.$ref.startsWith('#') ? resolvePointer(root, parsePointer(here.$ref)) : undefined
  }
  return isNode(here) ? here : undefined
}

function refOf(value: unknown): string | undefined {
  const ref = resolvePointer(value, ['$ref'])
  return typeof ref === 'string' ? ref : undefined
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
