import type { Part, Schema } from '../model/index.ts'
import { sample } from './sample.ts'
import { hash } from './seed.ts'
import type { Shape } from './shape.ts'
import { shapeOf } from './shaper.ts'

/** A value that chance came up with, and smaller ones of its kind. */
export type Draw = {
  readonly value: unknown
  /** The next smaller values, the smallest first; none is promised to be accepted. */
  readonly smaller: () => Iterable<Draw>
}

/** Alternatives of a schema that are drawn from. */
const picks = 4

/** Places of a schema that are drawn; a larger one is drawn less deeply. */
const maxPlaces = 200

/** Values that look like those of people, among the others. */
const believable = 4

/**
 * Values that the schema accepts, the same for the same seed; fewer than asked for where they are hard to come by.
 *
 * @param count how many
 */
export async function drawValues(schema: Schema, part: Part, seed: number, count: number): Promise<readonly Draw[]> {
  const shapes = shapesOf(schema, part)
  const likely = Array.from({ length: believable }, (_, at) => sample(schema, part, hash('draw', seed, at)))
  const samples = likely.flatMap(made => (made.kind === 'made' ? [made.value] : []))
  if (shapes.length === 0 && samples.length === 0) return []
  // It takes a while to load, and only chance needs it.
  const { drawFrom } = await import('./drawing.ts')
  const seen = new Set<string>()
  return drawFrom(shapes, samples, Math.trunc(seed), count * 2)
    .filter(({ value }) => {
      const text = JSON.stringify(value)
      if (seen.has(text) || !schema.accepts(JSON.parse(text))) return false
      seen.add(text)
      return true
    })
    .slice(0, count)
}

/** Shapes of the schemas that were drawn from last, the newest at the end; of a large document all would fill the memory. */
const known = new Map<Schema, readonly Shape[]>()
const maxKnown = 32

function shapesOf(schema: Schema, part: Part): readonly Shape[] {
  const shapes = known.get(schema) ?? findShapes(schema, part)
  known.delete(schema)
  known.set(schema, shapes)
  const [oldest] = known.keys()
  if (known.size > maxKnown && oldest !== undefined) known.delete(oldest)
  return shapes
}

function findShapes(schema: Schema, part: Part): Shape[] {
  const shapes = new Map<string, Shape>()
  for (let pick = 0; pick < picks; pick += 1) {
    for (let depth = 3; depth >= 0; depth -= 1) {
      const made = shapeOf(part.root, part, { depth, pick, side: schema.side })
      if (made.shape === undefined || (made.size > maxPlaces && depth > 0)) continue
      shapes.set(JSON.stringify(made.shape), made.shape)
      break
    }
  }
  return [...shapes.values()]
}
