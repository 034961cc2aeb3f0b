import { describe, expect, it } from 'vitest'
import { runContract } from '../../src/contract/index.ts'
import { loadDocument, shippedDocument } from '../../src/document/index.ts'
import type { Finding } from '../../src/finding/index.ts'
import type { HttpRequest, HttpResponse } from '../../src/http/index.ts'
import { Api } from '../../src/model/index.ts'
import type { Steps } from '../implementation/codechat.ts'
import { implementationHandler } from '../implementation/index.ts'

const api = new Api(await loadDocument(shippedDocument()))
const { token } = implementationHandler()

type Thing = Record<string, unknown>
type Change = (steps: Steps) => Partial<Steps>
type Kind = 'create' | 'list' | 'read' | 'update' | 'define'
type Show = (thing: Thing, kind: Kind, body: Thing) => Thing

const asIs: Change = () => ({})

function kindOf({ method, target }: HttpRequest): Kind {
  if (method === 'GET') return target.endsWith('/webhook') ? 'list' : 'read'
  return method === 'POST' ? 'create' : method === 'PUT' ? 'update' : 'define'
}

/** Runs journeys against an implementation whose steps are replaced and whose good answers show things in another way. */
async function travel(change: Change, show: Show = thing => thing): Promise<readonly Finding[]> {
  const { handler } = implementationHandler(undefined, change)
  const target = async (request: HttpRequest): Promise<HttpResponse> => {
    const answer = await handler(request)
    if (answer.status >= 300 || answer.body.length === 0) return answer
    const value = JSON.parse(Buffer.from(answer.body).toString()) as Thing | Thing[]
    const sent = request.body.length === 0 ? {} : (JSON.parse(Buffer.from(request.body).toString()) as Thing)
    const one = (thing: Thing): Thing => show(thing, kindOf(request), sent)
    const body = Buffer.from(JSON.stringify(Array.isArray(value) ? value.map(one) : one(value)))
    const at = answer.headers.findIndex(name => name.toLowerCase() === 'content-length')
    const headers = at < 0 ? answer.headers : answer.headers.toSpliced(at, 2)
    return { ...answer, headers, body }
  }
  const { findings } = await runContract(api, target, { token, phases: ['examples', 'journeys'] })
  return findings
}

function withEvents(thing: Thing, change: (events: Thing) => Thing | null): Thing {
  const { WebhookEvents: events } = thing
  return typeof events === 'object' && events !== null ? { ...thing, WebhookEvents: change(events as Thing) } : thing
}

function instants(thing: Thing, write: (instant: string) => string): Thing {
  const { createdAt, updatedAt } = thing
  return { ...thing, createdAt: write(String(createdAt)), updatedAt: write(String(updatedAt)) }
}

function eastern(instant: string): string {
  return new Date(Date.parse(instant) + 5.5 * 3_600_000).toISOString().replace('Z', '000+05:30')
}

let counted = 0

describe('an implementation is not accused whose answers', () => {
  it.each<[string, Show]>([
    [
      'say more than is documented, something else each time',
      thing => {
        counted += 1
        return {
          requestId: `r-${counted}`,
          ...withEvents({ ...thing, reads: counted }, each => ({ ...each, counted })),
        }
      },
    ],
    [
      'write instants with an offset, with microseconds or with small letters',
      (thing, kind) =>
        kind === 'read'
          ? instants(thing, instant => instant.replace('Z', '+00:00'))
          : kind === 'list'
            ? instants(thing, instant => instant.replace('Z', '000Z').toLowerCase())
            : instants(thing, eastern),
    ],
    [
      'leave optional members out of the list, nested ones as well',
      (thing, kind) => (kind === 'list' ? withEvents(thing, ({ messagesSet, chatsSet, ...each }) => each) : thing),
    ],
    ['have null for events in the list', (thing, kind) => (kind === 'list' ? withEvents(thing, () => null) : thing)],
    ['have null for events in readings', (thing, kind) => (kind === 'read' ? withEvents(thing, () => null) : thing)],
    [
      'leave out what is as it is by default',
      (thing, kind) => {
        const bare = (each: Thing): Thing =>
          Object.fromEntries(Object.entries(each).filter(([, value]) => value !== true))
        return kind === 'define' ? thing : withEvents(thing, bare)
      },
    ],
  ])('%s', async (_, show) => {
    expect((await travel(asIs, show)).map(({ message }) => message)).toEqual([])
  })
})

describe('an implementation is accused, at the operation that promised something else,', () => {
  let reads = 0
  it.each<[string, Change, Show, place: string]>([
    [
      'that creates with other flags than it answers',
      asIs,
      (thing, kind) => (kind === 'create' ? withEvents(thing, each => ({ ...each, presenceUpdate: false })) : thing),
      'webhook/post/responses/201',
    ],
    [
      'that answers a creation with the id of no events',
      asIs,
      (thing, kind) => (kind === 'create' ? withEvents(thing, each => ({ ...each, webhookEventsId: 'e' })) : thing),
      'webhook/post/responses/201',
    ],
    [
      'that answers a change of flags with those that were not sent as they are by default',
      asIs,
      (thing, kind, sent) =>
        kind === 'define'
          ? Object.fromEntries(
              Object.entries(thing).map(([name, value]) => [
                name,
                typeof value === 'boolean' && !Object.hasOwn(sent, name) ? true : value,
              ]),
            )
          : thing,
      'events/patch/responses/200',
    ],
    [
      'that answers an update with nothing for what was not sent',
      asIs,
      (thing, kind, sent) => (kind === 'update' && !Object.hasOwn(sent, 'url') ? { ...thing, url: '' } : thing),
      'put/responses/201',
    ],
    [
      'whose readings move the instant of the last change',
      asIs,
      (thing, kind) => {
        if (kind !== 'read') return thing
        reads += 1
        return { ...thing, updatedAt: new Date(Date.parse(String(thing.updatedAt)) + 1000 + reads).toISOString() }
      },
      'webhookId}/get',
    ],
    [
      'that answers with a flag which no example has, and keeps another',
      asIs,
      (thing, kind) => (kind === 'read' ? withEvents(thing, each => ({ ...each, chatsDelete: true })) : thing),
      'events/patch',
    ],
    [
      'that keeps the good half of a refused change',
      steps => ({
        judge: request => {
          const judgement = steps.judge(request)
          if (!('refusal' in judgement) || request.operation !== 'defineWebhookEvents') return judgement
          const webhook = steps.find(request.instanceId, request.webhookId)
          const sent = request.body.length === 0 ? undefined : steps.parse(request.body.toString(), request.operation)
          const isGood = (each: [string, unknown]): boolean => typeof each[1] === 'boolean'
          const good = Object.fromEntries(Object.entries(Object(sent?.value)).filter(isGood))
          if (webhook !== undefined && judgement.refusal.status === 400)
            steps.replace(webhook, steps.define(webhook, good))
          return judgement
        },
      }),
      thing => thing,
      'responses/InvalidEventFlags',
    ],
  ])('%s', async (_, change, show, place) => {
    const [first] = await travel(change, show)
    expect(first?.message).toMatch(/./)
    expect(first?.pointer?.replaceAll('~1', '/')).toContain(place)
  })
})
