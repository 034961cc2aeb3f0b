import { describe, expect, it } from 'vitest'
import { runContract } from '../../src/contract/index.ts'
import type { Handler, HttpResponse } from '../../src/http/index.ts'
import { apiOf } from '../kit/index.ts'

const of = (schema: string): string =>
  `content: { application/json: { schema: { $ref: '#/components/schemas/${schema}' } } }`
const item = `parameters: [ { $ref: '#/components/parameters/Id' } ]`
const missing = `'404': { description: Not here. }`

/** Events of a museum; nothing but paths and names says that they are kept. */
const document = `
security: []
paths:
  /events:
    post:
      operationId: create
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: '#/components/schemas/New' }
            examples:
              fair: { value: { name: Fair, place: Hall, seats: 20 } }
              talk: { value: { name: Talk, place: Attic, seats: 5 } }
      responses: { '201': { description: Made., ${of('Event')} }, '400': { description: Wrong. } }
    get: { operationId: list, responses: { '200': { description: All., ${of('Events')} } } }
  /events/{eventId}:
    get: { operationId: read, ${item}, responses: { '200': { description: One., ${of('Event')} }, ${missing} } }
    patch:
      operationId: change
      ${item}
      requestBody:
        required: true
        content: { application/json: { schema: { $ref: '#/components/schemas/Change' }, example: { place: Beach } } }
      responses: { '200': { description: Changed., ${of('Event')} }, '400': { description: Wrong. }, ${missing} }
    delete: { operationId: remove, ${item}, responses: { '204': { description: Gone. }, ${missing} } }
components:
  parameters:
    Id: { name: eventId, in: path, required: true, schema: { type: string } }
  schemas:
    New: { type: object, required: [ name ], properties: &event { name: { type: string }, place: { type: string }, seats: { type: integer } } }
    Change: { type: object, properties: *event }
    Event: { type: object, required: [ id ], properties: { id: { type: [ string, integer ] }, name: { type: string }, place: { type: string }, seats: { type: integer } } }
    Events: { type: array, items: { $ref: '#/components/schemas/Event' } }
`

type Event = Readonly<Record<string, unknown>>
type Id = string

/** How events are kept. */
type Shelf = {
  readonly create: (id: Id, sent: Event) => Event
  readonly shown: (event: Event) => Event
  readonly list: (events: readonly Event[]) => readonly Event[]
  readonly find: (events: ReadonlyMap<Id, Event>, id: Id) => Event | undefined
  readonly change: (event: Event, sent: Event) => Event
  readonly keep: (events: Map<Id, Event>, id: Id, changed: Event) => void
  readonly remove: (events: Map<Id, Event>, id: Id) => void
}

const right: Shelf = {
  create: (id, sent) => ({ id, ...sent }),
  shown: event => event,
  list: events => events,
  find: (events, id) => events.get(id),
  change: (event, sent) => ({ ...event, ...sent }),
  keep: (events, id, changed) => void events.set(id, changed),
  remove: (events, id) => void events.delete(id),
}

function say(status: number, value?: unknown): HttpResponse {
  const [headers, text] = value === undefined ? [[], ''] : [['content-type', 'application/json'], JSON.stringify(value)]
  return { status, headers, body: Buffer.from(text) }
}

function isSent(sent: unknown, needsName: boolean): sent is Event {
  if (typeof sent !== 'object' || sent === null || Array.isArray(sent)) return false
  const { name, place, seats } = sent as Event
  const isText = (value: unknown): boolean => value === undefined || typeof value === 'string'
  return isText(name) && isText(place) && (seats === undefined || Number.isInteger(seats)) && !(needsName && !name)
}

function serverOf(wrong: Partial<Shelf> = {}): Handler {
  const shelf = { ...right, ...wrong }
  const events = new Map<Id, Event>()
  let count = 0
  return async ({ method, target, body }) => {
    const id = decodeURIComponent(target.split('/')[2] ?? '')
    const sent: unknown = body.length === 0 ? undefined : JSON.parse(Buffer.from(body).toString())
    if (id === '') {
      if (method === 'GET') return say(200, shelf.list([...events.values()]).map(shelf.shown))
      if (!isSent(sent, true)) return say(400)
      const made = `event-${10_000 + count}`
      count += 1
      events.set(made, shelf.create(made, sent))
      return say(201, events.get(made))
    }
    const event = shelf.find(events, id)
    if (event === undefined) return say(404)
    if (method === 'DELETE') {
      shelf.remove(events, id)
      return say(204)
    }
    if (method === 'GET') return say(200, shelf.shown(event))
    if (!isSent(sent, false)) return say(400)
    const changed = shelf.change(event, sent)
    shelf.keep(events, id, changed)
    return say(200, changed)
  }
}

async function travel(target: Handler) {
  const { findings, skipped } = await runContract(await apiOf(document), target, { phases: ['examples', 'journeys'] })
  return { findings, skipped, says: findings.map(({ message }) => message) }
}

describe('a journey through what only paths and names call a thing', () => {
  it('has nothing against who keeps it', async () => {
    const { says, skipped } = await travel(serverOf())
    expect({ says, skipped }).toEqual({ says: [], skipped: [] })
  })

  it.each<[string, Partial<Shelf>, string]>([
    ['loses changes', { keep: () => {} }, 'after change'],
    [
      'wipes what a change does not speak of',
      { change: ({ id }, sent) => ({ id, name: 'None', ...sent }) },
      'before change',
    ],
    ['drops what a change does not speak of', { change: ({ id }, sent) => ({ id, ...sent }) }, 'before change'],
    ['does not list what was created', { list: () => [] }, 'list'],
    ['lists only the last', { list: events => events.slice(-1) }, 'list'],
    ['removes nothing', { remove: () => {} }, 'after remove'],
    ['removes the first', { remove: events => void events.delete([...events.keys()][0] ?? '') }, 'remove'],
    ['removes all', { remove: events => events.clear() }, 'remove'],
    ['reads the first, whatever is asked for', { find: events => [...events.values()][0] }, 'read'],
    [
      'reads the last where the id is unknown',
      { find: (events, id) => events.get(id) ?? [...events.values()].at(-1) },
      '',
    ],
    ['shows the id as a number', { shown: event => ({ ...event, id: Number(String(event.id).slice(-5)) }) }, 'id'],
    ['keeps no place', { create: (id, { place, ...sent }) => ({ id, ...sent }) }, 'place'],
    ['changes the name on the way to the reader', { shown: event => ({ ...event, name: `${event.name} ` }) }, 'name'],
  ])('is noticed where the target %s', async (_, wrong, place) => {
    const { findings } = await travel(serverOf(wrong))
    expect(findings[0]?.message).toContain(place)
    expect(findings.map(({ severity }) => severity)).not.toContain('error')
  })

  it.each<[string, Handler]>([
    ['the same example', async ({ method }) => mocked(method, 'event-1', { name: 'Fair', place: 'Hall', seats: 20 })],
    [
      'an example of its own',
      async ({ method }) => mocked(method, 'event-1', { name: 'Party', place: 'Roof', seats: 9 }),
    ],
    [
      'what was sent',
      async ({ method, target, body }) =>
        mocked(method, target.split('/')[2] ?? 'event-1', JSON.parse(Buffer.from(body).toString() || '{"name":"Any"}')),
    ],
  ])('is not made through a mock that answers with %s', async (_, mock) => {
    const { findings, skipped } = await travel(mock)
    expect(findings.filter(({ caseId }) => caseId?.includes('/journeys/'))).toEqual([])
    expect(skipped).toEqual([expect.objectContaining({ what: 'journeys of events' })])
  })
})

function mocked(method: string, id: string, event: Event): HttpResponse {
  if (method === 'DELETE') return say(204)
  return say(method === 'POST' ? 201 : 200, { id, ...event })
}
