import type { Ajv, AnySchema, ErrorObject, ValidateFunction } from 'ajv'
import Ajv2020 from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { Document } from '../document/index.ts'
import { formatPointer, parsePointer } from '../finding/index.ts'
import { lazily } from './lazily.ts'

/** One way in which a value does not match its schema. */
export type Mismatch = {
  /** JSON Pointer into the value. */
  readonly at: string
  /** What is wrong with what stands there: `must be boolean`, `is required`. */
  readonly says: string
  readonly keyword: string
  /** The clause of the document, where it is known. */
  readonly pointer: string | undefined
}

/** A schema of the document. It is compiled at its first use. */
export type Schema = {
  readonly pointer: string
  readonly value: unknown
  /** Whether the value matches. Throws {@link SchemaUnusable}. */
  accepts(value: unknown): boolean
  /** Why the value does not match; empty when it does. Throws {@link SchemaUnusable}. */
  mismatches(value: unknown): readonly Mismatch[]
}

/** A schema that no validator can be made of, with the reason. */
export class SchemaUnusable extends Error {
  readonly pointer: string
  constructor(pointer: string, reason: string) {
    super(`the schema at ${pointer} cannot be compiled: ${reason}`)
    this.pointer = pointer
  }
}

/** Reasons that are listed of one value; a hostile body could otherwise have one per byte. */
const maxMismatches = 100

/**
 * `strict` and `validateSchema` are off because documents of the wild carry unknown keywords; unoptimised code compiles
 * twice as fast and validates nearly as fast; patterns are compiled without the `u` flag because real ones do not
 * survive it; `ownProperties` keeps `__proto__` and `constructor` from counting as present.
 */
const options = {
  strict: false,
  validateSchema: false,
  logger: false,
  unicodeRegExp: false,
  ownProperties: true,
  code: { optimize: false },
} as const

const int32 = { min: -(2 ** 31), max: 2 ** 31 - 1 }

/** The schemas of one document; two validators, because listing every reason costs more than finding the first. */
export class Schemas {
  readonly #document: Document
  readonly #quick: () => Ajv
  readonly #thorough: () => Ajv

  constructor(document: Document) {
    this.#document = document
    this.#quick = lazily(() => makeAjv(document.root, {}))
    this.#thorough = lazily(() => makeAjv(document.root, { allErrors: true, verbose: true }))
  }

  at(pointer: string, value: unknown): Schema {
    const quick = lazily(() => compile(this.#quick(), pointer))
    const thorough = lazily(() => compile(this.#thorough(), pointer))
    return {
      pointer,
      value,
      accepts: candidate => judge(quick(), candidate) === true,
      mismatches: candidate => {
        if (judge(quick(), candidate) === true) return []
        const validate = thorough()
        const outcome = judge(validate, candidate)
        if (outcome === 'too-deep') return [{ at: '', says: 'is nested too deeply', keyword: 'depth', pointer }]
        return this.#explain(validate.errors ?? [])
      },
    }
  }

  #explain(errors: readonly ErrorObject[]): Mismatch[] {
    return causes(errors)
      .slice(0, maxMismatches)
      .map(error => ({ ...describe(error), keyword: error.keyword, pointer: this.#clauseOf(error) }))
  }

  #clauseOf(error: ErrorObject): string | undefined {
    const parent = error.parentSchema
    const pointer = parent === undefined ? undefined : this.#document.pointerOf(parent)
    return pointer === undefined ? undefined : `${pointer}/${error.keyword}`
  }
}

function makeAjv(root: unknown, extra: object): Ajv {
  const ajv = new Ajv2020.default({ ...options, ...extra })
  addFormats.default(ajv)
  // RFC 3339, section 5.6: date and time are separated by a T; ajv-formats lets a space pass.
  const loose = ajv.formats['date-time'] as { validate: (text: string) => boolean }
  ajv.addFormat('date-time', { type: 'string', validate: text => /^.{10}T/i.test(text) && loose.validate(text) })
  const any = true as const
  ajv.addFormat('int32', { type: 'number', validate: n => Number.isInteger(n) && n >= int32.min && n <= int32.max })
  ajv.addFormat('int64', { type: 'number', validate: n => Number.isInteger(n) })
  for (const name of ['float', 'double', 'password', 'binary']) ajv.addFormat(name, any)
  ajv.addSchema(root as AnySchema, 'doc:')
  return ajv
}

function compile(ajv: Ajv, pointer: string): ValidateFunction {
  try {
    return ajv.compile({ $ref: `doc:#${parsePointer(pointer).map(encodeToken).join('')}` })
  } catch (error) {
    throw new SchemaUnusable(pointer, error instanceof Error ? error.message : String(error))
  }
}

function encodeToken(token: string): string {
  return formatPointer([token]).split('/').map(encodeURIComponent).join('/')
}

/** A value nested deeper than the stack is judged as that, and not as a crash. */
function judge(validate: ValidateFunction, value: unknown): boolean | 'too-deep' {
  try {
    return validate(value) as boolean
  } catch (error) {
    if (error instanceof RangeError) return 'too-deep'
    throw error
  }
}

/** Of errors below an `anyOf` or `oneOf`, those of the branch that came closest; of the rest, all. */
function causes(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const union = errors.find(
    error =>
      (error.keyword === 'anyOf' || error.keyword === 'oneOf') &&
      !('passingSchemas' in error.params && error.params.passingSchemas),
  )
  if (union === undefined) return errors.filter(error => !(error.keyword === 'if'))
  const within = (error: ErrorObject) => error !== union && belongsTo(union, error)
  const rest = errors.filter(error => error !== union && !within(error))
  const branches = new Map<string, ErrorObject[]>()
  for (const error of errors.filter(within)) {
    const branch = error.schemaPath.slice(union.schemaPath.length + 1).split('/')[0] ?? ''
    branches.set(branch, [...(branches.get(branch) ?? []), error])
  }
  const depth = (branch: ErrorObject[]) => Math.max(...branch.map(error => error.instancePath.length))
  const ranked = [...branches.values()].sort((a, b) => depth(b) - depth(a) || a.length - b.length)
  const closest = ranked[0]
  // A branch that fails at its very top is no closer than the others: then the union itself is the reason.
  const told =
    closest === undefined ||
    closest.some(error => error.instancePath === union.instancePath && error.keyword === 'type')
      ? [union]
      : causes(closest)
  return [...told, ...causes(rest)]
}

function belongsTo(union: ErrorObject, error: ErrorObject): boolean {
  return error.instancePath.startsWith(union.instancePath) && error.schemaPath.startsWith(`${union.schemaPath}/`)
}

function describe(error: ErrorObject): { at: string; says: string } {
  const { params } = error
  const at = error.instancePath
  switch (error.keyword) {
    case 'required':
    case 'dependentRequired':
      return { at: `${at}${formatPointer([String(params.missingProperty)])}`, says: 'is required' }
    case 'additionalProperties':
      return { at: `${at}${formatPointer([String(params.additionalProperty)])}`, says: 'is not allowed' }
    case 'unevaluatedProperties':
      return { at: `${at}${formatPointer([String(params.unevaluatedProperty)])}`, says: 'is not allowed' }
    case 'type':
      return { at, says: `must be ${[params.type].flat().join(' or ')}` }
    case 'enum':
      return {
        at,
        says: `must be one of ${(params.allowedValues as unknown[]).map(value => JSON.stringify(value)).join(', ')}`,
      }
    case 'const':
      return { at, says: `must be ${JSON.stringify(params.allowedValue)}` }
    case 'format':
      return { at, says: `must be a valid ${params.format}` }
    case 'pattern':
      return { at, says: `must match the pattern ${params.pattern}` }
    case 'false schema':
      return { at, says: 'is not allowed' }
    case 'anyOf':
    case 'oneOf':
      return { at, says: unionReason(error) }
    default:
      return { at, says: error.message ?? `fails ${error.keyword}` }
  }
}

function unionReason(error: ErrorObject): string {
  const branches = Array.isArray(error.schema) ? error.schema : []
  const types = branches.flatMap(branch =>
    typeof branch === 'object' && branch !== null && 'type' in branch ? [branch.type].flat() : [],
  )
  if (types.length === branches.length && types.length > 0) return `must be ${[...new Set(types)].join(' or ')}`
  return `must match ${error.keyword === 'oneOf' ? 'exactly one' : 'one'} of the ${branches.length} forms that are allowed`
}
