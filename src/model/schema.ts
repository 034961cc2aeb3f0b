import type { ValidateFunction } from 'ajv'
import type { Document } from '../document/index.ts'
import { lazily } from './lazily.ts'
import { type Explainer, explain, type Mismatch } from './reasons.ts'
import { type Lenience, lenienceOf, type Side } from './sides.ts'
import { SchemaUnusable, Validators } from './validators.ts'

export { SchemaUnusable }

/** A schema of the document. It is compiled at its first use, and what it refers to when a value first gets there. */
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

/** The schemas of one document; two validators, because listing every reason costs more than finding the first. */
export class Schemas {
  readonly #document: Document
  readonly #quick: () => Validators
  readonly #thorough: () => Validators

  constructor(document: Document) {
    this.#document = document
    this.#quick = lazily(() => new Validators(document, {}))
    this.#thorough = lazily(() => new Validators(document, { allErrors: true, verbose: true }))
  }

  /** @param side who sends what is judged, because `readOnly` and `writeOnly` properties are not demanded of both */
  at(pointer: string, value: unknown, side?: Side): Schema {
    const lenience = lenienceOf(side)
    const quick = lazily(() => this.#quick().at(pointer))
    const thorough = lazily(() => this.#thorough().at(pointer))
    return {
      pointer,
      value,
      side,
      accepts: candidate => judge(pointer, quick(), candidate, lenience) === true,
      mismatches: candidate => {
        if (judge(pointer, quick(), candidate, lenience) === true) return []
        const validate = thorough()
        const outcome = judge(pointer, validate, candidate, lenience)
        if (outcome === 'too-deep') return [{ at: '', says: 'is nested too deeply', keyword: 'depth', pointer }]
        return explain(validate.errors ?? [], this.#explainer(lenience))
      },
    }
  }

  #explainer(lenience: Lenience): Explainer {
    return {
      root: this.#document.root,
      trusting: lenience.trusting === true,
      pointerOf: schema => this.#document.pointerOf(schema),
      errorsAt: (pointer, value) => {
        const validate = this.#thorough().at(pointer)
        validate.call(lenience, value)
        return validate.errors ?? []
      },
    }
  }
}

/**
 * A value nested deeper than the stack is judged as that, and not as a crash. Throws {@link SchemaUnusable}, also for a
 * schema that the one at hand refers to, when the value gets there.
 */
function judge(pointer: string, validate: ValidateFunction, value: unknown, lenience: Lenience): boolean | 'too-deep' {
  try {
    return validate.call(lenience, value) as boolean
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    // It is the schema that has no end, where the value has one.
    if (isShallow(value, shallow)) throw new SchemaUnusable(pointer, 'it consists of itself')
    return 'too-deep'
  }
}

/** Levels that no stack is too short for. */
const shallow = 50

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  return levels > 0 && Object.values(value).every(member => isShallow(member, levels - 1))
}
