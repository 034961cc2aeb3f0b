import { hash, partFieldsOf, sample, settingsOf } from '../generate/index.ts'
import { isJson, parseMediaType } from '../http/index.ts'
import {
  type Content,
  contentTypeWith,
  encodeBody,
  type Header,
  isFitting,
  Part,
  type Relations,
  type ResponseDescription,
  type Schema,
  SchemaUnusable,
  type Scope,
} from '../model/index.ts'
import { isFieldText, isFraming, isToken } from './fields.ts'
import { forgiving } from './forgive.ts'
import { relate } from './relate.ts'
import type { Fresh } from './uniques.ts'

/** A body made for one answer. `says` tells what about the document kept it from being what the document promises. */
export type MadeBody = { readonly value: unknown; readonly says?: string }

/** Makes the bodies and header fields of one document's answers. */
export class Bodies {
  readonly #root: Part
  readonly #notice: (text: string) => void
  readonly #ignoreExamples: boolean
  /** The example that is served for a media type: the first that its schema accepts. */
  readonly #served = new Map<Content, MadeBody>()
  readonly #usable = new Map<Content, Content>()
  readonly #parts = new Map<Schema, Part | undefined>()
  readonly #fields = new Map<ResponseDescription, readonly string[]>()

  /**
   * @param notice told of what the document says and cannot be sent
   * @param ignoreExamples reads media types as if the document had given no examples
   */
  constructor(root: unknown, notice: (text: string) => void, ignoreExamples = false) {
    this.#root = Part.of(root)
    this.#notice = notice
    this.#ignoreExamples = ignoreExamples
    const { unknown } = settingsOf(root)
    if (unknown.length > 0) notice(`x-json-schema-faker: ${unknown.join(', ')} mean nothing here and are not obeyed`)
  }

  /** The content as far as it is usable: without its schema where no validator can be made of that. */
  readonly usable = (content: Content): Content => {
    const known = this.#usable.get(content)
    if (known !== undefined) return known
    const trouble = content.schema && troubleOf(content.schema)
    if (trouble !== undefined) this.#notice(`${trouble}; bodies are not held against it`)
    const schema = trouble === undefined ? content.schema && this.#forgiving(content.schema) : undefined
    const usable = { ...content, schema, examples: this.#ignoreExamples ? [] : content.examples }
    this.#usable.set(content, usable)
    return usable
  }

  #forgiving(schema: Schema): Schema {
    return forgiving(schema, trouble => this.#notice(`${trouble}; bodies are not held against it`))
  }

  /** Where a schema stands, found once. */
  #partOf(schema: Schema): Part | undefined {
    if (!this.#parts.has(schema)) this.#parts.set(schema, this.#root.at(schema.pointer))
    return this.#parts.get(schema)
  }

  /** The first documented example that the schema accepts; without one, a generated value that is kept. */
  byExample(content: Content): MadeBody {
    const known = this.#served.get(content)
    if (known !== undefined) return known
    const { schema, examples } = content
    const good = examples.findIndex(example => isFitting(content, example))
    const made = good === -1 ? this.generated(content, hash(content.pointer)) : { value: examples[good]?.value }
    const flawed = examples.slice(0, good === -1 ? undefined : good)
    const says = [
      ...flawed.map(({ name, value, says }) => flaw(name, schema, value, says)),
      ...('says' in made ? [made.says] : []),
    ]
    const kept: MadeBody = {
      value: structuredClone(made.value),
      ...(says.length > 0 && { says: says.join('; ') }),
    }
    this.#served.set(content, kept)
    return kept
  }

  /** @param dynamic leaves out the examples of members as well */
  generated({ schema, examples, mediaType }: Content, seed: number, dynamic = false): MadeBody {
    const part = schema && this.#partOf(schema)
    if (schema === undefined || part === undefined) {
      const [example] = examples
      if (example !== undefined) return { value: example.value }
      // Nothing is promised of it, but a reader of JSON expects some.
      if (isJson(parseMediaType(contentTypeOf(mediaType, {}))?.essence ?? '')) return { value: {} }
      return { value: textOf(mediaType) ?? '' }
    }
    const text = textOf(mediaType)
    if (text !== undefined && isFreeText(schema) && schema.accepts(text)) return { value: text }
    const made = sample(schema, part, seed, { examples: !dynamic && !this.#ignoreExamples })
    if (made.kind === 'made') {
      for (const note of made.notes ?? []) this.#notice(note)
      return { value: made.value }
    }
    return {
      value: examples.length > 0 ? examples[0]?.value : made.nearest,
      says: `no value fits the schema at ${schema.pointer}: ${made.says}`,
    }
  }

  /** The documented header fields of a response, names and values in turn: examples, and what is required made up. */
  fieldsOf(response: ResponseDescription): readonly string[] {
    const known = this.#fields.get(response)
    if (known !== undefined) return known
    const fields = response.headers.flatMap(header => this.#fieldOf(header))
    this.#fields.set(response, fields)
    return fields
  }

  #fieldOf(header: Header): readonly string[] {
    const name = header.name.toLowerCase()
    if (isFraming(name)) return []
    const value = this.#valueOf(header)
    if (value === undefined) return []
    const text = header.write(value)
    if (isToken(name) && isFieldText(text)) return [name, text]
    this.#notice(`the header ${header.name} at ${header.pointer} cannot be sent: ${JSON.stringify(text)}`)
    return []
  }

  #valueOf({ name, required, schema: documented, example, pointer }: Header): unknown {
    const schema =
      documented !== undefined && troubleOf(documented) === undefined ? this.#forgiving(documented) : undefined
    if (example !== undefined) {
      if (schema === undefined || schema.accepts(example.value)) return example.value
      this.#notice(`the header ${name} at ${pointer}: ${flaw('example', schema, example.value)}`)
    }
    const part = schema && this.#partOf(schema)
    if (!required || schema === undefined || part === undefined) return undefined
    const made = sample(schema, part, hash(pointer))
    return made.kind === 'made' ? made.value : undefined
  }
}

/** What a reader of the media type can read, where the document says no more than that it is some text. */
function textOf(mediaType: string): string | undefined {
  const essence = parseMediaType(mediaType)?.essence
  if (essence === 'text/html') return '<!doctype html>\n<title>Example</title>\n<p>An example.</p>\n'
  if (essence === 'text/csv') return 'id,name\r\n1,example\r\n'
  return essence === 'text/plain' ? 'An example.' : undefined
}

function isFreeText({ value }: Schema): boolean {
  const { type, format, pattern } = (value ?? {}) as Readonly<Record<string, unknown>>
  return type === 'string' && format === undefined && pattern === undefined
}

/** Why no validator can be made of a schema. */
function troubleOf(schema: Schema): string | undefined {
  try {
    schema.accepts(null)
    return undefined
  } catch (error) {
    if (error instanceof SchemaUnusable) return error.message
    throw error
  }
}

/** Why an example is not served. */
function flaw(name: string, schema: Schema | undefined, value: unknown, says?: string): string {
  if (says !== undefined) return `the example "${name}" ${says}, and is not served`
  const [first] = schema?.mismatches(value) ?? []
  const reason = first === undefined ? '' : ` (${first.at || 'the value'} ${first.says})`
  return `the example "${name}" does not match its schema${reason} and is not served`
}

/**
 * The bytes of a body with the relations of its response applied, as far as the schema accepts the outcome. The value is
 * left as it was, so a kept example serves every request without being copied.
 */
export function encodeRelated(
  content: Content,
  value: unknown,
  relations: Relations,
  scope: Scope,
  fresh: Fresh,
): Uint8Array {
  const { schema } = content
  const related = { ...scope, response: { ...scope.response, body: value } }
  const accepts = (): boolean => schema === undefined || schema.accepts(value)
  // Mostly all relations can be kept at once, and then the body is judged once.
  for (const accepted of [undefined, () => accepts() && isWritable(value)]) {
    const undo = relate(relations, related, fresh, accepted)
    try {
      if (accepts()) return bytesOf(content, value)
    } catch (error) {
      // A value echoed out of the request may be nested deeper than JSON.stringify can follow.
      if (!(error instanceof RangeError)) throw error
    } finally {
      undo()
    }
  }
  return bytesOf(content, value)
}

function bytesOf({ mediaType, shape }: Content, value: unknown): Uint8Array {
  return encodeBody(contentTypeOf(mediaType, value), value, shape, partFieldsOf(shape)).bytes
}

export function isWritable(value: unknown): boolean {
  try {
    JSON.stringify(value)
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/** What is sent for a range of media types, by the family it names. */
const concrete: Readonly<Record<string, string>> = {
  application: 'application/json',
  text: 'text/plain; charset=utf-8',
  image: 'image/png',
  audio: 'audio/mpeg',
  video: 'video/mp4',
}

/** The Content-Type that is sent for a documented media type; a range is made concrete. */
export function contentTypeOf(mediaType: string, value: unknown): string {
  if (!mediaType.includes('*')) return contentTypeWith(mediaType)
  const family = mediaType.trim().toLowerCase().split('/')[0] ?? '*'
  const byValue = typeof value === 'string' ? 'text' : 'application'
  return concrete[family === '*' ? byValue : family] ?? `${family}/octet-stream`
}
