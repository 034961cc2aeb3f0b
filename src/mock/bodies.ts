import { hash, sample } from '../generate/index.ts'
import { isJson, parseMediaType } from '../http/index.ts'
import { type Content, Part, type Relations, type ResponseHeader, type Scope } from '../model/index.ts'
import { relate } from './relate.ts'

/** A body made for one answer. `says` tells where it could not be what the document promises. */
export type MadeBody = { readonly value: unknown; readonly says?: string }

/** Makes the bodies of one document's answers. */
export class Bodies {
  readonly #root: Part
  /** The example that is served for a media type: the first that its schema accepts. */
  readonly #served = new Map<Content, MadeBody>()

  constructor(root: unknown) {
    this.#root = Part.of(root)
  }

  /** The first documented example that the schema accepts; without one, a generated value that is kept. */
  byExample(content: Content): MadeBody {
    const known = this.#served.get(content)
    if (known !== undefined) return known
    const { schema } = content
    const good = content.examples.find(example => schema === undefined || schema.accepts(example.value))
    const made = good === undefined ? this.generated(content, hash(content.pointer)) : { value: good.value }
    const kept: MadeBody = { ...made, value: structuredClone(made.value) }
    this.#served.set(content, kept)
    return kept
  }

  generated(content: Content, seed: number): MadeBody {
    const { schema } = content
    if (schema === undefined) return { value: content.examples[0]?.value }
    const part = this.#root.at(schema.pointer)
    if (part === undefined) return { value: content.examples[0]?.value }
    const made = sample(schema, part, seed)
    if (made.kind === 'made') return { value: made.value }
    return {
      value: content.examples[0]?.value ?? null,
      says: `no value fits the schema at ${schema.pointer}: ${made.says}`,
    }
  }

  /** A value for a response header without an example; only what is required is made up. */
  forHeader(header: ResponseHeader): unknown {
    const part = header.schema && this.#root.at(header.schema.pointer)
    if (!header.required || header.schema === undefined || part === undefined) return undefined
    const made = sample(header.schema, part, hash(header.pointer))
    return made.kind === 'made' ? made.value : undefined
  }
}

/**
 * The bytes of a body with the relations of its response applied, if the schema accepts the outcome, else without. The
 * value is left as it was, so a kept example serves every request without being copied.
 */
export function encodeRelated(
  content: Content,
  value: unknown,
  relations: Relations,
  scope: Scope,
  seed: () => number,
): Uint8Array {
  const related = { ...scope, response: { ...scope.response, body: value } }
  const undo = relate(relations, related, seed)
  try {
    if (content.schema === undefined || content.schema.accepts(value)) return encode(content.mediaType, value)
  } catch (error) {
    // A value echoed out of the request may be nested deeper than JSON.stringify can follow.
    if (!(error instanceof RangeError)) throw error
  } finally {
    undo()
  }
  return encode(content.mediaType, value)
}

function encode(mediaType: string, value: unknown): Uint8Array {
  const essence = parseMediaType(mediaType)?.essence ?? mediaType
  if (isJson(essence) || typeof value !== 'string') return Buffer.from(value === undefined ? '' : JSON.stringify(value))
  return Buffer.from(value)
}

/** The Content-Type that is sent for a documented media type; a range is made concrete. */
export function contentTypeOf(mediaType: string, value: unknown): string {
  if (!mediaType.includes('*')) return mediaType
  return typeof value === 'string' ? 'text/plain; charset=utf-8' : 'application/json'
}
