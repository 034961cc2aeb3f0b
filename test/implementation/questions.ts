import { type IncomingMessage, request } from 'node:http'
import { text as readText } from 'node:stream/consumers'
import type { FaultName } from './faults.ts'
import { type Implementation, startImplementation } from './index.ts'

interface Seen {
  readonly status: number
  readonly type: string | null
  readonly challenge: string | null
  /** The JSON, with ids and dates as the words `id` and `date`; the text where it is no JSON. */
  readonly body: unknown
}

interface Sending {
  readonly body?: unknown
  /** A body sent as it is. */
  readonly raw?: string | Uint8Array<ArrayBuffer> | undefined
  readonly headers?: Readonly<Record<string, string>>
  readonly authorization?: string | null
}

/** The fields looked at; an answer may have others, or not these. */
type Fields = Readonly<
  Partial<
    Record<
      | 'name'
      | 'url'
      | 'enabled'
      | 'webhookId'
      | 'createdAt'
      | 'updatedAt'
      | 'WebhookEvents'
      | 'qrcodeUpdate'
      | 'newJwt'
      | 'chatsDelete'
      | 'messagesSet',
      unknown
    >
  >
>

const hook = 'http://127.0.0.1:9/hook'
const good = { name: 'Support', url: hook, enabled: true }

/** Sends one request over a socket; the answer's JSON as it came is in `json` or `list`. */
export async function send(server: Implementation, method: string, path: string, sending: Sending = {}) {
  const { body, raw = body === undefined ? undefined : JSON.stringify(body), authorization } = sending
  const headers = {
    ...(authorization === null ? {} : { authorization: authorization ?? `Bearer ${server.token}` }),
    ...(raw === undefined ? {} : { 'content-type': 'application/json' }),
    ...sending.headers,
  }
  // Not fetch: thousands of requests to fresh servers cost it six times as much.
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(`${server.url}/api/v2/instance/${path}`, { method, headers }, resolve).once('error', reject).end(raw)
  })
  const text = await readText(response)
  const seen: Seen = {
    status: response.statusCode ?? 0,
    type: response.headers['content-type'] ?? null,
    challenge: response.headers['www-authenticate'] ?? null,
    body: parse(text, named),
  }
  const json = parse(text)
  return { seen, json: fieldsOf(json), list: Array.isArray(json) ? json : [], headers: response.headers }
}

function parse(text: string, reviver?: (key: string, value: unknown) => unknown): unknown {
  try {
    return JSON.parse(text, reviver)
  } catch {
    return text.replace(/[0-9a-f]{8}-[-0-9a-f]{27}/g, 'id').replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, 'date')
  }
}

function named(key: string, value: unknown): unknown {
  if (typeof value !== 'string') return value
  if (key === 'webhookId' || key === 'webhookEventsId') return value === '' ? value : 'id'
  return isDate(value) ? 'date' : value
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

const create = (server: Implementation, instance: string, body: object) =>
  send(server, 'POST', `${instance}/webhook`, { body })

/** Creates a webhook and gives its path, even when the answer to the creation cannot be trusted. */
async function register(server: Implementation, instance: string, fields: object = {}): Promise<string> {
  const { json } = await create(server, instance, { ...good, ...fields })
  if (typeof json.webhookId === 'string') return `${instance}/webhook/${json.webhookId}`
  const { list } = await send(server, 'GET', `${instance}/webhook`)
  return `${instance}/webhook/${String(fieldsOf(list.at(-1)).webhookId)}`
}

function inOrder({ createdAt, updatedAt }: Fields): boolean | 'no dates' {
  return isDate(createdAt) && isDate(updatedAt) ? createdAt <= updatedAt : 'no dates'
}

/** Whether this is how JavaScript itself writes a moment; the 31st of June is none. */
function isDate(value: unknown): value is string {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value)) && new Date(value).toISOString() === value
}

/** Asks one thing for each of several inputs; the answers come under the inputs' names. */
async function forEach<Name extends string, Input, Result>(
  inputs: Readonly<Record<Name, Input>>,
  ask: (input: Input) => Promise<Result>,
): Promise<Record<string, Result>> {
  const results: Record<string, Result> = {}
  for (const name in inputs) results[name] = await ask(inputs[name])
  return results
}

const malformed = '{"name":"Support",'
const names = {
  plain: 'support',
  padded: ' support ',
  capitals: 'Support',
  ampersand: 'shop & co',
  quotes: 'order "42"',
  accents: 'são paulo',
  emoji: 'ship 🚀 it',
  long: 'n'.repeat(80),
}
const urls = {
  plain: hook,
  'without a path': 'http://127.0.0.1:9',
  'with a query': `${hook}?key=1`,
  localhost: 'http://localhost:9/hook',
}
const badBodies: Record<string, Sending> = {
  'name missing': { body: { url: hook } },
  'name a number': { body: { ...good, name: 5 } },
  'name null': { body: { ...good, name: null } },
  'url missing': { body: { name: 'Support' } },
  'url a number': { body: { ...good, url: 5 } },
  'enabled a string': { body: { ...good, enabled: 'false' } },
  'enabled null': { body: { ...good, enabled: null } },
  malformed: { raw: malformed },
  'comma at the end': { raw: `{"name":"Support","url":"${hook}",}` },
  empty: {},
  'empty with a content type': { raw: '' },
  array: { body: [good] },
  'empty array': { body: [] },
  string: { body: 'Support' },
  null: { body: null },
  'invalid UTF-8': {
    raw: new Uint8Array(Buffer.from(`{"name":"\xff","url":"${hook}"}`, 'latin1')),
  },
}
const badUpdates: Record<string, Sending> = {
  'name missing': { body: { url: hook } },
  'name a number': { body: { name: 5 } },
  'url a number': { body: { name: 'Support', url: 5 } },
  'enabled a string': { body: { name: 'Support', enabled: 'false' } },
  malformed: { raw: malformed },
  empty: {},
  array: { body: [{ name: 'Support' }] },
  null: { body: null },
}
const badEvents: Record<string, Sending> = {
  'a string': { body: { newJwt: 'false' } },
  'a number': { body: { newJwt: 0 } },
  'null flag': { body: { newJwt: null } },
  'chatsDelete a string': { body: { chatsDelete: 'false' } },
  malformed: { raw: malformed },
  empty: {},
  array: { body: [] },
  null: { body: null },
}
const goodBodies: Record<string, Sending> = {
  'enabled missing': { body: { name: 'Support', url: hook } },
  'with a charset': { body: good, headers: { 'content-type': 'application/json; charset=utf-8' } },
  'content type in capitals': { body: good, headers: { 'content-type': 'Application/JSON' } },
  'another field': { body: { ...good, note: 1 } },
  'name empty': { body: { ...good, name: '' } },
}

/** What is asked of a fresh server each; the test knows what the right one answers, and each faulty one. */
export const questions = {
  'the webhook created': async server => {
    const { seen, json } = await create(server, 'Shop-1', good)
    return { ...seen, inOrder: inOrder(json) }
  },
  'names altered': async server => {
    const came = await forEach(
      names,
      async name => (await create(server, 'shop', { ...good, name })).json.name === name,
    )
    return Object.keys(came).filter(name => !came[name])
  },
  'urls altered': async server => {
    const came = await forEach(urls, async url => (await create(server, 'shop', { ...good, url })).json.url === url)
    return Object.keys(came).filter(url => !came[url])
  },
  'enabled as created': server =>
    forEach({ on: { enabled: true }, off: { enabled: false }, unsaid: {} }, async fields => {
      const { json } = await create(server, 'shop', { name: 'Support', url: hook, ...fields })
      return json.enabled
    }),
  'ids that differ': async server => {
    const id = async (instance: string, name: string) =>
      (await create(server, instance, { ...good, name })).json.webhookId
    const differ = (ids: unknown[]) => new Set(ids).size === ids.length
    return {
      'one after another': differ([await id('a', '1'), await id('a', '2')]),
      'at the same time': differ(await Promise.all([id('b', '3'), id('b', '4'), id('b', '5')])),
      'of one name': differ([await id('c', '6'), await id('c', '6')]),
      'under two instances': differ([await id('d', '7'), await id('e', '8')]),
    }
  },
  'good bodies': server =>
    forEach(goodBodies, async sending => (await send(server, 'POST', 'shop/webhook', sending)).seen.status),
  'bad bodies': server =>
    forEach(badBodies, async sending => (await send(server, 'POST', 'shop/webhook', sending)).seen.status),
  'a field missing': async server =>
    (await send(server, 'POST', 'shop/webhook', { body: { url: hook, enabled: 1 } })).seen,
  'JSON malformed': async server => (await send(server, 'POST', 'shop/webhook', { raw: malformed })).seen,

  'a stranger': async server => (await send(server, 'POST', 'shop/webhook', { body: good, authorization: null })).seen,
  'a stranger with a bad body': async server =>
    (await send(server, 'POST', 'shop/webhook', { body: {}, authorization: null })).seen.status,
  credentials: server =>
    forEach(
      {
        right: `Bearer ${server.token}`,
        'scheme in lower case': `bearer ${server.token}`,
        'two blanks': `Bearer  ${server.token}`,
        'other token': 'Bearer other',
        'token in capitals': `Bearer ${server.token.toUpperCase()}`,
        'token cut': `Bearer ${server.token.slice(0, -1)}`,
        'token with more': `Bearer ${server.token}x`,
        'token empty': 'Bearer',
        'scheme Basic': `Basic ${server.token}`,
        'scheme missing': server.token,
      },
      async authorization => (await send(server, 'POST', 'shop/webhook', { body: good, authorization })).seen.status,
    ),
  'a token in the query': async server =>
    (await send(server, 'POST', `shop/webhook?token=${server.token}`, { body: good, authorization: null })).seen.status,
  'strangers elsewhere': async server => {
    const path = await register(server, 'shop')
    const ask = async (method: string, path: string, body?: object) =>
      (await send(server, method, path, { body, authorization: null })).seen.status
    return {
      list: await ask('GET', 'shop/webhook'),
      read: await ask('GET', path),
      update: await ask('PUT', path, { name: 'Support' }),
      events: await ask('PATCH', `${path}/events`, {}),
    }
  },

  'a list of none': async server => (await send(server, 'GET', 'shop/webhook')).seen,
  'a list of one': async server => {
    await register(server, 'shop')
    return (await send(server, 'GET', 'shop/webhook')).seen
  },
  'the names in a list of two': async server => {
    for (const [instance, name] of Object.entries({ shop: 'first', bank: 'other' })) {
      await register(server, instance, { name })
    }
    await register(server, 'shop', { name: 'second' })
    const { body } = (await send(server, 'GET', 'shop/webhook')).seen
    return Array.isArray(body) ? body.map(webhook => fieldsOf(webhook).name) : 'no list'
  },

  'the webhook read': async server => {
    const path = await register(server, 'shop')
    const { seen, json } = await send(server, 'GET', path)
    return { ...seen, idAsAsked: path.endsWith(`/${String(json.webhookId)}`) }
  },
  'the second of two read': async server => {
    await register(server, 'shop', { name: 'first' })
    return (await send(server, 'GET', await register(server, 'shop', { name: 'second' }))).json.name
  },
  'a webhook read under another instance': async server => {
    const path = await register(server, 'shop')
    return (await send(server, 'GET', path.replace('shop', 'bank'))).seen.status
  },
  'an unknown webhook': async server => (await send(server, 'GET', 'shop/webhook/unknown')).seen,

  'the webhook updated': async server => {
    const path = await register(server, 'shop')
    const before = await send(server, 'GET', path)
    const body = { name: 'renamed', url: `${hook}/2`, enabled: false }
    const { seen, json } = await send(server, 'PUT', path, { body })
    const { name, url, enabled } = (await send(server, 'GET', path)).json
    return {
      ...seen,
      inOrder: inOrder(json),
      idAsAsked: path.endsWith(`/${String(json.webhookId)}`),
      createdAtKept: json.createdAt === before.json.createdAt,
      readAgain: { name, url, enabled },
    }
  },
  'a webhook updated by name only': async server => {
    const { json } = await send(server, 'PUT', await register(server, 'shop'), { body: { name: 'renamed' } })
    return { url: json.url, enabled: json.enabled }
  },
  'a flag after an update': async server => {
    const path = await register(server, 'shop')
    await send(server, 'PATCH', `${path}/events`, { body: { newJwt: false } })
    const { json } = await send(server, 'PUT', path, { body: { name: 'renamed' } })
    return fieldsOf(json.WebhookEvents).newJwt
  },
  'bad updates': async server => {
    const path = await register(server, 'shop')
    return forEach(badUpdates, async sending => (await send(server, 'PUT', path, sending)).seen.status)
  },
  'an unknown webhook updated': async server =>
    (await send(server, 'PUT', 'shop/webhook/unknown', { body: { name: 'renamed' } })).seen.status,

  'the events defined': async server => {
    const path = await register(server, 'shop')
    const { seen } = await send(server, 'PATCH', `${path}/events`, { body: { qrcodeUpdate: false, newJwt: true } })
    const { json } = await send(server, 'GET', path)
    return { ...seen, readAgain: fieldsOf(json.WebhookEvents).qrcodeUpdate }
  },
  'flags after a second definition': async server => {
    const path = await register(server, 'shop')
    await send(server, 'PATCH', `${path}/events`, { body: { newJwt: false } })
    const { json } = await send(server, 'PATCH', `${path}/events`, { body: { chatsDelete: false } })
    return { newJwt: json.newJwt, chatsDelete: json.chatsDelete, messagesSet: json.messagesSet }
  },
  'no events defined': async server => {
    const path = await register(server, 'shop')
    return (await send(server, 'PATCH', `${path}/events`, { body: {} })).seen.status
  },
  'bad events': async server => {
    const path = `${await register(server, 'shop')}/events`
    return forEach(badEvents, async sending => (await send(server, 'PATCH', path, sending)).seen.status)
  },
  'events of an unknown webhook': async server =>
    (await send(server, 'PATCH', 'shop/webhook/unknown/events', { body: {} })).seen.status,
} satisfies Record<string, (server: Implementation) => Promise<unknown>>

export type Replies = Record<keyof typeof questions, unknown>

/** Asks every question of a server of its own, so that none hears of another. */
export async function askAll(fault?: FaultName): Promise<Record<string, unknown>> {
  const replies = await Promise.all(
    Object.entries(questions).map(async ([question, ask]) => {
      await using server = await startImplementation(fault === undefined ? {} : { fault })
      return [question, await ask(server)] as const
    }),
  )
  return Object.fromEntries(replies)
}
