import type { ParameterPlace, Sent } from '../parameters.ts'
import type { Part } from '../part.ts'
import { coercer, isScalarToo, typesOf } from './coerce.ts'
import { badEscape, decodeAt } from './decode.ts'
import { deepObject } from './deep-object.ts'
import { delimited } from './delimited.ts'
import { formObject } from './form-object.ts'
import { prefixed } from './prefixed.ts'

/** What a parameter stands for, or what is wrong with how it was sent. */
export type Parsed = {
  readonly value?: unknown
  readonly says?: string
  /** What else the same text can stand for, where the schema does not want the value. */
  readonly otherwise?: () => Parsed
}

/** Reads the raw values sent under a parameter's name; `undefined` when the form is not read, and so not judged. */
export type StyleReader = (raw: readonly string[], sent: Sent) => Parsed | undefined

/** A form in which a value is sent. */
export type Serialization = {
  readonly name: string
  readonly style: string
  readonly explode: boolean
  readonly place: ParameterPlace
  readonly schema: Part | undefined
}

/** How a style separates the items of an array, where it does; in a query the sign may be encoded as well. */
const separators: Readonly<Record<string, string | RegExp>> = {
  simple: ',',
  form: ',',
  spaceDelimited: /%20|\+| /,
  pipeDelimited: /%7C|\|/i,
}

const defaults: Readonly<Record<ParameterPlace, string>> = {
  path: 'simple',
  header: 'simple',
  query: 'form',
  querystring: 'form',
  cookie: 'form',
}

/** The form that a parameter or encoding object states. */
export function serializationOf(part: Part, schema: Part | undefined, place: ParameterPlace, name: string) {
  const stated = part.text('style') ?? defaults[place]
  // OpenAPI 3.2.0, section 4.12.3: the style `cookie` is that of a form, less its encoding.
  const style = stated === 'cookie' ? 'form' : stated
  const explode = (part.get('explode')?.value ?? style === 'form') === true
  return { name, style, explode, place, schema }
}

/** The styles of parameters. Source: OpenAPI 3.1.1, section 4.8.12.3. */
export const styles = {
  /** The reader of a value that is sent in this form. */
  reader(form: Serialization): StyleReader {
    const { name, style, explode, place, schema } = form
    const types = typesOf(schema)
    const isComposed = types.has('array') || types.has('object')
    const within = (separator: string | RegExp): StyleReader =>
      isComposed ? orPlain(form, delimited({ separator, explode, place, schema })) : plain(schema, place)
    if (style === 'deepObject') return deepObject(name, schema)
    if (style === 'label') return prefixed('.', within(explode ? '.' : ','))
    if (style === 'matrix') {
      if (!explode || !isComposed) return prefixed(`;${name}=`, within(','))
      // The name is repeated before each item of an array; the members of an object bring their own.
      return types.has('array') ? prefixed(`;${name}=`, within(`;${name}=`)) : prefixed(';', within(';'))
    }
    if (spreads(form)) return orPlain(form, formObject(schema, place))
    const separator = separators[style]
    return separator === undefined ? () => undefined : within(separator)
  },

  /** Whether the value is spread over parameters of other names, so that its own name need not be sent. */
  spansParameters(form: Serialization): boolean {
    return (form.place === 'query' && form.style === 'deepObject') || spreads(form)
  },
}

/** Whether the members of an object are sent under their own names. */
function spreads({ place, style, explode, schema }: Serialization): boolean {
  return (place === 'query' || place === 'cookie') && style === 'form' && explode && isObject(schema)
}

function isObject(schema: Part | undefined): boolean {
  const types = typesOf(schema)
  return types.has('object') && !types.has('array')
}

/** `anyOf: [{ type: array }, { enum: [all] }]`: what was sent once may be the text that it looks like. */
function orPlain({ schema, place }: Serialization, read: StyleReader): StyleReader {
  if (!isScalarToo(schema)) return read
  const whole = plain(schema, place)
  return (raw, sent) => {
    const parsed = read(raw, sent)
    const isCertain = raw.length !== 1 || parsed === undefined || parsed.says !== undefined
    return isCertain ? parsed : { ...parsed, otherwise: () => whole(raw, sent) ?? {} }
  }
}

function plain(schema: Part | undefined, place: ParameterPlace): StyleReader {
  const coerce = coercer(schema)
  const decode = decodeAt[place]
  return raw => {
    const text = decode(raw[0] ?? '')
    return text === undefined ? badEscape : { value: coerce(text) }
  }
}
