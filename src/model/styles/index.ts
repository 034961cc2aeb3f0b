import type { ParameterPlace, Sent } from '../parameters.ts'
import type { Part } from '../part.ts'
import { coercer, typesOf } from './coerce.ts'
import { decode } from './decode.ts'
import { deepObject } from './deep-object.ts'
import { delimited } from './delimited.ts'
import { formObject } from './form-object.ts'
import { prefixed } from './prefixed.ts'

/** What a parameter stands for, or what is wrong with how it was sent. */
export type Parsed = { readonly value?: unknown; readonly says?: string }

/** Reads the raw values sent under a parameter's name; `undefined` when the form is not read, and so not judged. */
export type StyleReader = (raw: readonly string[], sent: Sent) => Parsed | undefined

/** How a style separates the items of an array, where it does. */
const separators: Readonly<Record<string, string>> = { simple: ',', form: ',', spaceDelimited: ' ', pipeDelimited: '|' }

const defaults: Readonly<Record<ParameterPlace, string>> = {
  path: 'simple',
  header: 'simple',
  query: 'form',
  cookie: 'form',
}

/** The styles of parameters. Source: OpenAPI 3.1.1, section 4.8.12.3. */
export const styles = {
  /** The reader for a parameter as documented. */
  reader(part: Part, schema: Part | undefined, place: ParameterPlace): StyleReader {
    const name = part.text('name') ?? ''
    const style = styleOf(part, place)
    const explode = explodes(part, style)
    const types = typesOf(schema)
    const isComposed = types.has('array') || types.has('object')
    const within = (separator: string): StyleReader =>
      isComposed ? delimited({ separator, explode, place, schema }) : plain(schema, place)
    if (style === 'deepObject') return deepObject(name, schema)
    if (style === 'label') return prefixed('.', within(explode ? '.' : ','))
    if (style === 'matrix') {
      if (!explode || !isComposed) return prefixed(`;${name}=`, within(','))
      // The name is repeated before each item of an array; the members of an object bring their own.
      return types.has('array') ? prefixed(`;${name}=`, within(`;${name}=`)) : prefixed(';', within(';'))
    }
    if (spreads(part, schema, place)) return place === 'query' ? formObject(schema) : () => undefined
    const separator = separators[style]
    return separator === undefined ? () => undefined : within(separator)
  },

  /** Whether the value is spread over parameters of other names, so that its own name need not be sent. */
  spansParameters(part: Part, schema: Part | undefined, place: ParameterPlace): boolean {
    return (place === 'query' && styleOf(part, place) === 'deepObject') || spreads(part, schema, place)
  },
}

function styleOf(part: Part, place: ParameterPlace): string {
  return part.text('style') ?? defaults[place]
}

function explodes(part: Part, style: string): boolean {
  return (part.get('explode')?.value ?? style === 'form') === true
}

/** Whether the members of an object are sent under their own names. */
function spreads(part: Part, schema: Part | undefined, place: ParameterPlace): boolean {
  const style = styleOf(part, place)
  return (place === 'query' || place === 'cookie') && style === 'form' && explodes(part, style) && isObject(schema)
}

function isObject(schema: Part | undefined): boolean {
  const types = typesOf(schema)
  return types.has('object') && !types.has('array')
}

function plain(schema: Part | undefined, place: ParameterPlace): StyleReader {
  const coerce = coercer(schema)
  return raw => {
    const sent = raw[0] ?? ''
    // A cookie may be percent-encoded, and may as well hold a percent sign that means itself.
    const text = place === 'path' ? decode(sent) : place === 'cookie' ? (decode(sent) ?? sent) : sent
    return text === undefined ? { says: 'is not valid percent-encoding' } : { value: coerce(text) }
  }
}
