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
  const own = flags.filter(flag => declares(root, cxt.parentSchema, name, flag, new Set()))
  if (own.length > 0 || isNode(memberOf(memberOf(cxt.parentSchema, 'properties'), name))) return own
  // `allOf: [$ref, required: [id]]` demands what a branch beside it declares.
  const whole = wholeOf(root, cxt)
  return whole === undefined ? [] : flags.filter(flag => declares(root, whole, name, flag, new Set()))
}

/** Whether a property of a schema is for the other side only to send. */
export function isForOtherSide(root: unknown, schema: unknown, name: string, side: Side): boolean {
  return declares(root, schema, name, side === 'response' ? 'writeOnly' : 'readOnly', new Set())
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
function declares(root: unknown, schema: unknown, name: string, flag: Flag, seen: Set<unknown>): boolean {
  if (!isNode(schema) || seen.has(schema)) return false
  seen.add(schema)
  if (says(root, memberOf(memberOf(schema, 'properties'), name), flag, new Set())) return true
  return partsOf(root, schema, compositions).some(part => declares(root, part, name, flag, seen))
}

/** Whether the schema of a property has the flag, itself or by what it is put together from. */
function says(root: unknown, schema: unknown, flag: Flag, seen: Set<unknown>): boolean {
  if (!isNode(schema) || seen.has(schema)) return false
  seen.add(schema)
  return schema[flag] === true || partsOf(root, schema, ['allOf']).some(part => says(root, part, flag, seen))
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
