import type { Ajv, AnySchema, ValidateFunction } from 'ajv'
import Ajv2020 from 'ajv/dist/2020.js'
import { _ } from 'ajv/dist/compile/codegen/code.js'
import { inlineRef } from 'ajv/dist/compile/resolve.js'
import type { CodeKeywordDefinition } from 'ajv/dist/types/index.js'
import { callRef } from 'ajv/dist/vocabularies/core/ref.js'
import addFormats from 'ajv-formats'
import type { Document } from '../document/index.ts'
import { formatPointer, parsePointer, resolvePointer } from '../finding/index.ts'
import { heirChooser, isInheritance } from './discriminator.ts'
import { heirsFirst, teachDiscriminators } from './discriminators.ts'
import { readPattern } from './pattern.ts'
import { teachSides } from './sides.ts'

/** A schema that no validator can be made of, with the reason. */
export class SchemaUnusable extends Error {
  readonly pointer: string
  constructor(pointer: string, reason: string) {
    super(`the schema at ${pointer} cannot be compiled: ${reason}`)
    this.pointer = pointer
  }
}

/** References that lead to references. */
const maxHops = 100

/** Keywords that a schema may have to be written out where it is referenced; a larger one is called. */
const small = 12

/**
 * `strict` and `validateSchema` are off because documents of the wild carry unknown keywords; unoptimised code compiles
 * twice as fast and validates nearly as fast; `ownProperties` keeps `__proto__` and `constructor` from counting as present. A `$id` is not looked at, as
 * it is not when references are bundled: Ajv would also take the one inside an example for that of a schema. A number
 * too large for JavaScript, such as 1e999, is none that could be sent back. 19.99 is a multiple of 0.01, though not to a
 * computer.
 */
const options = {
  schemaId: 'x-contrato-no-id' as '$id',
  meta: false,
  strict: false,
  strictNumbers: true,
  multipleOfPrecision: 6,
  validateSchema: false,
  logger: false,
  ownProperties: true,
  passContext: true,
  inlineRefs: small,
  code: { optimize: false, regExp: Object.assign(readPattern, { code: 'contrato' }) },
} as const

/**
 * Validators of the schemas of a document. Each is made when it is first asked for, and what it refers to when a value
 * first gets there: in a document whose schemas all refer to each other, one answer needs a few of them.
 */
export class Validators {
  readonly #root: unknown
  readonly #ajv: Ajv
  readonly #hasDiscriminators: boolean
  readonly #made = new Map<string, ValidateFunction>()
  /** Those of schemas with heirs, and of heirs, which are judged as what they are. */
  readonly #bare = new Map<string, ValidateFunction>()
  readonly #called = new Map<string, { validate: ValidateFunction | Stub }>()

  /** @param extra options of Ajv beside those that are always the same */
  constructor(document: Document, extra: object) {
    this.#root = document.root
    this.#ajv = makeAjv(document, extra)
    this.#hasDiscriminators = document.mentions('discriminator')
    this.#teachReferences()
    if (this.#hasDiscriminators) teachDiscriminators(this.#ajv, document.root)
  }

  /** Throws {@link SchemaUnusable}. */
  at(pointer: string): ValidateFunction {
    try {
      return this.#at(pointer)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      throw new SchemaUnusable(pointer, 'it is nested too deeply')
    }
  }

  /** Throws a RangeError where the stack is too short for it, which may be used up by the value that is judged. */
  #at(pointer: string): ValidateFunction {
    const known = this.#made.get(pointer)
    if (known !== undefined) return known
    const target = this.#targetOf(pointer)
    const made = this.#made.get(target) ?? this.#withHeirs(target)
    this.#made.set(target, made)
    this.#made.set(pointer, made)
    return made
  }

  #withHeirs(pointer: string): ValidateFunction {
    if (!this.#hasDiscriminators) return this.#make(pointer)
    const schema = resolvePointer(this.#root, parsePointer(pointer))
    const chooser = heirChooser(this.#root, schema)
    if (chooser === undefined) return this.#make(pointer)
    return heirsFirst({
      schema: schema as object,
      chooser,
      own: this.#itself(pointer),
      heirAt: heir => this.#itself(heir),
    })
  }

  /** The validator of a schema that does not ask for its heirs. */
  #itself(pointer: string): ValidateFunction {
    const known = this.#bare.get(pointer)
    if (known !== undefined) return known
    const made = this.#make(pointer)
    this.#bare.set(pointer, made)
    return made
  }

  /** Where references lead that have nothing beside them. */
  #targetOf(pointer: string): string {
    let at = pointer
    for (let hops = 0; hops < maxHops; hops += 1) {
      const value = resolvePointer(this.#root, parsePointer(at))
      if (typeof value !== 'object' || value === null || !('$ref' in value)) return at
      const { $ref, ...beside } = value
      if (typeof $ref !== 'string' || !$ref.startsWith('#/') || Object.keys(beside).length > 0) return at
      at = $ref
    }
    throw new SchemaUnusable(pointer, 'it refers to itself and to nothing else')
  }

  #make(pointer: string): ValidateFunction {
    try {
      const made = this.#ajv.getSchema(`doc:#${parsePointer(pointer).map(encodeToken).join('')}`)
      if (made !== undefined) return made as ValidateFunction
    } catch (error) {
      if (error instanceof RangeError) throw error
      throw new SchemaUnusable(pointer, error instanceof Error ? error.message : String(error))
    }
    throw new SchemaUnusable(pointer, 'there is nothing')
  }

  /** Has what a `$ref` leads to compiled when it is first called, and not together with the schema that it stands in. */
  #teachReferences(): void {
    const rule = this.#ajv.RULES.all.$ref
    if (typeof rule !== 'object') return
    const original = rule.definition as CodeKeywordDefinition
    rule.definition = {
      ...rule.definition,
      code: (cxt: Parameters<typeof callRef>[0]) => {
        const ref: unknown = cxt.schema
        const pointer = typeof ref === 'string' && ref.startsWith('#/') ? ref : undefined
        const target = pointer === undefined ? undefined : resolvePointer(this.#root, parsePointer(pointer))
        const hasHeirs = pointer !== undefined && this.#hasHeirs(pointer)
        const isWrittenOut = !hasHeirs && inlineRef(target as AnySchema, small)
        if (pointer === undefined || typeof target !== 'object' || target === null || isWrittenOut) {
          original.code(cxt)
          return
        }
        const isInherited = hasHeirs && isInheritance(this.#root, cxt.parentSchema)
        const called = cxt.gen.scopeValue('wrapper', { ref: this.#calledBy(pointer, isInherited) })
        callRef(cxt, _`${called}.validate`)
      },
    } as typeof rule.definition
  }

  #hasHeirs(pointer: string): boolean {
    if (!this.#hasDiscriminators) return false
    const schema = resolvePointer(this.#root, parsePointer(this.#targetOf(pointer)))
    return heirChooser(this.#root, schema) !== undefined
  }

  /** What stands for a schema in the code of those that refer to it; it puts the validator in its own place. */
  #calledBy(pointer: string, isInherited: boolean): { validate: ValidateFunction | Stub } {
    const key = isInherited ? `itself ${pointer}` : pointer
    const known = this.#called.get(key)
    if (known !== undefined) return known
    const made = (): ValidateFunction => (isInherited ? this.#itself(this.#targetOf(pointer)) : this.#at(pointer))
    const called: { validate: ValidateFunction | Stub } = {
      validate: function (this: Parameters<ValidateFunction['call']>[0], ...given: Parameters<ValidateFunction>) {
        const validate = made()
        called.validate = validate
        return validate.apply(this, given)
      },
    }
    this.#called.set(key, called)
    return called
  }
}

type Stub = (...given: Parameters<ValidateFunction>) => unknown

/** What most instants look like, and all that look like it are: the rare days and seconds are looked at more closely. */
const plainInstant =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/

const int32 = { min: -(2 ** 31), max: 2 ** 31 - 1 }

function makeAjv(document: Document, extra: object): Ajv {
  const { root } = document
  const ajv = new Ajv2020.default({ ...options, ...extra })
  addFormats.default(ajv)
  // RFC 3339, section 5.6: date and time are separated by a T, and hours and minutes of the offset by a colon;
  // ajv-formats lets a space pass, and offsets like +0000 and +00.
  const loose = ajv.formats['date-time'] as { validate: (text: string) => boolean }
  ajv.addFormat('date-time', {
    type: 'string',
    validate: text => plainInstant.test(text) || (/^.{10}T.*(?:Z|:\d\d)$/i.test(text) && loose.validate(text)),
  })
  const any = true as const
  ajv.addFormat('int32', { type: 'number', validate: n => Number.isInteger(n) && n >= int32.min && n <= int32.max })
  ajv.addFormat('int64', { type: 'number', validate: n => Number.isInteger(n) })
  for (const name of ['float', 'double', 'password', 'binary']) ajv.addFormat(name, any)
  teachSides(ajv, root)
  teachEmptyLists(ajv)
  // Keeping track of what was evaluated makes every validator longer, and hardly any document asks for it.
  if (!document.mentions('unevaluated')) ajv.opts.unevaluated = false
  // Loading a document leaves none of them.
  ajv.opts.dynamicRef = false
  ajv.addSchema(unseen(root) as AnySchema, 'doc:')
  return ajv
}

/** Nothing matches an empty `enum`, which Ajv makes no validator of. Source: JSON Schema 2020-12 Validation, section 6.1.2. */
function teachEmptyLists(ajv: Ajv): void {
  const rule = ajv.RULES.all.enum
  if (typeof rule !== 'object') return
  const original = rule.definition as CodeKeywordDefinition
  rule.definition = {
    ...rule.definition,
    code: (cxt: Parameters<typeof callRef>[0]) => {
      if (Array.isArray(cxt.schema) && cxt.schema.length === 0) cxt.fail()
      else original.code(cxt)
    },
  } as typeof rule.definition
}

/** The same to whoever follows a pointer, and empty to who lists what is there: Ajv would look for anchors everywhere. */
function unseen(root: Readonly<Record<string, unknown>>): object {
  const parts = Object.entries(root).map(([name, value]) => [name, { value, enumerable: false }])
  return Object.defineProperties({}, Object.fromEntries(parts))
}

function encodeToken(token: string): string {
  return formatPointer([token]).split('/').map(encodeURIComponent).join('/')
}
