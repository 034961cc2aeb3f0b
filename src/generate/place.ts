import type { Schema } from '../model/index.ts'
import { type Applying, inherited } from './discriminator.ts'
import { fakerOf } from './faker.ts'
import { isDeep, isOfType, isOnly, listOf, recordOf, typesIn, typesOf, valuesOf } from './keywords.ts'
import { limits, tooMuch } from './limits.ts'
import { listIn, noList } from './list.ts'
import { fits, type JsonType, type Member, regex, type Shape, typeOf } from './shape.ts'
import { inside, isRecord, memberOf, type Source } from './source.ts'

/** Who writes out the places inside of a place. */
export type Writer = {
  readonly root: unknown
  readonly side: Schema['side']
  /** Whether a required member is made that is impossible: as it would be without its list of values, else null. */
  readonly isLenient: boolean
  /** @returns `undefined` when nothing can match all of the sources */
  shape(sources: readonly Source[], name: string, depth: number): Shape | undefined
  /** Keeps why nothing matches. */
  fail(says: string): undefined
}

const nothing: Source = { value: { const: null }, pointer: '#nothing', trail: undefined }

/** One place, of schemas that all apply and leave nothing to choose. */
export function place(writer: Writer, applying: readonly Applying[], name: string, depth: number): Shape | undefined {
  const at = applying.find(({ pointer }) => pointer !== '')?.pointer ?? ''
  const sources = [...applying, ...inherited(applying)]
  const nots = sources.flatMap(source => notsOf(writer.root, source))
  if (nots.some(not => not.value === true || (isRecord(not.value) && Object.keys(not.value).length === 0)))
    return writer.fail(`${at} allows nothing`)
  const barred = nots.flatMap(({ value }) => (isOnly(value, 'type') ? typesIn(value) : []))
  const documented = typesOf(sources)?.filter(type => !barred.includes(type))
  if (documented?.length === 0) return writer.fail(`${at} demands several types at once`)
  const excluded = nots.flatMap(({ value }) =>
    isOnly(value, 'const')
      ? [JSON.stringify(memberOf(value, 'const'))]
      : isOnly(value, 'enum')
        ? (memberOf(value, 'enum') as unknown[]).map(one => JSON.stringify(one))
        : [],
  )
  const values = valuesOf(sources)?.filter(
    value => isOfType(value, documented) && !excluded.includes(JSON.stringify(value)),
  )
  if (values?.length === 0) return writer.fail(`${at} lists no value that everything else there allows`)
  const all = (keyword: string): unknown[] =>
    sources.map(({ value }) => memberOf(value, keyword)).filter(value => value !== undefined)
  const numbers = (keyword: string): number[] => all(keyword).filter(value => typeof value === 'number')
  const texts = (keyword: string): string[] => all(keyword).filter(value => typeof value === 'string')
  const highest = (keyword: string, otherwise: number): number => Math.max(otherwise, ...numbers(keyword))
  const lowest = (keyword: string): number => Math.min(Number.POSITIVE_INFINITY, ...numbers(keyword))

  let types =
    documented ??
    (values === undefined ? inferred(sources, barred) : [...new Set(values.flatMap(value => typeOf(value) ?? []))])
  const isScalar = values !== undefined
  const avoided = new Set([...applying.flatMap(source => source.avoided ?? []), ...nots.flatMap(soleRequired)])
  const object = !isScalar && types.includes('object') ? objectOf(writer, sources, avoided, name, depth) : noObject
  if (object === undefined) types = types.filter(type => type !== 'object')
  const list = !isScalar && types.includes('array') ? listIn(writer, sources, name, depth) : noList
  if (list === undefined) types = types.filter(type => type !== 'array')
  const letters = highest('minLength', 0)
  if (types.includes('string') && !isScalar && letters > limits.letters) {
    tooMuch(writer, sources, `${letters} characters`, limits.letters)
    types = types.filter(type => type !== 'string')
  }
  if (types.length === 0) return undefined
  const least = Math.max(highest('minimum', Number.NEGATIVE_INFINITY), highest('exclusiveMinimum', -Infinity))
  const most = Math.min(lowest('maximum'), lowest('exclusiveMaximum'))
  const shape: Shape = {
    pointer: at,
    name,
    types,
    values,
    excluded,
    examples: ownExamples(writer, sources),
    faker: fakerOf(sources),
    text: {
      least: letters,
      most: lowest('maxLength'),
      patterns: [...new Set(texts('pattern'))],
      formats: [...new Set(texts('format'))],
      encoding: texts('contentEncoding')[0],
      content: types.includes('string') ? contentOf(writer, sources, name, depth) : undefined,
    },
    number: {
      least,
      most,
      isLeastExclusive: numbers('exclusiveMinimum').includes(least),
      isMostExclusive: numbers('exclusiveMaximum').includes(most),
      steps: numbers('multipleOf').filter(step => step > 0),
      formats: texts('format'),
    },
    list: list ?? noList,
    object: object ?? noObject,
  }
  const hinted = all('x-hint').find(value => fits(shape, value))
  return hinted === undefined ? shape : { ...shape, values: [hinted] }
}

function objectOf(
  writer: Writer,
  sources: readonly Applying[],
  avoided: ReadonlySet<string>,
  name: string,
  depth: number,
): Shape['object'] | undefined {
  const required = new Set(sources.flatMap(({ value }) => listOf(memberOf(value, 'required'))))
  const declared = sources.flatMap(({ value }) => Object.keys(recordOf(memberOf(value, 'properties'))))
  const spoilt = Object.assign({}, ...sources.map(source => source.spoilt ?? {}))
  const members: Member[] = []
  for (const member of new Set([...declared, ...required, ...Object.keys(spoilt)])) {
    const needed = required.has(member)
    if (!needed && avoided.has(member)) continue
    const found = memberSources(writer, sources, member, declared)
    if (found === undefined) {
      if (!needed) continue
      return writer.fail(`${sources[0]?.pointer} requires ${JSON.stringify(member)} and forbids it`)
    }
    if (Object.hasOwn(spoilt, member)) found.push({ value: spoilt[member], pointer: '#spoilt', trail: undefined })
    if (isOfOtherSide(writer, found) && !Object.hasOwn(spoilt, member)) continue
    if (!needed && depth <= 0 && found.some(isDeep)) continue
    const shape =
      writer.shape(found, member, depth - 1) ??
      (needed && writer.isLenient ? nearestShape(writer, found, member, depth - 1) : undefined)
    if (shape !== undefined) members.push({ name: member, shape, required: needed || Object.hasOwn(spoilt, member) })
    else if (needed) return undefined
  }
  const hasNames = sources.some(({ value }) => memberOf(value, 'propertyNames') !== undefined)
  const names = hasNames
    ? writer.shape(
        sources.flatMap(source => inside(writer.root, source, 'propertyNames')),
        'name',
        0,
      )
    : undefined
  const numbers = (keyword: string): number[] =>
    sources.map(({ value }) => memberOf(value, keyword)).filter(value => typeof value === 'number')
  const byPattern = sources.flatMap(source =>
    Object.keys(recordOf(memberOf(source.value, 'patternProperties'))).flatMap(pattern => {
      const inner = inside(writer.root, source, 'patternProperties', pattern)
      if (depth <= 0 && inner.some(isDeep)) return []
      const shape = writer.shape(inner, name, depth - 1)
      return shape === undefined ? [] : [{ pattern, shape }]
    }),
  )
  const least = Math.max(0, ...numbers('minProperties'))
  if (least > limits.members) return tooMuch(writer, sources, `${least} members`, limits.members)
  return {
    members,
    others: othersOf(writer, sources, name, depth, members.length < least),
    byPattern,
    names,
    least,
    most: Math.min(Number.POSITIVE_INFINITY, ...numbers('maxProperties')),
    together: togetherIn(sources),
    avoided,
  }
}

/** What stands in the place of the impossible: a value of the right type breaks fewer receivers than null does. */
function nearestShape(writer: Writer, sources: readonly Source[], name: string, depth: number): Shape | undefined {
  const open = sources.map(source => {
    if (!isRecord(source.value)) return source
    const { enum: _, const: __, ...value } = source.value
    return { ...source, value }
  })
  return writer.shape(open, name, depth) ?? writer.shape([nothing], '', 0)
}

/** What applies to a member of this name; `undefined` when there must be none. */
function memberSources(
  writer: Writer,
  sources: readonly Applying[],
  name: string,
  declared: readonly string[],
): Source[] | undefined {
  const found: Source[] = []
  for (const source of sources) {
    const { value } = source
    const own = inside(writer.root, source, 'properties', name)
    const matching = Object.keys(recordOf(memberOf(value, 'patternProperties'))).filter(
      pattern => regex(pattern)?.test(name) === true,
    )
    found.push(...own, ...matching.flatMap(pattern => inside(writer.root, source, 'patternProperties', pattern)))
    if (Object.hasOwn(recordOf(memberOf(value, 'properties')), name) || matching.length > 0) continue
    if (memberOf(value, 'additionalProperties') === false) return undefined
    found.push(...inside(writer.root, source, 'additionalProperties'))
    if (memberOf(value, 'unevaluatedProperties') === false && !declared.includes(name)) return undefined
  }
  return found
}

/** What belongs to the other side is left out, required or not. Source: OpenAPI 3.0.4, section 4.7.24.2. */
function isOfOtherSide(writer: Writer, sources: readonly Source[]): boolean {
  if (writer.side === undefined) return false
  const keyword = writer.side === 'response' ? 'writeOnly' : 'readOnly'
  return sources.some(({ value }) => memberOf(value, keyword) === true)
}

function othersOf(
  writer: Writer,
  sources: readonly Applying[],
  name: string,
  depth: number,
  needed: boolean,
): Shape | undefined {
  const given = sources.map(({ value }) => memberOf(value, 'additionalProperties'))
  if (given.includes(false) || sources.some(({ value }) => memberOf(value, 'unevaluatedProperties') === false))
    return undefined
  const additional = sources.flatMap(source => inside(writer.root, source, 'additionalProperties'))
  const described =
    additional.length > 0 ? additional : sources.flatMap(source => inside(writer.root, source, 'unevaluatedProperties'))
  if (!needed && (!described.some(({ value }) => isRecord(value)) || (depth <= 0 && described.some(isDeep))))
    return undefined
  return writer.shape(described, name, depth - 1)
}

/** Source: JSON Schema 2020-12, validation, section 8.5. */
function contentOf(writer: Writer, sources: readonly Applying[], name: string, depth: number): Shape | undefined {
  const described = sources.flatMap(source => inside(writer.root, source, 'contentSchema'))
  if (described.length === 0) return undefined
  const mediaType = sources.map(({ value }) => memberOf(value, 'contentMediaType')).find(one => typeof one === 'string')
  return /[/+]json\s*(;|$)/i.test(String(mediaType)) ? writer.shape(described, name, depth - 1) : undefined
}

const noObject: Shape['object'] = {
  members: [],
  others: undefined,
  byPattern: [],
  names: undefined,
  least: 0,
  most: Number.POSITIVE_INFINITY,
  together: new Map(),
  avoided: new Set(),
}

/** What a schema without a type is about. */
function inferred(sources: readonly Source[], barred: readonly JsonType[]): JsonType[] {
  const has = (...keywords: string[]): boolean =>
    sources.some(({ value }) => keywords.some(keyword => memberOf(value, keyword) !== undefined))
  const guesses: JsonType[] = [
    ...(has('properties', 'required', 'additionalProperties', 'patternProperties', 'minProperties', 'propertyNames')
      ? ['object' as const]
      : []),
    ...(has('items', 'prefixItems', 'contains', 'minItems', 'maxItems', 'uniqueItems') ? ['array' as const] : []),
    ...(has('minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf') ? ['number' as const] : []),
    ...(has('pattern', 'format', 'minLength', 'maxLength', 'contentEncoding') ? ['string' as const] : []),
  ]
  const [guess] = guesses.filter(type => !barred.includes(type))
  if (guess !== undefined) return [guess]
  const open: JsonType[] = sources.length <= 1 && sources[0]?.trail === undefined ? ['object', 'string'] : ['string']
  const left = [...open, 'integer', 'boolean', 'null', 'array', 'object'].filter(
    type => !barred.includes(type as JsonType),
  ) as JsonType[]
  return left.slice(0, 1)
}

function notsOf(root: unknown, source: Source): Source[] {
  return inside(root, source, 'not').flatMap(not =>
    Array.isArray(memberOf(not.value, 'anyOf')) && isOnly(not.value, 'anyOf')
      ? (memberOf(not.value, 'anyOf') as unknown[]).map((value, at) => ({
          ...not,
          value,
          pointer: `${not.pointer}/${at}`,
        }))
      : [not],
  )
}

/** The names that must not be there: those of a `not` that does nothing but require one. */
function soleRequired({ value }: Source): string[] {
  const names = listOf(memberOf(value, 'required'))
  return isOnly(value, 'required') && names.length > 0 ? names.slice(0, 1) : []
}

function togetherIn(sources: readonly Source[]): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>()
  for (const { value } of sources) {
    for (const [name, others] of Object.entries(recordOf(memberOf(value, 'dependentRequired'))))
      found.set(name, [...(found.get(name) ?? []), ...listOf(others)])
  }
  return found
}

/** The documented values, without the members that only the other side sends. */
function ownExamples(writer: Writer, sources: readonly Applying[]): unknown[] {
  const examples = sources.flatMap(({ value }) => examplesIn(value))
  if (writer.side === undefined || !examples.some(isRecord)) return examples
  const isHidden = (name: string): boolean =>
    isOfOtherSide(
      writer,
      sources.flatMap(source => inside(writer.root, source, 'properties', name)),
    )
  return examples.map(example => {
    if (!isRecord(example) || !Object.keys(example).some(isHidden)) return example
    return Object.fromEntries(Object.entries(example).filter(([name]) => !isHidden(name)))
  })
}

function examplesIn(schema: unknown): unknown[] {
  const many = memberOf(schema, 'examples')
  return [memberOf(schema, 'example'), ...(Array.isArray(many) ? many : []), memberOf(schema, 'default')].filter(
    value => value !== undefined,
  )
}
