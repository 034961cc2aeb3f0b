import { cookiesOf } from '../cookies.ts'
import type { ParameterPlace } from '../parameters.ts'
import type { Part } from '../part.ts'
import { coercer, propertyReaders } from './coerce.ts'
import { badEscape, decodeAt } from './decode.ts'
import type { StyleReader } from './index.ts'

/** `?role=admin&first=Alex`: an object spread over parameters that bear the names of its properties. */
export function formObject(schema: Part | undefined, place: ParameterPlace): StyleReader {
  const { named } = propertyReaders(schema)
  const coerce = coercer(schema)
  const decode = decodeAt[place]
  // The members of a free-form map cannot be told from other parameters.
  if (named.size === 0) return () => undefined
  return (raw, sent) => {
    const entries: [string, unknown][] = []
    for (const [name, read] of named) {
      const texts = (place === 'query' ? sent.query().all(name) : cookiesOf(sent.request, name)).map(decode)
      if (texts.includes(undefined)) return badEscape
      if (texts.length > 0) entries.push([name, read(texts as string[])])
    }
    if (entries.length > 0) return { value: Object.fromEntries(entries) }
    const text = raw[0] === undefined ? undefined : decode(raw[0])
    return { value: text === undefined ? undefined : coerce(text) }
  }
}
