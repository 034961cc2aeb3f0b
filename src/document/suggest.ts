import { readdirSync } from 'node:fs'
import path from 'node:path'
import { parsePointer, resolvePointer } from '../finding/index.ts'
import { isAddress, referenceFrom, resolveReference } from './address.ts'
import { lastName } from './discriminators.ts'
import { parsedValue } from './named.ts'
import { type Reason, type Unresolved, uriPointer } from './references.ts'
import type { SourceFile, Sources } from './source-file.ts'

/** Where files keep parts by name. */
const holders = [
  ...['schemas', 'responses', 'parameters', 'requestBodies', 'headers', 'examples', 'pathItems', 'securitySchemes'].map(
    name => ['components', name],
  ),
  ...['definitions', '$defs', 'parameters', 'responses'].map(name => [name]),
]

/** Adds to what can be done about a reference that leads nowhere which one was meant, if one is nearly the same. */
export function suggesting<R extends Reason>(reason: R, ref: string, source: SourceFile, sources: Sources): R {
  const meant = meantBy(ref, source, sources, reason.why.code === 'reference-refused')
  if (meant === undefined || meant === ref) return reason
  return { ...reason, why: { ...reason.why, help: `Did you mean ${meant}? ${reason.why.help}` } }
}

/** The same for a reference as it stands in its file. */
export function suggestingFor(reference: Unresolved, sources: Sources): Unresolved {
  const { source, tokens } = reference
  return suggesting(reference, String(resolvePointer(source.value, tokens)), source, sources)
}

function meantBy(ref: string, source: SourceFile, sources: Sources, isRefused: boolean): string | undefined {
  if (isAddress(ref)) return undefined
  const [location = '', fragment] = ref.split('#', 2)
  const target = location === '' ? source : sources.get(resolveReference(location, source.absolute) ?? '')
  if (target !== undefined) return nearestOf(ref, partsOf(target), location)
  // A pointer without its #, a name without its place.
  const entry = [...sources.values()][0]
  const own = entry === undefined || /\.(ya?ml|json)$/i.test(location) ? [] : partsOf(entry)
  const isOwn = own.find(pointer => parsePointer(pointer).at(-1) === lastName(location))
  if (isOwn !== undefined && entry !== undefined) {
    return source === entry ? isOwn : `${referenceFrom(source.absolute, entry.absolute)}${isOwn}`
  }
  if (isRefused) return undefined
  const file = nearestFile(location, source)
  return file === undefined ? undefined : `${file}${fragment === undefined ? '' : `#${fragment}`}`
}

function partsOf(source: SourceFile): string[] {
  const value = parsedValue(source)
  const all = holders.flatMap(holder => {
    const parts = resolvePointer(value, holder)
    return typeof parts === 'object' && parts !== null ? Object.keys(parts).map(name => [...holder, name]) : []
  })
  const top = resolvePointer(value, ['openapi']) ?? resolvePointer(value, ['swagger'])
  const own = top === undefined && typeof value === 'object' && value !== null ? Object.keys(value) : []
  return [...all, ...own.map(name => [name])].map(tokens => `#${uriPointer(tokens)}`)
}

/** Of these pointers, the one with the same last name, else with one that is nearly so. */
function nearestOf(ref: string, pointers: readonly string[], location: string): string | undefined {
  const wanted = lastName(ref.includes('#/') ? ref : ref.replace('#', '#/'))
  const rated = pointers.map(pointer => ({ pointer, far: distance(parsePointer(pointer).at(-1) ?? '', wanted) }))
  const [best] = rated.sort((a, b) => a.far - b.far)
  const isNear = best !== undefined && best.far <= tolerance(wanted)
  return isNear ? `${location}${best.pointer}` : undefined
}

function nearestFile(location: string, source: SourceFile): string | undefined {
  const wanted = resolveReference(location, source.absolute)
  if (wanted === undefined || isAddress(wanted)) return undefined
  const name = path.basename(wanted)
  const rated = namesIn(path.dirname(wanted)).map(each => ({
    each,
    far: distance(each.toLowerCase(), name.toLowerCase()),
  }))
  const [best] = rated.sort((a, b) => a.far - b.far)
  if (best === undefined || best.far > tolerance(path.parse(name).name)) return undefined
  return `${location.slice(0, location.length - location.split('/').slice(-1).join().length)}${best.each}`
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter(name => /\.(ya?ml|json)$/i.test(name))
  } catch {
    return []
  }
}

/** How many letters may differ for a name to be meant. */
function tolerance(name: string): number {
  return name.length < 3 ? 0 : name.length < 5 ? 1 : Math.max(2, Math.floor(name.length / 4))
}

/** How many letters differ: taken away, put in, or changed. */
function distance(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > 3) return Number.POSITIVE_INFINITY
  let row = Array.from({ length: other.length + 1 }, (_, at) => at)
  for (const [at, letter] of [...one].entries()) {
    const next = [at + 1]
    for (let to = 1; to <= other.length; to += 1) {
      const changed = (row[to - 1] ?? 0) + (other[to - 1] === letter ? 0 : 1)
      next.push(Math.min((row[to] ?? 0) + 1, (next[to - 1] ?? 0) + 1, changed))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
