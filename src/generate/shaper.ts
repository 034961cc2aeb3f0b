import { formatPointer, parsePointer } from '../finding/index.ts'
import type { Schema } from '../model/index.ts'
import { type FakerCall, fakerCall } from './faker.ts'
import { hash } from './seed.ts'
import { fits, type JsonType, type Member, regex, type Shape, typeOf } from './shape.ts'
import { follow, inside, isEndless, isRecord, memberOf, type Source } from './source.ts'

/** What decides how a schema is written out. */
export type Way = {
  /** Levels of objects and arrays that are written out in full; below, only what is required is. */
  readonly depth: number
  /** Which of several alternatives is taken, counted round and round. */
  readonly pick: number
  /** Whose message the value is in: what belongs to the other side only is left out. */
  readonly side: Schema['side']
}

/** A schema written out, or why that is not possible. */
export type Shaping =
  | { readonly shape: Shape; readonly size: number }
  | { readonly shape: undefined; readonly says: string }

/** Up to this pick alternatives are taken in turn; later ones mix them, and make sure that no second one matches. */
export const turns = 4

/** Places after which a schema counts as too large to be written out. */
const maxSize = 20_000

/** Combinations of alternatives that are tried for a whole schema. */
const maxTries = 2_000

/** Most that is made of anything, whatever a schema demands. */
const limits = { items: 1_000, members: 1_000, letters: 100_000 }

/** Puts together all that a schema says of a value: see {@link Shape}. */
export function shapeOf(root: unknown, schema: { value: unknown; pointer: string }, way: Way): Shaping {
  const shaper = new Shaper(root, way)
  const shape = shaper.shape(follow(root, schema.value, schema.pointer, undefined), '', way.depth)
  return shape === undefined ? { shape, says: shaper.says } : { shape, size: shaper.size }
}

/** A schema that applies, with what was decided about it. */
type Applying = Source & { readonly avoided?: readonly string[]; readonly spoilt?: Readonly<Record<string, unknown>> }

/** Alternatives of which one is to be taken. */
type Union = { readonly owner: Source; readonly keyword: 'anyOf' | 'oneOf'; readonly branches: readonly Source[][] }

class Shaper {
  /** Places that were written out. */
  size = 0
  /** Why the last thing that failed did. */
  says = 'nothing is accepted'
  readonly #root: unknown
  readonly #way: Way
  #tries = 0

  constructor(root: unknown, way: Way) {
    this.#root = root
    this.#way = way
  }

  /** @returns `undefined` when nothing can match all of the sources */
  shape(sources: readonly Source[], name: string, depth: number): Shape | undefined {
    this.size += 1
    if (this.size > maxSize) return this.#fail('it is too large to be written out')
    const applying: Applying[] = []
    const unions: Union[] = []
    for (const source of sources) if (!this.#gather(source, applying, unions)) return undefined
    return this.#solve(applying, unions, name, depth)
  }

  #fail(says: string): undefined {
    this.says = says
    return undefined
  }

  /** Collects what applies together with a source. */
  #gather(source: Source, applying: Applying[], unions: Union[]): boolean {
    const { value, pointer } = source
    if (value === false) return this.#fail(`${pointer} allows nothing`) ?? false
    if (!isRecord(value)) return true
    if (isEndless(source)) return this.#fail(`${pointer} requires itself, without an end`) ?? false
    if (applying.some(known => known.pointer === pointer)) return true
    applying.push(source)
    const gatherAll = (...tokens: (string | number)[]): boolean =>
      inside(this.#root, source, ...tokens).every(inner => this.#gather(inner, applying, unions))
    const count = Array.isArray(value.allOf) ? value.allOf.length : 0
    for (let at = 0; at < count; at += 1) if (!gatherAll('allOf', at)) return false
    for (const name of Object.keys(isRecord(value.dependentSchemas) ? value.dependentSchemas : {}))
      if (!gatherAll('dependentSchemas', name)) return false
    for (const keyword of ['anyOf', 'oneOf'] as const) {
      const branches = memberOf(value, keyword)
      if (!Array.isArray(branches)) continue
      unions.push({
        owner: source,
        keyword,
        branches: branches.map((_, at) => inside(this.#root, source, keyword, at)),
      })
    }
    if (value.if !== undefined) {
      const met = [...inside(this.#root, source, 'if'), ...inside(this.#root, source, 'then')]
      const unmet = inside(this.#root, source, 'else')
      unions.push({ owner: { ...source, value: {} }, keyword: 'anyOf', branches: [met, unmet] })
    }
    const heirs = this.#heirs(source)
    if (heirs !== undefined && !applying.some(known => heirs.some(([heir]) => heir?.pointer === known.pointer)))
      unions.push({ owner: source, keyword: 'anyOf', branches: heirs })
    return true
  }

  /** The schemas that a discriminator without alternatives names: they extend the one that it stands in. */
  #heirs(source: Source): Source[][] | undefined {
    const value = source.value as Record<string, unknown>
    const mapping = memberOf(value.discriminator, 'mapping')
    if (!isRecord(mapping) || value.oneOf !== undefined || value.anyOf !== undefined) return undefined
    const heirs = Object.values(mapping)
      .filter(target => typeof target === 'string')
      .map(target => follow(this.#root, { $ref: refOf(target) }, '', source.trail))
      .filter(([heir]) => heir !== undefined && heir.pointer !== source.pointer && !isEndless(heir))
    return heirs.length === 0 ? undefined : heirs
  }

  /** Takes one of each alternatives and goes back to another where that leads nowhere. */
  #solve(applying: readonly Applying[], unions: readonly Union[], name: string, depth: number): Shape | undefined {
    const [union, ...rest] = unions
    if (union === undefined) return this.#build(applying, name, depth)
    if (union.branches.length === 0) return this.#fail(`${union.owner.pointer}/${union.keyword} has no alternatives`)
    for (const branch of this.#inOrder(union, depth)) {
      this.#tries += 1
      if (this.#tries > maxTries) return this.#fail('it has too many combinations of alternatives')
      const together = [...applying]
      const further = [...rest]
      if (!branch.every(source => this.#gather(source, together, further))) continue
      if (!isPossible(together)) {
        this.says = `no alternative of ${union.owner.pointer}/${union.keyword} goes with what stands beside it`
        continue
      }
      together.push(...this.#decisions(union, branch, together))
      const shape = this.#solve(together, further, name, depth)
      if (shape !== undefined) return shape
    }
    return undefined
  }

  #inOrder({ owner, branches }: Union, depth: number): readonly (readonly Source[])[] {
    const isNull = (branch: readonly Source[]): boolean =>
      branch.some(({ value }) => memberOf(value, 'type') === 'null')
    const valued = branches.filter(branch => !isNull(branch))
    const shallow = depth > 0 ? valued : valued.filter(branch => !branch.some(isDeep))
    const first = shallow.length > 0 ? shallow : valued
    const { pick } = this.#way
    const start = (pick < turns ? pick : hash(pick, owner.pointer)) % Math.max(1, first.length)
    const rotated = [...first.slice(start), ...first.slice(0, start)]
    return [...rotated, ...valued.filter(branch => !first.includes(branch)), ...branches.filter(isNull)]
  }

  /** What a taken alternative means for the rest: its name in the discriminator, and that no other one matches too. */
  #decisions(union: Union, branch: readonly Source[], together: readonly Applying[]): Applying[] {
    const found: Applying[] = []
    for (const { value } of together) {
      const discriminator = memberOf(value, 'discriminator')
      const property = memberOf(discriminator, 'propertyName')
      const heir = branch.find(({ pointer }) => pointer.startsWith('#/'))
      if (value !== union.owner.value || typeof property !== 'string' || heir === undefined) continue
      found.push(hint(property, nameIn(discriminator, heir.pointer)))
    }
    if (union.keyword !== 'oneOf') return found
    const own = new Set(branch.flatMap(({ value }) => Object.keys(recordOf(memberOf(value, 'properties')))))
    const needed = new Set(together.flatMap(({ value }) => listOf(memberOf(value, 'required'))))
    const strict = this.#way.pick >= turns
    const avoided: string[] = []
    const spoilt: Record<string, unknown> = {}
    for (const other of union.branches) {
      if (other === branch) continue
      const required = other.flatMap(({ value }) => listOf(memberOf(value, 'required')))
      const missing = required.find(name => !needed.has(name) && (strict || !own.has(name)))
      if (missing !== undefined) avoided.push(missing)
      else if (strict) Object.assign(spoilt, spoiling(other, own))
    }
    return [...found, { value: {}, pointer: '', trail: undefined, avoided, spoilt }]
  }

  #build(applying: readonly Applying[], name: string, depth: number): Shape | undefined {
    const at = applying.find(({ pointer }) => pointer !== '')?.pointer ?? ''
    const sources = [...applying, ...this.#inherited(applying)]
    const nots = sources.flatMap(source => notsOf(this.#root, source))
    if (nots.some(not => not.value === true || (isRecord(not.value) && Object.keys(not.value).length === 0)))
      return this.#fail(`${at} allows nothing`)
    const barred = nots.flatMap(({ value }) => (isOnly(value, 'type') ? typesIn(value) : []))
    const documented = typesOf(sources)?.filter(type => !barred.includes(type))
    if (documented?.length === 0) return this.#fail(`${at} demands several types at once`)
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
    if (values?.length === 0) return this.#fail(`${at} lists no value that everything else there allows`)
    const all = (keyword: string): unknown[] =>
      sources.map(({ value }) => memberOf(value, keyword)).filter(value => value !== undefined)
    const numbers = (keyword: string): number[] => all(keyword).filter(value => typeof value === 'number')
    const texts = (keyword: string): string[] => all(keyword).filter(value => typeof value === 'string')
    const highest = (keyword: string, otherwise: number): number => Math.max(otherwise, ...numbers(keyword))
    const lowest = (keyword: string): number => Math.min(Number.POSITIVE_INFINITY, ...numbers(keyword))

    let types = documented ?? inferred(sources, barred)
    const isScalar = values !== undefined
    const avoided = new Set([...applying.flatMap(source => source.avoided ?? []), ...nots.flatMap(soleRequired)])
    const object = !isScalar && types.includes('object') ? this.#object(sources, avoided, name, depth) : noObject
    if (object === undefined) types = types.filter(type => type !== 'object')
    const list = !isScalar && types.includes('array') ? this.#list(sources, name, depth) : noList
    if (list === undefined) types = types.filter(type => type !== 'array')
    if (types.length === 0) return undefined
    const least = Math.max(highest('minimum', Number.NEGATIVE_INFINITY), highest('exclusiveMinimum', -Infinity))
    const most = Math.min(lowest('maximum'), lowest('exclusiveMaximum'))
    const shape: Shape = {
      pointer: at,
      name,
      types,
      values,
      excluded,
      examples: sources.flatMap(({ value }) => examplesIn(value)),
      faker: fakerOf(sources),
      text: {
        least: Math.min(highest('minLength', 0), limits.letters),
        most: lowest('maxLength'),
        patterns: [...new Set(texts('pattern'))],
        formats: [...new Set(texts('format'))],
        encoding: texts('contentEncoding')[0],
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

  /** The name that a discriminator higher up gives the schema that is being made. */
  #inherited(applying: readonly Applying[]): Applying[] {
    const [outer] = applying
    if (outer === undefined) return []
    return applying.flatMap(({ value, pointer }) => {
      const discriminator = memberOf(value, 'discriminator')
      const property = memberOf(discriminator, 'propertyName')
      if (typeof property !== 'string' || memberOf(value, 'oneOf') || memberOf(value, 'anyOf')) return []
      if (
        applying.some(known => known.pointer === hintPointer && memberOf(memberOf(known.value, 'properties'), property))
      )
        return []
      const heir = outer.pointer === pointer ? undefined : outer
      return heir === undefined ? [] : [hint(property, nameIn(discriminator, heir.pointer))]
    })
  }

  #object(
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
      const found = this.#memberSources(sources, member, declared)
      if (found === undefined) {
        if (!needed) continue
        return this.#fail(`${sources[0]?.pointer} requires ${JSON.stringify(member)} and forbids it`)
      }
      if (Object.hasOwn(spoilt, member)) found.push({ value: spoilt[member], pointer: '#spoilt', trail: undefined })
      if (this.#isOfOtherSide(found) && !Object.hasOwn(spoilt, member)) continue
      if (!needed && depth <= 0 && found.some(isDeep)) continue
      const shape = this.shape(found, member, depth - 1)
      if (shape !== undefined) members.push({ name: member, shape, required: needed || Object.hasOwn(spoilt, member) })
      else if (needed) return undefined
    }
    const hasNames = sources.some(({ value }) => memberOf(value, 'propertyNames') !== undefined)
    const names = hasNames
      ? this.shape(
          sources.flatMap(source => inside(this.#root, source, 'propertyNames')),
          'name',
          0,
        )
      : undefined
    const numbers = (keyword: string): number[] =>
      sources.map(({ value }) => memberOf(value, keyword)).filter(value => typeof value === 'number')
    const byPattern = sources.flatMap(source =>
      Object.keys(recordOf(memberOf(source.value, 'patternProperties'))).flatMap(pattern => {
        const inner = inside(this.#root, source, 'patternProperties', pattern)
        if (depth <= 0 && inner.some(isDeep)) return []
        const shape = this.shape(inner, name, depth - 1)
        return shape === undefined ? [] : [{ pattern, shape }]
      }),
    )
    const least = Math.min(Math.max(0, ...numbers('minProperties')), limits.members)
    return {
      members,
      others: this.#others(sources, name, depth, members.length < least),
      byPattern,
      names,
      least,
      most: Math.min(Number.POSITIVE_INFINITY, ...numbers('maxProperties')),
      together: togetherIn(sources),
      avoided,
    }
  }

  /** What applies to a member of this name; `undefined` when there must be none. */
  #memberSources(sources: readonly Applying[], name: string, declared: readonly string[]): Source[] | undefined {
    const found: Source[] = []
    for (const source of sources) {
      const { value } = source
      const own = inside(this.#root, source, 'properties', name)
      const matching = Object.keys(recordOf(memberOf(value, 'patternProperties'))).filter(
        pattern => regex(pattern)?.test(name) === true,
      )
      found.push(...own, ...matching.flatMap(pattern => inside(this.#root, source, 'patternProperties', pattern)))
      if (Object.hasOwn(recordOf(memberOf(value, 'properties')), name) || matching.length > 0) continue
      if (memberOf(value, 'additionalProperties') === false) return undefined
      found.push(...inside(this.#root, source, 'additionalProperties'))
      if (memberOf(value, 'unevaluatedProperties') === false && !declared.includes(name)) return undefined
    }
    return found
  }

  /** What belongs to the other side is left out, required or not. Source: OpenAPI 3.0.4, section 4.7.24.2. */
  #isOfOtherSide(sources: readonly Source[]): boolean {
    if (this.#way.side === undefined) return false
    const keyword = this.#way.side === 'response' ? 'writeOnly' : 'readOnly'
    return sources.some(({ value }) => memberOf(value, keyword) === true)
  }

  #others(sources: readonly Applying[], name: string, depth: number, needed: boolean): Shape | undefined {
    const given = sources.map(({ value }) => memberOf(value, 'additionalProperties'))
    if (given.includes(false) || sources.some(({ value }) => memberOf(value, 'unevaluatedProperties') === false))
      return undefined
    const described = sources.flatMap(source => inside(this.#root, source, 'additionalProperties'))
    if (!needed && (!described.some(({ value }) => isRecord(value)) || (depth <= 0 && described.some(isDeep))))
      return undefined
    return this.shape(described, name, depth - 1)
  }

  #list(sources: readonly Applying[], name: string, depth: number): Shape['list'] | undefined {
    const numbers = (keyword: string): number[] =>
      sources.map(({ value }) => memberOf(value, keyword)).filter(value => typeof value === 'number')
    const least = Math.min(Math.max(0, ...numbers('minItems')), limits.items)
    const most = Math.min(Number.POSITIVE_INFINITY, ...numbers('maxItems'))
    const lengths = sources.map(({ value }) => memberOf(value, 'prefixItems')).filter(Array.isArray)
    const prefix: Shape[] = []
    for (let at = 0; at < Math.max(0, ...lengths.map(({ length }) => length)) && at < most; at += 1) {
      const found = sources.flatMap(source => {
        const own = inside(this.#root, source, 'prefixItems', at)
        return own.length > 0 ? own : inside(this.#root, source, 'items')
      })
      const shape = this.shape(found, name, depth - 1)
      if (shape === undefined && at < least) return undefined
      if (shape === undefined) break
      prefix.push(shape)
    }
    const described = sources.flatMap(source => inside(this.#root, source, 'items'))
    const isWanted = depth > 0 || least > prefix.length || !described.some(isDeep)
    const items = isWanted && most > 0 ? this.shape(described, name, depth - 1) : undefined
    if (items === undefined && least > prefix.length) return undefined
    const contains = sources.flatMap(source => {
      const inner = inside(this.#root, source, 'contains')
      const wanted = memberOf(source.value, 'minContains') ?? 1
      if (inner.length === 0 || typeof wanted !== 'number' || wanted === 0) return []
      const shape = this.shape([...described, ...inner], name, depth - 1)
      return shape === undefined ? [] : [{ shape, least: Math.min(wanted, limits.items) }]
    })
    const unique = sources.some(({ value }) => memberOf(value, 'uniqueItems') === true)
    return { prefix, items, least, most, unique, contains }
  }
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

const noList: Shape['list'] = {
  prefix: [],
  items: undefined,
  least: 0,
  most: Number.POSITIVE_INFINITY,
  unique: false,
  contains: [],
}

const hintPointer = '#discriminated'

/** The value of a discriminator is no demand, so it gives way where the schema lists other values. */
function hint(property: string, name: string): Applying {
  return { value: { properties: { [property]: { 'x-hint': name } } }, pointer: hintPointer, trail: undefined }
}

/** What a discriminator calls a schema: by its mapping, else by the schema's name. OpenAPI 3.1.1, section 4.8.25. */
function nameIn(discriminator: unknown, pointer: string): string {
  const tokens = parsePointer(pointer)
  const mapped = Object.entries(recordOf(memberOf(discriminator, 'mapping'))).find(
    ([, target]) => typeof target === 'string' && formatPointer(parsePointer(refOf(target))) === formatPointer(tokens),
  )
  return mapped?.[0] ?? tokens.at(-1) ?? ''
}

/** A mapping names a schema by a reference or by its bare name. */
function refOf(target: string): string {
  return /^[\w.-]+$/.test(target) ? `#/components/schemas/${target}` : target
}

/** A member that an alternative would not accept, so that it does not match as well. */
function spoiling(other: readonly Source[], own: ReadonlySet<string>): Record<string, unknown> {
  for (const { value } of other) {
    for (const [name, schema] of Object.entries(recordOf(memberOf(value, 'properties')))) {
      const types = typesIn(schema)
      if (own.has(name) || types.length === 0 || memberOf(schema, '$ref') !== undefined) continue
      return { [name]: { type: types.includes('string') ? 'boolean' : 'string' } }
    }
  }
  return {}
}

/** Whether alternatives go together with the rest, as far as types, lists of values and required members tell. */
function isPossible(applying: readonly Applying[]): boolean {
  const types = typesOf(applying)
  if (types?.length === 0) return false
  const values = valuesOf(applying)?.filter(value => isOfType(value, types))
  if (values?.length === 0) return false
  const required = new Set(applying.flatMap(({ value }) => listOf(memberOf(value, 'required'))))
  for (const name of required) {
    const schemas = applying.map(({ value }) => memberOf(memberOf(value, 'properties'), name))
    if (schemas.includes(false)) return false
    const lists = valuesOf(schemas.map(value => ({ value })))
    if (lists?.length === 0) return false
  }
  return true
}

function typesIn(schema: unknown): JsonType[] {
  const type = memberOf(schema, 'type')
  return (Array.isArray(type) ? type : [type]).filter((one): one is JsonType => typeof one === 'string')
}

/** The types that all of the schemas allow; `undefined` when none speaks of types. */
function typesOf(schemas: readonly { value: unknown }[]): JsonType[] | undefined {
  let types: JsonType[] | undefined
  for (const { value } of schemas) {
    const own = typesIn(value)
    if (own.length === 0) continue
    types = types === undefined ? own : types.flatMap(type => narrower(type, own))
  }
  return types && [...new Set(types)]
}

function narrower(type: JsonType, others: readonly JsonType[]): JsonType[] {
  if (others.includes(type)) return [type]
  if (type === 'number' && others.includes('integer')) return ['integer']
  return type === 'integer' && others.includes('number') ? ['integer'] : []
}

function valuesOf(schemas: readonly { value: unknown }[]): unknown[] | undefined {
  let values: unknown[] | undefined
  const narrow = (own: unknown[]): void => {
    const written = new Set(own.map(one => JSON.stringify(one)))
    values = values === undefined ? own : values.filter(one => written.has(JSON.stringify(one)))
  }
  for (const { value } of schemas) {
    if (!isRecord(value)) continue
    if (Object.hasOwn(value, 'const')) narrow([value.const])
    if (Array.isArray(value.enum)) narrow(value.enum)
  }
  return values
}

function isOfType(value: unknown, types: readonly JsonType[] | undefined): boolean {
  const type = typeOf(value)
  return types === undefined || types.some(one => one === type || (one === 'number' && type === 'integer'))
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

function isOnly(value: unknown, keyword: string): boolean {
  const keys = Object.keys(recordOf(value)).filter(key => !['description', 'title'].includes(key))
  return keys.includes(keyword) && keys.every(key => key === keyword || (key === 'type' && keyword === 'required'))
}

function togetherIn(sources: readonly Source[]): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>()
  for (const { value } of sources) {
    for (const [name, others] of Object.entries(recordOf(memberOf(value, 'dependentRequired'))))
      found.set(name, [...(found.get(name) ?? []), ...listOf(others)])
  }
  return found
}

function examplesIn(schema: unknown): unknown[] {
  const many = memberOf(schema, 'examples')
  return [memberOf(schema, 'example'), ...(Array.isArray(many) ? many : []), memberOf(schema, 'default')].filter(
    value => value !== undefined,
  )
}

function fakerOf(sources: readonly Source[]): FakerCall | undefined {
  for (const { value, pointer } of sources) {
    const written = memberOf(value, 'x-faker')
    if (written !== undefined) return fakerCall(written, pointer)
  }
  return undefined
}

/** Whether a schema is more than a scalar. */
function isDeep({ value }: Source): boolean {
  return ['properties', 'items', 'allOf', 'anyOf', 'oneOf', 'additionalProperties', 'patternProperties'].some(
    keyword => typeof memberOf(value, keyword) === 'object',
  )
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter(one => typeof one === 'string') : []
}

function recordOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {}
}
