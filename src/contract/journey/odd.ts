import { shown } from '../../check/index.ts'
import { boundariesOf } from '../../generate/index.ts'
import { Part } from '../../model/index.ts'
import { asThing, bodyOf, decodedOf, same, type Thing } from '../thing.ts'
import { isGood, type Known, type Leg, type Way } from './way.ts'

/** Longer than the columns of many databases, with letters that are several bytes and several units long. */
const longText = 'Ünï🦊 "quoted" '.repeat(24)

/** What is created with odd values is read with the same ones. */
export function* keepOddThings(way: Way, parents: Known): Leg {
  const { read, create, parameter } = way.resource
  const ask = way.create('an odd thing created', parents)
  const sent = decodedOf(ask.request.body)
  if (read === undefined || sent === undefined) return
  for (const [says, thing] of oddly(way, sent)) {
    const request = { ...ask.request, body: Buffer.from(JSON.stringify(thing)) }
    const [made] = yield [{ ...ask, says: `a thing created with ${says}`, request }]
    const id = way.idIn(made)
    const answered = isGood(made) ? bodyOf(made) : undefined
    if (made === undefined || answered === undefined) continue
    for (const [name, value] of Object.entries(thing)) {
      // Of plain values the relations tell, declared or not.
      if (value !== null && !Array.isArray(value)) continue
      if (!Object.hasOwn(answered, name) || same(answered[name], value)) continue
      const place = placeOf(way, made.response.status, name, value)
      if (place === undefined) continue
      const message = `${create.id} answered ${name}: ${shown(answered[name])} after it was sent ${shown(value)}`
      way.suspect(message, 'Answer with what was sent.', create, place, made)
      break
    }
    if (id === undefined) continue
    const known = new Map(parents).set(parameter, id)
    const [found] = yield [way.ask(`a reading of what was created with ${says}`, read, known)]
    if (found !== undefined) {
      const { status } = made.response
      way.compare(create, answered, found, Object.keys(thing), '', { blamed: create, status, sent: thing })
    }
  }
}

/** The thing with long texts, and with what is empty, cut or converted most often, as far as its schema takes them. */
function* oddly({ ground }: Way, sent: Thing): Generator<readonly [says: string, thing: Thing]> {
  const { body } = ground
  if (body === undefined) return
  const accepts = (thing: Thing): boolean => body.schema.accepts(thing)
  const put = (base: Thing, name: string, values: readonly unknown[]): Thing => {
    const good = values.find(value => accepts({ ...base, [name]: value }))
    return good === undefined ? base : { ...base, [name]: good }
  }
  let long = sent
  for (const [name, value] of Object.entries(sent))
    if (typeof value === 'string') long = put(long, name, [longText, [...longText].slice(0, 40).join('')])
  if (long !== sent) yield ['long texts', long]
  let odd: Thing = sent
  const properties = body.part.get('properties')?.entries() ?? []
  for (const [name, schema] of properties) {
    if (schema.is('readOnly') || schema.is('writeOnly')) continue
    const [type] = [schema.get('type')?.value].flat()
    if (type === 'number') odd = put(odd, name, [12.125, 0.125])
    else if (type === 'array')
      odd = put(odd, name, [
        ['b,c', 'a;d'],
        [2, 1],
      ])
    else odd = put(odd, name, [null])
  }
  if (!same(odd, sent)) yield ['nothing, fractions and commas', odd]
  const fullest = boundariesOf(body.schema, body.part, sent).find(({ says }) => says === 'everything that may be sent')
  const whole = asThing(fullest?.value)
  if (whole !== undefined) yield ['everything that may be sent', whole]
}

/** Where an answer describes the member that was sent, if it takes the value. */
function placeOf({ ground, resource }: Way, status: number, name: string, value: unknown): string | undefined {
  const schema = resource.create.responseFor(status)?.content[0]?.schema
  const part = schema && Part.of(ground.api.document.root).at(schema.pointer)
  const property = part?.get('properties')?.get(name)
  const types = [property?.get('type')?.value].flat()
  return types.includes(value === null ? 'null' : 'array') ? property?.pointer : undefined
}
