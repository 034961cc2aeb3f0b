import type { ParameterPlace, Sent } from '../parameters.ts'
import type { Part } from '../part.ts'
import { coercer, typesOf } from './coerce.ts'
import { deepObject } from './deep-object.ts'
import { delimited } from './delimited.ts'

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
    const style = part.text('style') ?? defaults[place]
    const explode = part.get('explode')?.value ?? style === 'form'
    if (style === 'deepObject') return deepObject(part.text('name') ?? '', schema)
    const separator = separators[style]
    if (separator === undefined) return () => undefined
    const types = typesOf(schema)
    if (types.has('object') && explode === true && style === 'form') return () => undefined
    if (types.has('array') || types.has('object'))
      return delimited({ separator, explode: explode === true, place, schema })
    const coerce = coercer(schema)
    return raw => {
      const text = place === 'path' ? decode(raw[0] ?? '') : (raw[0] ?? '')
      return text === undefined ? { says: 'is not valid percent-encoding' } : { value: coerce(text) }
    }
  },

  /** Whether the value is spread over parameters of other names, so that its own name need not be sent. */
  spansParameters(part: Part, place: ParameterPlace): boolean {
    return place === 'query' && part.text('style') === 'deepObject'
  },
}

/** Percent-decoded text, or `undefined` when an escape is broken. */
export function decode(text: string): string | undefined {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
