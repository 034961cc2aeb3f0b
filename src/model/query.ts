/**
 * The pairs of a query or of a form, with their values still encoded, because some styles part a value at signs that may
 * also stand inside it in encoded form. Source: URL Standard, section 5.1.
 */
export class Query {
  /** Names, decoded, and values, encoded, in their order. */
  readonly pairs: readonly (readonly [name: string, value: string])[]
  readonly text: string
  #byName: Map<string, string[]> | undefined
  #byRoot: Map<string, Below[]> | undefined
  /** Names that were sent without an equals sign. */
  #bare: Set<string> | undefined

  private constructor(text: string) {
    this.text = text
    this.pairs = text
      .split('&')
      .filter(pair => pair !== '')
      .map(pair => {
        const at = pair.indexOf('=')
        const encoded = at === -1 ? pair : pair.slice(0, at)
        const name = decodeQuery(encoded) ?? encoded
        if (at === -1) {
          this.#bare ??= new Set()
          this.#bare.add(name)
        }
        return [name, at === -1 ? '' : pair.slice(at + 1)]
      })
  }

  static of(text: string): Query {
    return new Query(text)
  }

  /** The query of a request target. */
  static in(target: string): Query {
    const start = target.indexOf('?')
    return new Query(start === -1 ? '' : target.slice(start + 1))
  }

  /** The values of a name, as sent. */
  all(name: string): readonly string[] {
    this.#byName ??= grouped(this.pairs)
    return this.#byName.get(name) ?? []
  }

  /** The first value of a name, decoded as far as it can be. */
  first(name: string): string | undefined {
    const [value] = this.all(name)
    return value === undefined ? undefined : (decodeQuery(value) ?? value)
  }

  /** What is sent under `name[…]`. */
  below(name: string): readonly Below[] {
    this.#byRoot ??= byRoot(this.pairs, this.#bare)
    return this.#byRoot.get(name) ?? []
  }
}

/** The part in brackets with its value, which is `undefined` when not even an equals sign was sent. */
type Below = readonly [path: string, value: string | undefined]

/** Decodes a name or value of a query; `undefined` when an escape is broken. */
export function decodeQuery(text: string): string | undefined {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  if (!spaced.includes('%')) return spaced
  try {
    return decodeURIComponent(spaced)
  } catch {
    return undefined
  }
}

function grouped(pairs: Query['pairs']): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const [name, value] of pairs) {
    const group = groups.get(name)
    if (group === undefined) groups.set(name, [value])
    else group.push(value)
  }
  return groups
}

function byRoot(pairs: Query['pairs'], bare: ReadonlySet<string> | undefined): Map<string, Below[]> {
  const groups = new Map<string, Below[]>()
  for (const [name, value] of pairs) {
    const at = name.indexOf('[')
    if (at <= 0 || !name.endsWith(']')) continue
    const below: Below = [name.slice(at), value === '' && bare?.has(name) ? undefined : value]
    const group = groups.get(name.slice(0, at))
    if (group === undefined) groups.set(name.slice(0, at), [below])
    else group.push(below)
  }
  return groups
}
