import { variers } from '../../generate/index.ts'
import { type Operation, ofOwnSide, propertiesOf, type Resource } from '../../model/index.ts'
import type { Choice } from '../choose.ts'
import type { Fresh } from '../uniques.ts'
import { describedIn, type Frame, memberAt, sentIn } from './frame.ts'
import { type Path, parentsIn, pathValue } from './place.ts'
import { put, type Thing } from './shown.ts'

/**
 * Has what was sent come back in the answer that creates a thing, by name, with the defaults of what was not sent and the
 * values of the path; what the document declares of a member with `x-contract` stays as that says.
 */
export function comeBack(
  thing: Record<string, unknown>,
  operation: Operation,
  { response }: Choice,
  { schema, member }: Frame,
  path: Path,
  accepts: () => boolean,
): void {
  const described = propertiesOf(schema)
  const declared = new Set(response.relations.equal.map(({ left }) => memberAt(left.inResponseBody, member)))
  const take = (name: string, value: unknown): void => {
    if (!described.has(name) || declared.has(name)) return
    const own = ofOwnSide({ [name]: value }, schema, 'response') as Thing
    if (Object.hasOwn(own, name)) put(thing, name, own[name], accepts)
  }
  for (const name of parentsIn(operation.path)) {
    if (Object.hasOwn(thing, name)) take(name, path.reading.path[name] ?? pathValue(path, name))
  }
  const sent = sentIn(path.reading.body, member)
  if (sent === undefined) return
  for (const part of describedIn(operation, member)) {
    for (const [name, property] of propertiesOf(part)) {
      const fallback = property.get('default')
      if (fallback !== undefined && !Object.hasOwn(sent, name)) take(name, fallback.value)
    }
  }
  for (const [name, value] of Object.entries(sent)) take(name, value)
}

/** Gives a thing an id that no other has; `false` where its schema allows none. */
export function nameAnew(
  thing: Record<string, unknown>,
  { id }: Resource,
  { response }: Choice,
  fresh: Fresh,
  accepts: () => boolean,
): boolean {
  const shown = thing[id]
  if (typeof shown !== 'string' && typeof shown !== 'number') return false
  return variers(shown).some(varier => put(thing, id, fresh(`${response.pointer}/x-contract/id`, varier), accepts))
}
