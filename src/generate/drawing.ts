import fc from 'fast-check'
import { arbitraryOf } from './arbitrary.ts'
import type { Draw } from './draw.ts'
import type { Shape } from './shape.ts'

/** Gives values together with what is needed to make them smaller. */
class Kept extends fc.Arbitrary<fc.Value<unknown>> {
  readonly #inner: fc.Arbitrary<unknown>

  constructor(inner: fc.Arbitrary<unknown>) {
    super()
    this.#inner = inner
  }

  override generate(random: fc.Random, bias: number | undefined): fc.Value<fc.Value<unknown>> {
    return new fc.Value(this.#inner.generate(random, bias), undefined)
  }

  override canShrinkWithoutContext(_value: unknown): _value is fc.Value<unknown> {
    return false
  }

  override shrink(): fc.Stream<fc.Value<fc.Value<unknown>>> {
    return fc.Stream.nil()
  }
}

type Kinds = { readonly each: readonly fc.Arbitrary<unknown>[]; readonly any: fc.Arbitrary<unknown> | undefined }

/** What is drawn from takes longer to make than to draw from, and the same shapes are drawn from again and again. */
const made = new WeakMap<readonly Shape[], Kinds>()

/** So many values of these shapes, after the samples. Valid or not is not looked at. */
export function drawFrom(
  shapes: readonly Shape[],
  samples: readonly unknown[],
  seed: number,
  count: number,
): readonly Draw[] {
  const { each, any } = kindsOf(shapes)
  const given = samples.map(value => sampleOf(each, value))
  if (any === undefined) return given
  return [...given, ...fc.sample(new Kept(any), { seed, numRuns: count }).map(drawn => drawOf(any, drawn))]
}

function kindsOf(shapes: readonly Shape[]): Kinds {
  const known = made.get(shapes)
  if (known !== undefined) return known
  const each = shapes.map(arbitraryOf)
  const kinds = { each, any: each.length === 0 ? undefined : fc.oneof(...each) }
  made.set(shapes, kinds)
  return kinds
}

/**
 * A value from elsewhere becomes smaller as one of the first kind that it could have been drawn from, and where there is
 * none, as with texts of a format, by what it has in it.
 */
function sampleOf(kinds: readonly fc.Arbitrary<unknown>[], value: unknown): Draw {
  return {
    value,
    *smaller() {
      // To find that out takes longer than to draw, and few values have to become smaller.
      const kind = kinds.find(each => each.canShrinkWithoutContext(value))
      if (kind !== undefined) yield* drawOf(kind, new fc.Value(value, undefined)).smaller()
      else for (const less of lessOf(value)) yield sampleOf(kinds, less)
    },
  }
}

/** The same without one of its members or items. */
function* lessOf(value: unknown): Generator<unknown> {
  if (typeof value !== 'object' || value === null) return
  for (const name of Object.keys(value)) {
    if (Array.isArray(value)) yield value.filter((_, at) => String(at) !== name)
    else yield Object.fromEntries(Object.entries(value).filter(([other]) => other !== name))
  }
}

function drawOf(arbitrary: fc.Arbitrary<unknown>, { value, context }: fc.Value<unknown>): Draw {
  return {
    value,
    *smaller() {
      for (const next of arbitrary.shrink(value, context)) yield drawOf(arbitrary, next)
    },
  }
}
