import type { Ajv, CodeKeywordDefinition, KeywordCxt } from 'ajv'
import { _, getProperty } from 'ajv/dist/compile/codegen/code.js'
import { parsePointer, resolvePointer } from '../finding/index.ts'

/** Who sends a value: the client in its request, or the server in its response. */
export type Side = 'request' | 'response'

type Flag = 'readOnly' | 'writeOnly'
type Node = Record<string, unknown>

/** What may be missing, as the validators get to know it while they judge. */
export type Lenience = Readonly<Partial<Record<Flag, true>>> & {
  /** Where several branches of a `oneOf` match, the one that the discriminator names is meant. */
  readonly trusting?: true
}

/**
 * A required property that only the other side has to send may be missing. Where the side is not known, as for an example
 * in `components`, both kinds may. Source: OpenAPI 3.0.4, section 4.7.24.2, and JSON Schema Validation, section 9.4.
 */
const lenience: Readonly<Record<Side | 'either', Lenience>> = {
  request: { readOnly: true, trusting: true },
  response: { writeOnly: true },
  either: { readOnly: true, writeOnly: true, trusting: true },
}

export function lenienceOf(side: Side | undefined): Lenience {
  return lenience[side ?? 'either']
}

/**
 * Teaches a validator that `required` means one side only for properties that are `readOnly` or `writeOnly`. It is decided
 * while a value is judged, by the `this` of the validator, so that one compiled schema serves both sides.
 */
export function teachSides(ajv: Ajv, root: unknown): void {
  const rule = ajv.RULES.all.required
  if (typeof rule !== 'object') return
  const { definition } = rule
  const original = definition as CodeKeywordDefinition
  rule.definition = {
    ...original,
    type: definition.type,
    schemaType: definition.schemaType,
    code: cxt => {
      const flagged = new Map<string, readonly Flag[]>()
      for (const name of namesIn(cxt)) {
        const flags = flagsOf(root, cxt, name)
        if (flags.length > 0) flagged.set(name, flags)
      }
      if (flagged.size === 0) original.code(cxt)
      else for (const name of namesIn(cxt)) demand(cxt, name, flagged.get(name) ?? [])
    },
  }
}

function namesIn({ schema }: KeywordCxt): string[] {
  return Array.isArray(schema) ? schema.filter(name => typeof name === 'string') : []
}

function demand(cxt: KeywordCxt, name: string, flags: readonly Flag[]): void {
  const { data } = cxt
  const missing = _`${data}${getProperty(name)} === undefined || !Object.hasOwn(${data}, ${name})`
  cxt.setParams({ missingProperty: _`${name}` }, true)
  cxt.fail(flags.reduce((code, flag) => _`${code} && !this?.${getName(flag)}`, _`(${missing})`))
}

/** Written out, because a name that is put into code has to be one that the code was written with. */
function getName(flag: Flag) {
  return flag === 'readOnly' ? _`readOnly` : _`writeOnly`
}

function flagsOf(root: unknown, cxt: KeywordCxt, name: string): Flag[] {
  const flags = ['readOnly', 'writeOnly'] as const
  const own = flags.filter(flag => declares(root, cxt.parentSchema, name, flag))
  if (own.length > 0 || isNode(memberOf(memberOf(cxt.parentSchema, 'properties'), name))) return own
  // `allOf: [$ref, required: [id]]` demands what a branch beside it declares.
  const whole = wholeOf(root, cxt)
  return whole === undefined ? [] : flags.filter(flag => declares(root, whole, name, flag))
}

/** By the schema: the properties that only one side sends. */
const flagged = new WeakMap<object, Readonly<Record<Flag, ReadonlySet<string>>>>()

/** Whether a property of a schema is for the other side only to send. */
export function isForOtherSide(root: unknown, schema: unknown, name: string, side: Side): boolean {
  if (!isNode(schema)) return false
  const known = flagged.get(schema) ?? {
    readOnly: flaggedIn(root, schema, 'readOnly'),
    writeOnly: flaggedIn(root, schema, 'writeOnly'),
  }
  flagged.set(schema, known)
  return known[side === 'response' ? 'writeOnly' : 'readOnly'].has(name)
}

const compositions = ['allOf', 'anyOf', 'oneOf'] as const

/** The outermost schema that the one at hand is a branch of. */
function wholeOf(root: unknown, { it, parentSchema }: KeywordCxt): unknown {
  const path = String(it.errSchemaPath)
  const tokens = parsePointer(path.slice(Math.max(0, path.indexOf('#'))))
  for (const start of [it.schemaEnv.schema, root]) {
    if (resolvePointer(start, tokens) !== parentSchema) continue
    let length = tokens.length
    while (length >= 2 && (compositions as readonly string[]).includes(tokens[length - 2] as string)) length -= 2
    return length === tokens.length ? undefined : resolvePointer(start, tokens.slice(0, length))
  }
  return undefined
}

/** Whether a schema, or one that it is put together from, declares a property and gives it the flag. */
function declares(root: unknown, schema: unknown, name: string, flag: Flag): boolean {
  return [...partsWithin(root, schema)].some(part => says(root, memberOf(memberOf(part, 'properties'), name), flag))
}

/** The properties to which a schema, or one that it is put together from, gives the flag. */
function flaggedIn(root: unknown, schema: unknown, flag: Flag): ReadonlySet<string> {
  const named = [...partsWithin(root, schema)].flatMap(part => Object.entries(memberOf(part, 'properties') ?? {}))
  return new Set(named.filter(([, property]) => says(root, property, flag)).map(([name]) => name))
}

/** A schema and those that it is put together from, each once. */
function partsWithin(
  root: unknown,
  schema: unknown,
  keywords: readonly string[] = compositions,
  seen = new Set<Node>(),
): ReadonlySet<Node> {
  if (!isNode(schema) || seen.has(schema)) return seen
  seen.add(schema)
  for (const part of partsOf(root, schema, keywords)) partsWithin(root, part, keywords, seen)
  return seen
}

/** Whether the schema of a property has the flag, itself or by what it is put together from. */
function says(root: unknown, schema: unknown, flag: Flag): boolean {
  return [...partsWithin(root, schema, ['allOf'])].some(part => part[flag] === true)
}

function partsOf(root: unknown, schema: Node, keywords: readonly string[]): unknown[] {
  const ref = memberOf(schema, '$ref')
  const target = typeof ref === 'string' && ref.startsWith('#') ? [resolvePointer(root, parsePointer(ref))] : []
  return [...target, ...keywords.flatMap(keyword => (Array.isArray(schema[keyword]) ? schema[keyword] : []))]
}

function memberOf(value: unknown, name: string): unknown {
  return isNode(value) && Object.hasOwn(value, name) ? value[name] : undefined
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
