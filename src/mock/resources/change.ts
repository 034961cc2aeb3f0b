import { type HttpRequest, headerOf, parseMediaType } from '../../http/index.ts'
import { type Operation, propertiesOf } from '../../model/index.ts'
import { describedIn } from './frame.ts'
import { isThing, type Thing } from './shown.ts'

/** A thing after members were sent; the others stay. In a JSON Merge Patch `null` takes a member away. Source: RFC 7396. */
export function merged(thing: Thing, sent: Thing, request: HttpRequest): Thing {
  const type = parseMediaType(headerOf(request.headers, 'content-type') ?? '')
  return type?.essence === 'application/merge-patch+json' ? patched(thing, sent) : { ...thing, ...sent }
}

/**
 * A thing after another was sent in its place: what the request could have said and does not is gone, or as it is by default.
 */
export function replaced(thing: Thing, sent: Thing, operation: Operation, member: string | undefined): Thing {
  const next: Record<string, unknown> = { ...thing }
  for (const part of describedIn(operation, member)) {
    for (const [name, property] of propertiesOf(part)) {
      const fallback = property.get('default')
      if (property.is('readOnly')) continue
      if (fallback === undefined) delete next[name]
      else next[name] = fallback.value
    }
  }
  return { ...next, ...sent }
}

function patched(thing: unknown, patch: Thing): Thing {
  const next = new Map(Object.entries(isThing(thing) ? thing : {}))
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) next.delete(name)
    else next.set(name, isThing(value) ? patched(next.get(name), value) : value)
  }
  return Object.fromEntries(next)
}
