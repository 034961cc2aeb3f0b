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

/** So many values of these shapes, after the samples. Valid or not is not looked at. */
export function drawFrom(
  shapes: readonly Shape[],
  samples: readonly unknown[],
  seed: number,
  count: number,
): readonly Draw[] {
  const kinds = shapes.map(arbitraryOf)
  const given = samples.map(value => sampleOf(kinds, value))
  if (kinds.length === 0) return given
  const all = fc.oneof(...kinds)
  return [...given, ...fc.sample(new Kept(all), { seed, numRuns: count }).map(drawn => drawOf(all, drawn))]
}

/** A value from elsewhere becomes smaller as one of the first kind that it could have been drawn from. */
function sampleOf(kinds: readonly fc.Arbitrary<unknown>[], value: unknown): Draw {
  const kind = kinds.find(each => each.canShrinkWithoutContext(value))
  return kind === undefined ? { value, smaller: () => [] } : drawOf(kind, new fc.Value(value, undefined))
}

function drawOf(arbitrary: fc.Arbitrary<unknown>, { value, context }: fc.Value<unknown>): Draw {
  return {
    value,
    *smaller() {
      for (const next of arbitrary.shrink(value, context)) yield drawOf(arbitrary, next)
    },
  }
}
