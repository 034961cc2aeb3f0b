import { boundariesOf } from '../../generate/index.ts'
import { isJson, parseMediaType } from '../../http/index.ts'
import { type Operation, Part } from '../../model/index.ts'
import { asThing, bodyOf, decodedOf, defaultsOf, same, type Thing } from '../thing.ts'
import { isGood, type Known, type Leg, type Way } from './way.ts'

/** What replaces a thing leaves nothing of what was there and is not sent. Source: RFC 9110, section 9.3.4. */
export function* replaceBarely(way: Way, known: Known): Leg {
  const { read, replacing } = way.resource
  if (read === undefined) return
  for (const change of replacing) {
    const ask = way.ask('a replacement', change, known)
    const bodies = bareAndFull(way, change, decodedOf(ask.request.body))
    if (bodies === undefined) continue
    const put = (says: string, body: Thing) => ({
      ...ask,
      says,
      request: { ...ask.request, body: Buffer.from(JSON.stringify(body)) },
    })
    const [first] = yield [put('a replacement with everything', bodies.full)]
    const [whole] = yield [way.ask('a reading of everything', read, known)]
    const [second] = yield [put('a replacement with what is required alone', bodies.bare)]
    const [rest] = yield [way.ask('a reading of what is required alone', read, known)]
    if (!isGood(first) || !isGood(second) || !isGood(whole) || !isGood(rest)) continue
    const [before, after] = [bodyOf(whole) ?? {}, bodyOf(rest) ?? {}]
    const defaults = defaultsOf(change)
    const stays = Object.keys(bodies.full).find(
      name =>
        !Object.hasOwn(bodies.bare, name) &&
        !defaults.includes(name) &&
        Object.hasOwn(after, name) &&
        !isNothing(after[name]) &&
        same(before[name], bodies.full[name]) &&
        same(after[name], before[name]),
    )
    if (stays === undefined) continue
    const message = `${read.id} answered ${stays} as it was before ${change.id} replaced the thing without it`
    way.suspect(message, 'Put what was sent in the place of the whole thing.', change, change.pointer, rest)
  }
}

/** A body with everything that may be sent, and one with what has to be. */
function bareAndFull({ ground }: Way, change: Operation, sent: Thing | undefined) {
  const content = change.requestBody?.content.find(({ mediaType }) => isJson(parseMediaType(mediaType)?.essence ?? ''))
  const { schema } = content ?? {}
  const part = schema && Part.of(ground.api.document.root).at(schema.pointer)
  if (schema === undefined || part === undefined || sent === undefined) return undefined
  const made = boundariesOf(schema, part, sent).find(({ says }) => says === 'everything that may be sent')
  const full = asThing(made?.value) ?? sent
  const required = [part.get('required')?.value].flat()
  const bare = Object.fromEntries(Object.entries(full).filter(([name]) => required.includes(name)))
  const isLess = Object.keys(bare).length < Object.keys(full).length
  return isLess && schema.accepts(bare) ? { bare, full } : undefined
}

function isNothing(value: unknown): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0)
}
