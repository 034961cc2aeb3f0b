import { isThing, put } from './shown.ts'

/** Names of instants, compared without case, `_` and `-`. */
const created = /^(created|createdat|createdon|creationdate|creationtime|createtime|datecreated)$/
const updated = /^(updated|updatedat|updatedon|updatetime|modified|modifiedat|lastmodified|lastupdated|dateupdated)$/

/**
 * Says when a thing was created, or changed last, where it has a place for that and the client did not say it itself.
 *
 * @param sent what the client sent
 */
export function stamp(
  thing: Record<string, unknown>,
  what: 'created' | 'updated',
  sent: unknown,
  now: Date,
  accepts: () => boolean,
): void {
  for (const [name, value] of Object.entries(thing)) {
    const plain = name.replace(/[_-]/g, '').toLowerCase()
    if (updated.test(plain) || (what === 'created' && created.test(plain))) {
      const said = isThing(sent) && Object.hasOwn(sent, name) ? undefined : like(value, now)
      if (said !== undefined) put(thing, name, said, accepts)
    } else if (what === 'created' && isThing(value)) {
      stamp(value as Record<string, unknown>, what, isThing(sent) ? sent[name] : undefined, now, accepts)
    }
  }
}

/** An instant in the form of the one that is shown: a text as of RFC 3339, or seconds or milliseconds since 1970. */
function like(shown: unknown, now: Date): unknown {
  if (typeof shown === 'number') {
    if (shown < 1e8) return undefined
    return shown < 1e11 ? Math.floor(now.getTime() / 1000) : now.getTime()
  }
  if (typeof shown !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(shown)) return undefined
  const text = now.toISOString()
  return /T\d\d:\d\d:\d\d\./.test(shown) ? text : text.replace(/\.\d+/, '')
}
