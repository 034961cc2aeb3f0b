import type { Ajv, AnySchema, ValidateFunction } from 'ajv'
import Ajv2020 from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { Document } from '../document/index.ts'
import { formatPointer, parsePointer } from '../finding/index.ts'
import { lazily } from './lazily.ts'
import { type Explainer, explain, type Mismatch } from './reasons.ts'
import { type Lenience, lenienceOf, type Side, teachSides } from './sides.ts'

/** A schema of the document. It is compiled at its first use. */
export type Schema = {
  readonly pointer: string
  readonly value: unknown
  /** Whose values it judges; `undefined` where that is not known. */
  readonly side: Side | undefined
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

/**
 * `strict` and `validateSchema` are off because documents of the wild carry unknown keywords; unoptimised code compiles
 * twice as fast and validates nearly as fast; `ownProperties` keeps `__proto__` and `constructor` from counting as present. A `$id` is not looked at, as
 * it is not when references are bundled: Ajv would also take the one inside an example for that of a schema. A number
 * too large for JavaScript, such as 1e999, is none that could be sent back.
 */
const options = {
  schemaId: 'x-contrato-no-id' as '$id',
  meta: false,
  strict: false,
  strictNumbers: true,
  validateSchema: false,
  logger: false,
  ownProperties: true,
  passContext: true,
  code: { optimize: false, regExp: Object.assign(readPattern, { code: 'contrato' }) },
} as const

/** Patterns are Unicode ones; many real ones are not, as `[\\w-.]`, and are read as they were meant. */
function readPattern(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'u')
  } catch {
    return new RegExp(pattern)
  }
}

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

  /** @param side who sends what is judged, because `readOnly` and `writeOnly` properties are not demanded of both */
  at(pointer: string, value: unknown, side?: Side): Schema {
    const lenience = lenienceOf(side)
    const quick = lazily(() => compile(this.#quick(), pointer))
    const thorough = lazily(() => compile(this.#thorough(), pointer))
    return {
      pointer,
      value,
      side,
      accepts: candidate => judge(quick(), candidate, lenience, pointer) === true,
      mismatches: candidate => {
        if (judge(quick(), candidate, lenience, pointer) === true) return []
        const validate = thorough()
        const outcome = judge(validate, candidate, lenience, pointer)
        if (outcome === 'too-deep') return [{ at: '', says: 'is nested too deeply', keyword: 'depth', pointer }]
        return explain(validate.errors ?? [], this.#explainer(lenience))
      },
    }
  }

  /** Validators of the branches of unions, which are made when a value fits none. */
  readonly #branches = new Map<string, ValidateFunction>()

  #explainer(lenience: Lenience): Explainer {
    return {
      pointerOf: schema => this.#document.pointerOf(schema),
      errorsAt: (pointer, value) => {
        const validate = this.#branches.get(pointer) ?? compile(this.#thorough(), pointer)
        this.#branches.set(pointer, validate)
        validate.call(lenience, value)
        return validate.errors ?? []
      },
    }
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
  teachSides(ajv, root)
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

/**
 * A value nested deeper than the stack is judged as that, and not as a crash. A validator can be made though one that it
 * calls could not be, which shows when it is called.
 */
function judge(validate: ValidateFunction, value: unknown, lenience: Lenience, pointer: string): boolean | 'too-deep' {
  try {
    return validate.call(lenience, value) as boolean
  } catch (error) {
    if (error instanceof RangeError) return 'too-deep'
    if (error instanceof TypeError && /reading 'call'/.test(error.message)) {
      throw new SchemaUnusable(pointer, 'it contains a schema that cannot be compiled')
    }
    throw error
  }
}
