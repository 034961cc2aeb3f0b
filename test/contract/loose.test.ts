import { describe, expect, it } from 'vitest'
import { type ContractOptions, runContract } from '../../src/contract/index.ts'
import { loadDocument, shippedDocument } from '../../src/document/index.ts'
import type { Finding } from '../../src/finding/index.ts'
import type { HttpRequest, HttpResponse } from '../../src/http/index.ts'
import { Api } from '../../src/model/index.ts'
import type { Steps } from '../implementation/codechat.ts'
import { implementationHandler } from '../implementation/index.ts'

const api = new Api(await loadDocument(shippedDocument()))
const { token } = implementationHandler()

type Change = (steps: Steps) => Partial<Steps>
type Wrap = (request: HttpRequest, answer: () => Promise<HttpResponse>) => Promise<HttpResponse>

async function findings(options: ContractOptions, change: Change, wrap?: Wrap): Promise<readonly Finding[]> {
  const { handler } = implementationHandler(undefined, change)
  const target = async (request: HttpRequest): Promise<HttpResponse> => {
    const answer = async (): Promise<HttpResponse> => await handler(request)
    return wrap === undefined ? await answer() : await wrap(request, answer)
  }
  return (await runContract(api, target, { token, ...options })).findings
}

const same: Change = () => ({})
const at = (phase: 'boundaries' | 'credentials' | 'protocol'): ContractOptions => ({ phases: ['examples', phase] })
const travelling: ContractOptions = { phases: ['examples', 'journeys'] }

/** Lets in whoever shows something beside the right credential. */
const admitting =
  (isFriend: (headers: Readonly<Record<string, string | string[] | undefined>>) => boolean): Change =>
  ({ admits }) => ({ admits: (sent, request) => admits(sent, request) || isFriend(request.headers) })

/** Answers in its own way where the path, as it was sent, says so. */
const answering =
  (path: RegExp, status: number, type: string, body: string): Wrap =>
  async ({ target }, answer) =>
    path.test(target) ? { status, headers: ['content-type', type], body: Buffer.from(body) } : await answer()

/** Refuses what has a field of this name. */
const refusing =
  (name: string): Wrap =>
  async ({ headers }, answer) =>
    headers.includes(name)
      ? { status: 400, headers: ['content-type', 'application/json'], body: Buffer.from('{}') }
      : await answer()

function never(): never {
  throw new Error('unexpected')
}

/** Refuses who has credentials as long as the refusal of somebody else is not sent. */
function whileStrangersAreThere(): Wrap {
  let strangers = 0
  return async ({ headers }, answer) => {
    const isStranger = !headers.includes(`Bearer ${token}`)
    if (isStranger) strangers += 1
    await new Promise(resolve => setTimeout(resolve, 2))
    const isRefused = strangers > 0
    if (isStranger) strangers -= 1
    const body = Buffer.from('{"statusCode":401,"error":"Unauthorized","message":["no"]}')
    return isRefused && !isStranger
      ? { status: 401, headers: ['content-type', 'application/json'], body }
      : await answer()
  }
}

/** The fault, what shows it, and a part of what is said. */
const faults: readonly (readonly [string, ContractOptions, Change, string, Wrap?])[] = [
  [
    'lets in who asks for JSON',
    at('credentials'),
    admitting(({ accept }) => accept === 'application/json'),
    'as if from the machine itself',
  ],
  [
    'lets in pages of the same machine',
    at('credentials'),
    admitting(({ origin }) => String(origin).includes('localhost')),
    'as if from the machine itself',
  ],
  [
    'takes the first word behind the scheme for the token',
    at('credentials'),
    ({ admits }) => ({ admits: (sent, request) => admits(sent?.split(' ').slice(0, 2).join(' '), request) }),
    'a word behind it',
  ],
  [
    'compares the ends of the token alone',
    at('credentials'),
    ({ admits }) => ({
      admits: (sent, request) => {
        const shown = sent?.replace(/^Bearer /, '') ?? ''
        const isAlike = [token.slice(0, 4), token.slice(-4)].every((end, at) =>
          at === 0 ? shown.startsWith(end) : shown.endsWith(end),
        )
        return admits(sent, request) || (shown.length === token.length && isAlike)
      },
    }),
    'in its middle changed',
  ],
  [
    'does not compare the last letter of the token',
    at('credentials'),
    ({ admits }) => ({
      admits: (sent, request) =>
        admits(sent, request) || (sent?.length === token.length + 7 && sent.startsWith(`Bearer ${token.slice(0, -1)}`)),
    }),
    'its last letter changed',
  ],
  [
    'takes every scheme that ends with the right one',
    at('credentials'),
    ({ admits }) => ({ admits: (sent, request) => admits(sent?.replace(/^\w*(?=Bearer )/, ''), request) }),
    'a scheme that ends with the right one',
  ],
  [
    'takes the token in base64',
    at('credentials'),
    ({ admits }) => ({
      admits: (sent, request) =>
        admits(sent, request) || Buffer.from(sent?.slice(7) ?? '', 'base64').toString() === token,
    }),
    'the token in base64',
  ],
  [
    'fails at letters of a token beyond ASCII',
    at('credentials'),
    same,
    'failed',
    async ({ headers }, answer) =>
      headers.some(text => text.startsWith('Bearer') && /[^ -~]/.test(text))
        ? { status: 500, headers: ['content-type', 'text/html'], body: Buffer.from('<p>') }
        : await answer(),
  ],
  [
    'knows its scheme with a capital letter alone',
    at('credentials'),
    ({ admits }) => ({ admits: (sent, request) => sent?.startsWith('Bearer ') === true && admits(sent, request) }),
    'in small letters',
  ],
  [
    'guards the paths of plain ids alone',
    at('credentials'),
    ({ admits }) => ({
      admits: (sent, request) => admits(sent, request) || (sent === undefined && !/^[\w-]+$/.test(request.instanceId)),
    }),
    'unusual ids',
  ],
  [
    'looks at the type of a body before the credentials',
    at('credentials'),
    ({ judge, isJson, readBody }) => ({
      judge: request =>
        request.body.length > 0 && !isJson(request.headers['content-type'] ?? '') ? readBody(request) : judge(request),
    }),
    'createWebhook answered 415',
  ],
  [
    'refuses everybody while a stranger is there',
    { phases: ['examples', 'repetition'] },
    same,
    'valid requests at the same time',
    whileStrangersAreThere(),
  ],
  [
    'writes all that there is anew with each creation',
    { phases: ['examples', 'repetition'], include: ['createWebhook'] },
    ({ create, webhooks }) => ({
      create: async (instance, body) => {
        const before = [...webhooks]
        await new Promise(resolve => setTimeout(resolve, 2))
        webhooks.splice(0, webhooks.length, ...before)
        return await create(instance, body)
      },
    }),
    'created at the same time as others',
  ],
  [
    'parses JSON that it finds in JSON',
    at('protocol'),
    ({ parse }) => ({
      parse: (text, operation) => {
        const parsed = parse(text, operation)
        return typeof parsed?.value === 'string' ? parse(parsed.value, operation) : parsed
      },
    }),
    'a body that is a string',
  ],
  [
    'reads up to the last brace',
    at('protocol'),
    ({ parse }) => ({ parse: (text, operation) => parse(text.replace(/\}[^}\]]*$/, '}'), operation) }),
    'more behind it',
  ],
  [
    'fails at a byte order mark',
    at('protocol'),
    ({ decode }) => ({ decode: bytes => (bytes[0] === 0xef ? never() : decode(bytes)) }),
    'answered 500',
  ],
  [
    'looks at the first of two and stores the last',
    at('protocol'),
    ({ complaints }) => ({
      complaints: (operation, body) => complaints(operation, body.name === 7 ? { ...body, name: 'text' } : body),
    }),
    'after a right one',
  ],
  [
    'believes in every charset',
    at('protocol'),
    ({ isJson }) => ({
      isJson: type => {
        const charset = /charset="?([^";]+)/i.exec(type)?.[1]
        return isJson(charset === undefined ? type : `application/json; charset=${new TextDecoder(charset).encoding}`)
      },
    }),
    'the server failed',
  ],
  [
    'takes yes for true',
    at('protocol'),
    ({ complaints }) => ({
      complaints: (operation, body) =>
        complaints(operation, body.enabled === 'yes' ? { ...body, enabled: true } : body),
    }),
    'enabled as "yes"',
  ],
  [
    'fails at members without a value',
    at('protocol'),
    ({ complaints }) => ({
      complaints: (operation, body) => (body.$set === null ? never() : complaints(operation, body)),
    }),
    'answered 500',
  ],
  [
    'takes the time of creation that a body brings',
    at('protocol'),
    ({ create }) => ({
      create: async (instance, body) => {
        const webhook = await create(instance, body)
        const isTime = typeof body.createdAt === 'string' && !Number.isNaN(Date.parse(body.createdAt))
        return isTime ? { ...webhook, createdAt: String(body.createdAt) } : webhook
      },
    }),
    'createdAt',
  ],
  [
    'takes the flags that a body brings',
    at('protocol'),
    ({ create }) => ({
      create: async (instance, body) => {
        const webhook = await create(instance, body)
        return { ...webhook, WebhookEvents: { ...webhook.WebhookEvents, ...Object(body.WebhookEvents) } }
      },
    }),
    'WebhookEvents',
  ],
  [
    'answers what is nested deeply with nothing',
    at('protocol'),
    ({ respond }) => ({
      respond: (sent, request) =>
        respond(sent.status === 201 && request.body.includes('[[[[') ? { ...sent, body: '{}' } : sent, request),
    }),
    'without name',
  ],
  [
    'takes the token of a proxy',
    at('credentials'),
    admitting(headers => headers['proxy-authorization'] === `Bearer ${token}`),
    'fields that resemble it',
  ],
  [
    'fails at a path that cannot be decoded',
    at('boundaries'),
    same,
    'failed',
    answering(/%zz/, 500, 'text/html', 'URIError'),
  ],
  ['fails at a long id', at('boundaries'), same, 'failed', answering(/a{300}/, 500, 'text/html', 'too long')],
  [
    'refuses an empty name',
    at('boundaries'),
    ({ complaints }) => ({
      complaints: (operation, body) => (body.name === '' ? ['name is empty'] : complaints(operation, body)),
    }),
    'answered 400 to an empty name',
  ],
  [
    'drops what stands behind a semicolon in the path',
    at('boundaries'),
    ({ create }) => ({ create: (instanceId, body) => create(instanceId.replace(/;.*/, ''), body) }),
    'part;version=1',
  ],
  [
    'takes the id that a body brings',
    at('protocol'),
    ({ create }) => ({
      create: async (instanceId, body) => {
        const webhook = await create(instanceId, body)
        return { ...webhook, webhookId: String(body.webhookId ?? webhook.webhookId) }
      },
    }),
    'an earlier answer',
  ],
  [
    'takes the instance that a body names',
    at('protocol'),
    ({ create }) => ({ create: (instanceId, body) => create(String(body.instanceId ?? instanceId), body) }),
    'contrato-chosen',
  ],
  [
    'reads what __proto__ brings',
    at('protocol'),
    ({ parse }) => ({
      parse: (text, operation) => {
        const parsed = parse(text, operation)
        const { __proto__: inherited, ...own } = Object.assign(Object.create(null), parsed?.value)
        return parsed && inherited !== undefined ? { value: { ...inherited, ...own } } : parsed
      },
    }),
    'enabled',
  ],
  [
    'does not know fields in small letters',
    at('protocol'),
    same,
    'small letters',
    async ({ headers }, answer) =>
      headers.includes('authorization')
        ? { status: 400, headers: ['content-type', 'application/json'], body: Buffer.from('{}') }
        : await answer(),
  ],
  [
    'shows browsers a page',
    at('protocol'),
    same,
    'text/html',
    async ({ headers }, answer) =>
      headers.some(text => text.startsWith('text/html'))
        ? { status: 200, headers: ['content-type', 'text/html'], body: Buffer.from('<p>') }
        : await answer(),
  ],
  [
    'refuses unknown paths in HTML',
    at('protocol'),
    same,
    'text/html',
    answering(/is-not-here/, 404, 'text/html', '<p>'),
  ],
  [
    'reads forms',
    at('protocol'),
    ({ isJson, parse }) => ({
      isJson: type => isJson(type) || type.includes('form'),
      parse: (text, operation) =>
        text.startsWith('name=') ? { value: Object.fromEntries(new URLSearchParams(text)) } : parse(text, operation),
    }),
    'a form in place of JSON',
  ],
  [
    'finds ids in any case',
    travelling,
    ({ webhooks }) => ({
      find: (instance, id) =>
        webhooks.find(
          each => each.instanceInstanceId === instance && each.webhookId.toLowerCase() === id.toLowerCase(),
        ),
    }),
    'answered 200 for webhookId',
  ],
  [
    'takes an instance for a pattern',
    travelling,
    ({ webhooks }) => ({
      list: id => {
        const pattern = new RegExp(`^${id.replaceAll('_', '.').replaceAll('%', '.*')}$`)
        return webhooks.filter(({ instanceInstanceId }) => pattern.test(instanceInstanceId))
      },
    }),
    'listed',
  ],
  [
    'sets the flags of all webhooks',
    travelling,
    ({ define, webhooks }) => ({
      define: (webhook, body) => {
        for (const { WebhookEvents } of webhooks) Object.assign(WebhookEvents, body)
        return define(webhook, body)
      },
    }),
    'changed another',
  ],
  [
    'turns on again what was off where nothing is said of it',
    travelling,
    ({ define }) => ({
      define: (webhook, body) => {
        const { webhookEventsId, createdAt, updatedAt, ...flags } = webhook.WebhookEvents
        const on = Object.fromEntries(Object.keys(flags).map(name => [name, true]))
        return define({ ...webhook, WebhookEvents: { ...on, webhookEventsId, createdAt, updatedAt } }, body)
      },
    }),
    'which was not sent',
  ],
  [
    'gives the flags another id with each change',
    travelling,
    ({ define }) => ({
      define: (webhook, body) => {
        const next = define(webhook, body)
        return {
          ...next,
          WebhookEvents: { ...next.WebhookEvents, webhookEventsId: `${next.WebhookEvents.updatedAt}-1` },
        }
      },
    }),
    'webhookEventsId',
  ],
  [
    'needs no space behind the scheme',
    at('credentials'),
    ({ admits }) => ({ admits: (sent, request) => admits(sent?.replace(/^Bearer(?=\S)/, 'Bearer '), request) }),
    'the token right behind the scheme',
  ],
  [
    'takes the token for a password',
    at('credentials'),
    admitting(({ authorization = '' }) => {
      const [scheme, pair = ''] = String(authorization).split(' ')
      return scheme === 'Basic' && Buffer.from(pair, 'base64').toString().endsWith(`:${token}`)
    }),
    'as user and password',
  ],
  [
    'takes an encoded slash for one',
    at('credentials'),
    same,
    'an encoded slash',
    async ({ target }, answer) =>
      target.includes('%2F')
        ? { status: 200, headers: ['content-type', 'application/json'], body: Buffer.from('{}') }
        : await answer(),
  ],
  [
    'sends a refused token back',
    at('credentials'),
    ({ respond }) => ({
      respond: (sent, request) => {
        if (sent.status !== 401) return respond(sent, request)
        const value = { statusCode: 401, error: 'Unauthorized', message: [request.headers.authorization ?? ''] }
        return respond({ ...sent, body: JSON.stringify(value) }, request)
      },
    }),
    'the credential of its request in it',
  ],
  [
    'lets in who was let in before, by a cookie',
    { phases: ['examples', 'repetition'] },
    ({ admits, respond }) => ({
      admits: (sent, request) => admits(sent, request) || request.headers.cookie === 'sid=1',
      respond: (sent, request) =>
        respond({ ...sent, headers: { ...sent.headers, 'set-cookie': 'sid=1; Path=/' } }, request),
    }),
    'the cookies of an answer',
  ],
  [
    'leads browsers to a page to log in at',
    at('protocol'),
    ({ respond }) => ({
      respond: (sent, request) =>
        sent.status === 401 && request.headers.accept?.startsWith('text/html') === true
          ? { status: 302, headers: { location: '/login' }, body: '' }
          : respond(sent, request),
    }),
    'answered 302',
  ],
  ['reads no chunks', at('protocol'), same, 'a body in chunks', refusing('Transfer-Encoding')],
  ['does not say that it goes on', at('protocol'), same, 'a body that is announced', refusing('Expect')],
  [
    'knows media types in small letters alone',
    at('protocol'),
    ({ isJson }) => ({ isJson: type => isJson(type) && type.startsWith('application/json') }),
    'answered 415',
  ],
  [
    'lets the query win',
    at('protocol'),
    ({ create, respond }) => ({
      create,
      respond: (sent, request) => {
        const name = new URL(request.target, 'http://x').searchParams.get('name')
        if (name === null || sent.status !== 201) return respond(sent, request)
        return respond({ ...sent, body: JSON.stringify({ ...JSON.parse(String(sent.body)), name }) }, request)
      },
    }),
    'contrato-chosen',
  ],
  [
    'names the refused method in Allow',
    at('protocol'),
    ({ respond }) => ({ respond }),
    'which names PATCH itself',
    async ({ method }, answer) => {
      const sent = await answer()
      return method === 'PATCH' && sent.status === 405 ? { ...sent, headers: ['allow', 'GET, PATCH'] } : sent
    },
  ],
  [
    'shows which file is not there',
    travelling,
    ({ respond }) => ({
      respond: (sent, request) =>
        sent.reason === 'unknown webhook'
          ? respond(
              { ...sent, body: String(sent.body).replace('Webhook not found', "ENOENT: open '/data/1.json'") },
              request,
            )
          : respond(sent, request),
    }),
    'a path of the server',
  ],
  [
    'stores what it refuses',
    travelling,
    ({ judge, add, create }) => ({
      judge: request => {
        const judgement = judge(request)
        if ('refusal' in judgement && request.operation === 'createWebhook')
          add(create(request.instanceId, { name: 'n', url: 'u' }) as never)
        return judgement
      },
    }),
    'had answered 401 to no credentials',
  ],
  [
    'remembers that a list was empty',
    travelling,
    ({ list }) => {
      const empty = new Set<string>()
      return {
        list: instance => {
          const found = empty.has(instance) ? [] : list(instance)
          if (found.length === 0) empty.add(instance)
          return found
        },
      }
    },
    'not at all',
  ],
  [
    'lists one for each URL',
    travelling,
    ({ list }) => ({ list: instance => [...new Map(list(instance).map(each => [each.url, each])).values()] }),
    'not at all',
  ],
  [
    'cuts what it stores',
    travelling,
    ({ add }) => ({ add: webhook => add({ ...webhook, name: webhook.name.slice(0, 255) }) }),
    'had answered name',
  ],
  [
    'changes what is below another instance',
    travelling,
    ({ find, webhooks }) => ({
      find: (instance, id) => find(instance, id) ?? webhooks.find(({ webhookId }) => webhookId === id),
    }),
    'which names another parent',
  ],
  [
    'finds what every object has',
    travelling,
    ({ find }) => ({
      find: (instance, id) => find(instance, id) ?? (id in {} ? ({} as never) : undefined),
    }),
    'a reading of the id constructor',
  ],
  [
    'forgets what an update leaves out',
    travelling,
    ({ update }) => ({ update: (webhook, body) => ({ ...update(webhook, body), url: String(body.url ?? '') }) }),
    'was not sent url',
  ],
]

describe('an implementation', () => {
  for (const [name, options, change, says, wrap] of faults) {
    it(`that ${name} is noticed`, async () => {
      const all = await findings(options, change, wrap)
      expect(all.map(({ message }) => message).join('\n')).toContain(says)
    })
  }
})
