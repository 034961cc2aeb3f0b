import type { Exchange } from '../../http/index.ts'
import { type Operation, Part, propertiesOf } from '../../model/index.ts'
import { bodiesOf } from '../ground.ts'
import { bodyOf, decodedOf, holderOf, type Thing } from '../thing.ts'
import { isGood, type Way } from './way.ts'

/** The members of a body, those that are switches the other way round from how an answer shows them. */
export function turnedIn(change: Operation, now: Exchange | undefined, body: Uint8Array): Thing | undefined {
  const sent = decodedOf(body)
  const thing = isGood(now) ? bodyOf(now) : undefined
  if (sent === undefined || thing === undefined) return undefined
  const holder = holderOf(thing, sent)?.holder ?? {}
  const entries = Object.entries(sent).map(([name, value]) => {
    const current = holder[name]
    return [name, typeof value === 'boolean' && typeof current === 'boolean' ? !current : value] as const
  })
  if (entries.every(([name]) => typeof holder[name] !== 'boolean')) return undefined
  const turned = Object.fromEntries(entries)
  return change.requestBody?.content.some(({ schema }) => schema?.accepts(turned)) === true ? turned : undefined
}

/** The switches of a body that no example of it has, each with what it is where nobody says. */
export function leftOutIn({ ground }: Way, change: Operation): (readonly [name: string, usual: boolean])[] {
  const schema = change.requestBody?.content.find(content => content.schema !== undefined)?.schema
  const part = schema && Part.of(ground.api.document.root).at(schema.pointer)
  const shown = new Set(bodiesOf(change).flatMap(({ bytes }) => Object.keys(decodedOf(bytes) ?? {})))
  if (shown.size === 0) return []
  return [...propertiesOf(part)]
    .filter(([name, property]) => !shown.has(name) && property.text('type') === 'boolean' && !property.is('readOnly'))
    .map(([name, property]) => [name, property.is('default')] as const)
}
