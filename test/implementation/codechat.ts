import { randomUUID } from 'node:crypto'
import { type IncomingHttpHeaders, STATUS_CODES } from 'node:http'

export type OperationName = 'createWebhook' | 'listWebhooks' | 'readWebhook' | 'updateWebhook' | 'defineWebhookEvents'

/** One call as it came off the socket. */
export interface Call {
  readonly method: string
  readonly target: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** A call that belongs to an operation. */
export interface Request extends Call {
  readonly operation: OperationName
  readonly instanceId: string
  readonly webhookId: string
}

export type Reason =
  | 'stranger'
  | 'media type'
  | 'too large'
  | 'empty'
  | 'not UTF-8'
  | 'not JSON'
  | 'not an object'
  | 'fields'
  | 'unknown webhook'
  | 'crash'

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer
  /** Why a request was refused; never sent. */
  readonly reason?: Reason
}

export type Body = Readonly<Record<string, unknown>>

export interface WebhookEvents extends Readonly<Record<string, string | boolean>> {
  readonly webhookEventsId: string
  readonly createdAt: string
  readonly updatedAt: string
}

export interface Webhook {
  readonly name: string
  readonly url: string
  readonly enabled: boolean
  readonly webhookId: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly instanceInstanceId: string
  readonly WebhookEvents: WebhookEvents
}

export type Judgement = { readonly refusal: Answer } | { readonly body: Body }

/**
 * What the server does with a request, step by step. A faulty variant replaces a step; the others call the replacement.
 */
export interface Steps {
  readonly token: string
  readonly webhooks: Webhook[]

  judge(request: Request): Judgement
  admits(authorization: string | undefined, request: Request): boolean
  readBody(request: Request): Judgement
  isJson(contentType: string): boolean
  decode(bytes: Buffer): string | undefined
  parse(text: string, operation: OperationName): { readonly value: unknown } | undefined
  complaints(operation: OperationName, body: Body): readonly string[]

  create(instanceId: string, body: Body): Webhook | Promise<Webhook>
  add(webhook: Webhook): void
  list(instanceId: string): readonly Webhook[]
  find(instanceId: string, webhookId: string): Webhook | undefined
  update(webhook: Webhook, body: Body): Webhook
  define(webhook: Webhook, body: Body): Webhook
  replace(old: Webhook, next: Webhook): void

  respond(answer: Answer, request: Request): Answer
}

export const bodyLimit = 100 * 1024

const eventFlags = [
  'qrcodeUpdate',
  'stateInstance',
  'messagesSet',
  'messagesUpsert',
  'messagesUpdate',
  'sendMessage',
  'contactsSet',
  'contactsUpsert',
  'contactsUpdate',
  'presenceUpdate',
  'chatsSet',
  'chatsUpdate',
  'chatsUpsert',
  'groupsUpsert',
  'groupUpdate',
  'groupParticipantsUpdate',
  'connectionUpdate',
  'newJwt',
]

/** Deprecated: taken when sent, but not handed out unasked. */
const deprecatedFlags = ['chatsDelete']

interface Field {
  readonly name: string
  readonly type: 'string' | 'boolean'
  readonly required?: boolean
}

const fields: Partial<Record<OperationName, readonly Field[]>> = {
  createWebhook: [
    { name: 'name', type: 'string', required: true },
    { name: 'url', type: 'string', required: true },
    { name: 'enabled', type: 'boolean' },
  ],
  updateWebhook: [
    { name: 'name', type: 'string', required: true },
    { name: 'url', type: 'string' },
    { name: 'enabled', type: 'boolean' },
  ],
  defineWebhookEvents: [...eventFlags, ...deprecatedFlags].map(name => ({ name, type: 'boolean' })),
}

/** The steps as the documentation promises them, with a memory of their own. */
export function correctSteps(token: string): Steps {
  const webhooks: Webhook[] = []
  const steps: Steps = {
    token,
    webhooks,

    judge(request) {
      // Credentials come first: a stranger learns nothing about what a good body is.
      if (!steps.admits(request.headers.authorization, request)) {
        return { refusal: refuse(401, 'stranger', ['a valid bearer token is required']) }
      }
      return fields[request.operation] === undefined ? { body: {} } : steps.readBody(request)
    },

    admits(authorization) {
      // RFC 9110 section 11.1: the scheme is case-insensitive, the credentials are not.
      return /^bearer +(\S+)$/i.exec(authorization ?? '')?.[1] === token
    },

    readBody({ operation, headers, body: bytes }) {
      const contentType = headers['content-type']
      // A request without content has no content type that could be wrong.
      if (contentType === undefined ? bytes.length > 0 : !steps.isJson(contentType)) {
        return { refusal: refuse(415, 'media type', ['the content type must be application/json']) }
      }
      if (bytes.length > bodyLimit) {
        return { refusal: refuse(413, 'too large', [`the body must not exceed ${bodyLimit} bytes`]) }
      }
      const text = steps.decode(bytes)
      if (text === undefined) return { refusal: refuse(400, 'not UTF-8', ['the body must be UTF-8']) }
      const parsed = steps.parse(text, operation)
      if (parsed === undefined) {
        return text.trim() === ''
          ? { refusal: refuse(400, 'empty', ['the body must not be empty']) }
          : { refusal: refuse(400, 'not JSON', ['the body must be JSON']) }
      }
      if (!isObject(parsed.value)) {
        return { refusal: refuse(400, 'not an object', ['the body must be a JSON object']) }
      }
      const complaints = steps.complaints(operation, parsed.value)
      return complaints.length > 0 ? { refusal: refuse(400, 'fields', complaints) } : { body: parsed.value }
    },

    isJson(contentType) {
      return /^application\/json *(; *charset="?utf-8"? *)?$/i.test(contentType)
    },

    decode(bytes) {
      try {
        return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
      } catch {
        return undefined
      }
    },

    parse(text) {
      try {
        return { value: JSON.parse(text) }
      } catch {
        return undefined
      }
    },

    complaints(operation, body) {
      return (fields[operation] ?? [])
        .filter(({ name, type, required }) => (Object.hasOwn(body, name) ? typeof body[name] !== type : required))
        .map(({ name, type }) => `${name} must be a ${type}`)
    },

    create(instanceId, body) {
      const now = new Date().toISOString()
      // Without complaints the body is what the fields above say.
      const { name, url, enabled = false } = body as { name: string; url: string; enabled?: boolean }
      return {
        name,
        url,
        enabled,
        webhookId: randomUUID(),
        createdAt: now,
        updatedAt: now,
        instanceInstanceId: instanceId,
        WebhookEvents: {
          ...Object.fromEntries(eventFlags.map(flag => [flag, true])),
          webhookEventsId: randomUUID(),
          createdAt: now,
          updatedAt: now,
        },
      }
    },

    add(webhook) {
      webhooks.push(webhook)
    },

    list(instanceId) {
      return webhooks.filter(webhook => webhook.instanceInstanceId === instanceId)
    },

    find(instanceId, webhookId) {
      return webhooks.find(webhook => webhook.instanceInstanceId === instanceId && webhook.webhookId === webhookId)
    },

    update(webhook, body) {
      const { name, url, enabled } = { ...webhook, ...(body as { name: string; url?: string; enabled?: boolean }) }
      return { ...webhook, name, url, enabled, updatedAt: new Date().toISOString() }
    },

    define(webhook, body) {
      const sent = (fields.defineWebhookEvents ?? []).filter(({ name }) => Object.hasOwn(body, name))
      const flags = Object.fromEntries(sent.map(({ name }) => [name, body[name] === true]))
      const updatedAt = new Date().toISOString()
      return { ...webhook, WebhookEvents: { ...webhook.WebhookEvents, ...flags, updatedAt } }
    },

    replace(old, next) {
      webhooks[webhooks.indexOf(old)] = next
    },

    respond(answer) {
      return answer
    },
  }
  return steps
}

/** Answers one call: which operation, may they, is the body good, do it. */
export async function answer(steps: Steps, call: Call): Promise<Answer> {
  const match = matchRoute(call)
  switch (match.kind) {
    case 'unknown path':
      return error(404, [`Cannot ${call.method} ${call.target}`])
    case 'malformed path':
      return error(400, ['the path must be percent-encoded UTF-8'])
    case 'wrong method': {
      const refusal = error(405, [`Cannot ${call.method} ${call.target}`])
      return { ...refusal, headers: { ...refusal.headers, allow: match.allow.join(', ') } }
    }
    case 'found': {
      const request = { ...call, ...match.route }
      return steps.respond(await perform(steps, request), request)
    }
  }
}

async function perform(steps: Steps, request: Request): Promise<Answer> {
  try {
    const judgement = steps.judge(request)
    return 'refusal' in judgement ? judgement.refusal : await operate(steps, request, judgement.body)
  } catch {
    return refuse(500, 'crash', ['Internal server error'])
  }
}

async function operate(steps: Steps, { operation, instanceId, webhookId }: Request, body: Body): Promise<Answer> {
  if (operation === 'listWebhooks') return json(200, steps.list(instanceId))
  if (operation === 'createWebhook') {
    const webhook = await steps.create(instanceId, body)
    steps.add(webhook)
    return json(201, webhook)
  }

  const webhook = steps.find(instanceId, webhookId)
  if (webhook === undefined) return refuse(400, 'unknown webhook', ['Webhook not found'])
  switch (operation) {
    case 'readWebhook':
      return json(200, webhook)
    case 'updateWebhook': {
      const next = steps.update(webhook, body)
      steps.replace(webhook, next)
      return json(201, next)
    }
    case 'defineWebhookEvents': {
      const next = steps.define(webhook, body)
      steps.replace(webhook, next)
      return json(200, next.WebhookEvents)
    }
  }
}

type Route = Pick<Request, 'operation' | 'instanceId' | 'webhookId'>
type Match =
  | { readonly kind: 'found'; readonly route: Route }
  | { readonly kind: 'wrong method'; readonly allow: readonly string[] }
  | { readonly kind: 'malformed path' }
  | { readonly kind: 'unknown path' }

const routes: readonly { path: RegExp; methods: Readonly<Record<string, OperationName>> }[] = [
  {
    path: /^\/api\/v2\/instance\/([^/]+)\/webhook$/,
    methods: { GET: 'listWebhooks', HEAD: 'listWebhooks', POST: 'createWebhook' },
  },
  {
    path: /^\/api\/v2\/instance\/([^/]+)\/webhook\/([^/]+)$/,
    methods: { GET: 'readWebhook', HEAD: 'readWebhook', PUT: 'updateWebhook' },
  },
  {
    path: /^\/api\/v2\/instance\/([^/]+)\/webhook\/([^/]+)\/events$/,
    methods: { PATCH: 'defineWebhookEvents' },
  },
]

function matchRoute({ method, target }: Call): Match {
  const path = target.split('?', 1)[0] ?? ''
  for (const route of routes) {
    const segments = route.path.exec(path)
    if (segments === null) continue
    const operation = route.methods[method]
    if (operation === undefined) return { kind: 'wrong method', allow: Object.keys(route.methods) }
    try {
      const [instanceId = '', webhookId = ''] = segments.slice(1).map(decodeURIComponent)
      return { kind: 'found', route: { operation, instanceId, webhookId } }
    } catch {
      return { kind: 'malformed path' }
    }
  }
  return { kind: 'unknown path' }
}

function json(status: number, value: unknown): Answer {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(value) }
}

function error(status: number, message: readonly string[]): Answer {
  return json(status, { statusCode: status, error: STATUS_CODES[status], message })
}

function refuse(status: number, reason: Reason, message: readonly string[]): Answer {
  const answer = { ...error(status, message), reason }
  return status === 401 ? { ...answer, headers: { ...answer.headers, 'www-authenticate': 'Bearer' } } : answer
}

function isObject(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
