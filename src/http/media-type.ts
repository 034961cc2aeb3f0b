/** A media type without its parameters, in lower case, with the charset if one was named. */
export type MediaType = {
  readonly essence: string
  readonly charset: string | undefined
}

/** Values that were read before; documents and servers have the same few. */
const known = new Map<string, MediaType | undefined>()
const maxKnown = 200

/** Reads a Content-Type value; `undefined` when it is none. Source: RFC 9110, section 8.3.1. */
export function parseMediaType(value: string): MediaType | undefined {
  const before = known.get(value)
  if (before !== undefined || known.has(value)) return before
  const read = readMediaType(value)
  if (known.size < maxKnown && value.length < 200) known.set(value, read)
  return read
}

function readMediaType(value: string): MediaType | undefined {
  const [essence = '', ...parameters] = value.split(';')
  const name = essence.trim().toLowerCase()
  if (!/^[^\s/,]+\/[^\s/,]+$/.test(name)) return undefined
  const charset = parameters.map(part => /^\s*charset\s*=\s*"?([^"\s]+)"?\s*$/i.exec(part)?.[1]).find(Boolean)
  return { essence: name, charset: charset?.toLowerCase() }
}

/**
 * A parameter of a Content-Type or Content-Disposition field, without its quotes; `undefined` when it is not there. A
 * backslash escapes a quote or itself; elsewhere it is meant, as in the file names of old browsers. Source: RFC 9110,
 * section 5.6.6.
 */
export function parameterOf(field: string, name: string): string | undefined {
  for (const [, key, quoted, plain] of field.matchAll(/;\s*([^=;\s"]+)=(?:"((?:[^"\\]|\\.)*)"|([^;]*))/g)) {
    if (key?.toLowerCase() !== name) continue
    return quoted === undefined ? plain?.trim() : quoted.replace(/\\(["\\])/g, '$1')
  }
  return undefined
}

/** Whether a value of this media type is JSON: `application/json` or the suffix `+json`. Source: RFC 6839, section 3.1. */
export function isJson(essence: string): boolean {
  return essence === 'application/json' || essence === 'text/json' || essence.endsWith('+json')
}

/** How closely a documented media type or range covers `essence`: 3 exact, 2 `type/*`, 1 any, 0 not at all. */
export function coverage(range: string, essence: string): number {
  const wanted = parseMediaType(range)?.essence ?? range.trim().toLowerCase()
  if (wanted === essence) return 3
  if (wanted === '*/*' || wanted === '*') return 1
  if (wanted.endsWith('/*') && essence.startsWith(wanted.slice(0, -1))) return 2
  // `application/*+json` is no range of HTTP, but documents have it.
  const [family = '', suffix] = wanted.split('*', 2)
  return suffix?.startsWith('+') && essence.startsWith(family) && essence.endsWith(suffix) ? 2 : 0
}

/** Parameters that do not tell one type from another. */
const unspecific = new Set(['charset', 'boundary', 'q'])

/**
 * How far the parameters of two media types agree: the number of those that both have with one value, negative where one has
 * another value. Source: RFC 9110, section 8.3.1.
 */
export function agreement(one: string, other: string): number {
  if (!one.includes(';') || !other.includes(';')) return 0
  let same = 0
  for (const name of parameterNames(one)) {
    const [here, there] = [parameterOf(one, name), parameterOf(other, name)]
    if (unspecific.has(name) || there === undefined) continue
    if (here !== there) return -1
    same += 1
  }
  return same
}

function parameterNames(field: string): string[] {
  return [...field.matchAll(/;\s*([^=;\s"]+)=/g)].map(([, name = '']) => name.toLowerCase())
}

/**
 * Of the documented media types, the one that covers another best.
 *
 * @param type without parameters or with them: between types that are else alike they decide
 */
export function bestMediaType(documented: Iterable<string>, type: string): string | undefined {
  const essence = parseMediaType(type)?.essence ?? type
  let best: string | undefined
  let closest = 0
  for (const range of documented) {
    const covered = coverage(range, essence)
    const closeness = covered === 0 ? 0 : covered + Math.max(-1, Math.min(1, agreement(range, type))) / 4
    if (closeness > closest) {
      best = range
      closest = closeness
    }
  }
  return best
}
