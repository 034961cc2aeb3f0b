import {
  type Api,
  type BodyShape,
  encodeBody,
  type Header,
  type Operation,
  Part,
  type PartFields,
} from '../model/index.ts'
import { breakEach } from './breakers/index.ts'
import { accepts, made } from './one.ts'
import { bodyToSend } from './request-body.ts'

const none: PartFields = () => []

/** Texts that are tried on each header. */
const maxTexts = 6

/** The header fields that the parts of a multipart body must have: documented examples, else made-up values. */
export function partFieldsOf({ partHeaders, encoding }: BodyShape): PartFields {
  const described = partHeaders?.()
  if (described === undefined || described.size === 0) return none
  return property =>
    (described.get(property) ?? [])
      .filter(({ required }) => required)
      .flatMap(header => fieldOf(header, header.write(valueFor(header, encoding?.root))))
}

/** A value that a header takes. */
function valueFor({ schema, example, name }: Header, root: unknown): unknown {
  if (example !== undefined && accepts(schema, example.value)) return example.value
  return schema === undefined ? (example?.value ?? name) : made(root, schema)
}

/** What would end the field, or is no name of one, is not written. */
function fieldOf({ name }: Header, text: string): readonly string[] {
  return /[\r\n\0]/.test(text) || /[^!-9;-~]/.test(name) ? [] : [name, text]
}

/** A multipart body of which one header of one part is missing or has another value. */
export type BrokenPart = { readonly says: string; readonly bytes: Uint8Array }

/**
 * The body that {@link bodyToSend} makes, with each documented header of its parts left out or broken alone, as far as they
 * are there. Whether the document refuses it is for the caller to see.
 */
export function breakParts(api: Api, operation: Operation): readonly BrokenPart[] {
  const sent = bodyToSend(api, operation)
  if (sent === undefined || !sent.mediaType.startsWith('multipart/')) return []
  const { value, shape, mediaType } = sent
  if (typeof value !== 'object' || value === null) return []
  const good = partFieldsOf(shape)
  const encoded = (property: string, header: Header, text: string | undefined): Uint8Array => {
    const fields = (name: string): readonly string[] => {
      if (name !== property) return good(name)
      const others = good(name).filter((_, at, all) => all[at - (at % 2)] !== header.name)
      return text === undefined ? others : [...others, ...fieldOf(header, text)]
    }
    return encodeBody(mediaType, value, shape, fields).bytes
  }
  return [...(shape.partHeaders?.() ?? [])].flatMap(([property, headers]) => {
    if (!Object.hasOwn(value, property)) return []
    return headers.flatMap(header => {
      const { name } = header
      const texts = textsAgainst(header, api.document.root)
      const wrong = texts.map(text => ({
        says: `header ${name} of part ${property} as ${JSON.stringify(text)}`,
        bytes: encoded(property, header, text),
      }))
      if (!header.required) return wrong
      return [{ says: `no header ${name} of part ${property}`, bytes: encoded(property, header, undefined) }, ...wrong]
    })
  })
}

/** Texts whose values the schema refuses. */
function textsAgainst(header: Header, root: unknown): string[] {
  const { schema } = header
  const part = schema && Part.of(root).at(schema.pointer)
  if (schema === undefined || part === undefined) return []
  const broken = breakEach(schema, part, valueFor(header, root)).map(({ value }) => header.write(value))
  const isUsable = (text: string): boolean => fieldOf(header, text).length > 0 && !accepts(schema, header.read(text))
  return [...new Set(broken)].filter(isUsable).slice(0, maxTexts)
}
