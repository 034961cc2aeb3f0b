import type { Schema } from '../model/index.ts'
import { decisions, inOrder, isPossible, listedBy, type Union } from './alternatives.ts'
import { type Applying, heirsOf } from './discriminator.ts'
import { place, type Writer } from './place.ts'
import type { Shape } from './shape.ts'
import { follow, inside, isEndless, isRecord, memberOf, type Source } from './source.ts'

/** What decides how a schema is written out. */
export type Way = {
  /** Levels of objects and arrays that are written out in full; below, only what is required is. */
  readonly depth: number
  /** Which of several alternatives is taken, counted round and round. */
  readonly pick: number
  /** Whose message the value is in: what belongs to the other side only is left out. */
  readonly side: Schema['side']
  /** Whether something stands where a required member is impossible, so that the rest of a value can be made. */
  readonly isLenient?: boolean
}

/** A schema written out, or why that is not possible. */
export type Shaping =
  | { readonly shape: Shape; readonly size: number }
  | { readonly shape: undefined; readonly says: string }

/** Places after which a schema counts as too large to be written out. */
const maxSize = 20_000

/** Combinations of alternatives that are tried for a whole schema. */
const maxTries = 2_000

/** Puts together all that a schema says of a value: see {@link Shape}. */
export function shapeOf(root: unknown, schema: { value: unknown; pointer: string }, way: Way): Shaping {
  const shaper = new Shaper(root, way)
  const shape = shaper.shape(follow(root, schema.value, schema.pointer, undefined), '', way.depth)
  return shape === undefined ? { shape, says: shaper.says } : { shape, size: shaper.size }
}

class Shaper implements Writer {
  /** Places that were written out. */
  size = 0
  /** Why the last thing that failed did. */
  says = 'nothing is accepted'
  readonly root: unknown
  readonly side: Schema['side']
  readonly isLenient: boolean
  readonly #way: Way
  #tries = 0

  constructor(root: unknown, way: Way) {
    this.root = root
    this.side = way.side
    this.isLenient = way.isLenient === true
    this.#way = way
  }

  /** @returns `undefined` when nothing can match all of the sources */
  shape(sources: readonly Source[], name: string, depth: number): Shape | undefined {
    this.size += 1
    if (this.size > maxSize) return this.fail('it is too large to be written out')
    const applying: Applying[] = []
    const unions: Union[] = []
    for (const source of sources) if (!this.#gather(source, applying, unions)) return undefined
    return this.#solve(applying, unions, name, depth)
  }

  fail(says: string): undefined {
    this.says = says
    return undefined
  }

  /** Collects what applies together with a source. */
  #gather(source: Source, applying: Applying[], unions: Union[]): boolean {
    const { value, pointer } = source
    if (value === false) return this.fail(`${pointer} allows nothing`) ?? false
    if (!isRecord(value)) return true
    if (isEndless(source)) return this.fail(`${pointer} requires itself, without an end`) ?? false
    if (applying.some(known => known.pointer === pointer)) return true
    applying.push(source)
    const gatherAll = (...tokens: (string | number)[]): boolean =>
      inside(this.root, source, ...tokens).every(inner => this.#gather(inner, applying, unions))
    const count = Array.isArray(value.allOf) ? value.allOf.length : 0
    for (let at = 0; at < count; at += 1) if (!gatherAll('allOf', at)) return false
    for (const name of Object.keys(isRecord(value.dependentSchemas) ? value.dependentSchemas : {}))
      if (!gatherAll('dependentSchemas', name)) return false
    for (const keyword of ['anyOf', 'oneOf'] as const) {
      const branches = memberOf(value, keyword)
      if (!Array.isArray(branches)) continue
      const union: Union = {
        owner: source,
        keyword,
        branches: branches.map((_, at) => inside(this.root, source, keyword, at)),
      }
      const listed = listedBy(union)
      if (listed === undefined) unions.push(union)
      else applying.push({ value: { enum: listed }, pointer: `${pointer}/${keyword}`, trail: source.trail })
    }
    if (value.if !== undefined) {
      const met = [...inside(this.root, source, 'if'), ...inside(this.root, source, 'then')]
      const unmet = inside(this.root, source, 'else')
      unions.push({ owner: { ...source, value: {} }, keyword: 'anyOf', branches: [met, unmet] })
    }
    const heirs = heirsOf(this.root, source)
    // What an heir takes over from it is not to be that of another heir.
    if (heirs !== undefined && !applying.some(known => heirs.some(([heir]) => heir?.pointer === known.pointer))) {
      const branches = heirs.filter(heir => !heir.some(isEndless))
      if (branches.length > 0) unions.push({ owner: source, keyword: 'anyOf', branches, isOptional: true })
    }
    return true
  }

  /** Takes one of each alternatives and goes back to another where that leads nowhere. */
  #solve(applying: readonly Applying[], unions: readonly Union[], name: string, depth: number): Shape | undefined {
    const [union, ...rest] = unions
    if (union === undefined) return place(this, applying, name, depth)
    if (union.branches.length === 0) return this.fail(`${union.owner.pointer}/${union.keyword} has no alternatives`)
    for (const branch of inOrder(union, this.#way.pick, depth)) {
      this.#tries += 1
      if (this.#tries > maxTries) return this.fail('it has too many combinations of alternatives')
      const together = [...applying]
      const further = [...rest]
      if (!branch.every(source => this.#gather(source, together, further))) continue
      if (!isPossible(together)) {
        this.says = `no alternative of ${union.owner.pointer}/${union.keyword} goes with what stands beside it`
        continue
      }
      together.push(...decisions(this.root, union, branch, together, this.#way.pick))
      const shape = this.#solve(together, further, name, depth)
      if (shape !== undefined) return shape
    }
    return undefined
  }
}
