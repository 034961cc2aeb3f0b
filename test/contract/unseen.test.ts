import { describe, expect, it } from 'vitest'
import { type ContractOptions, runContract } from '../../src/contract/index.ts'
import { loadDocument, shippedDocument } from '../../src/document/index.ts'
import type { Finding } from '../../src/finding/index.ts'
import { type HttpRequest, type HttpResponse, headerOf } from '../../src/http/index.ts'
import { Api } from '../../src/model/index.ts'
import type { Steps, Webhook } from '../implementation/codechat.ts'
import { implementationHandler } from '../implementation/index.ts'

const api = new Api(await loadDocument(shippedDocument()))
const { token } = implementationHandler()

type Change = (steps: Steps) => Partial<Steps>
type Wrap = (request: HttpRequest, response: HttpResponse) => HttpResponse

/** Runs against an implementation in this process, with some steps replaced and its answers changed. */
async function findings(options: ContractOptions, change: Change, wrap: Wrap = (_, sent) => sent): Promise<Finding[]> {
  const { handler } = implementationHandler(undefined, change)
  const target = async (request: HttpRequest): Promise<HttpResponse> => wrap(request, await handler(request))
  return [...(await runContract(api, target, { token, ...options })).findings]
}

function creating(change: (webhook: Webhook) => Partial<Webhook>): Change {
  return ({ create }) => ({
    create: async (instanceId, body) => {
      const webhook = await create(instanceId, body)
      return { ...webhook, ...change(webhook) }
    },
  })
}

function taking(change: (body: Record<string, unknown>) => Record<string, unknown>): Change {
  return ({ parse }) => ({
    parse: (text, operation) => {
      const parsed = parse(text, operation)
      const isObject = typeof parsed?.value === 'object' && parsed.value !== null && !Array.isArray(parsed.value)
      return isObject ? { value: change(parsed.value as Record<string, unknown>) } : parsed
    },
  })
}

const same: Change = () => ({})
const at = (edge: string): ContractOptions => ({ include: ['createWebhook'], phases: ['examples', edge as 'invalid'] })
const travelling: ContractOptions = { phases: ['examples', 'journeys'] }
const shapeless = Buffer.from('{"message":"no"}')

/** What the document says of a refusal, so that nothing is wrong but that it comes. */
const refused: HttpResponse = {
  status: 400,
  headers: ['Content-Type', 'application/json'],
  body: Buffer.from(JSON.stringify({ statusCode: 400, error: 'Bad Request', message: ['no'] })),
}

type Fault = {
  readonly says: string
  readonly options: ContractOptions
  readonly change: Change
  readonly place: string
  readonly wrap?: Wrap | undefined
}

/** What is wrong, the part of the run that shows it, and the place in the document that the first finding names. */
const faults: readonly Fault[] = [
  fault(
    'takes a name of digits for a number',
    at('boundaries'),
    creating(({ name }) => (/^\d+$/.test(name) ? { name: String(Number(name)) } : {})),
    'equal/0',
  ),
  fault(
    'takes a name of an instant for a date',
    at('boundaries'),
    creating(({ name }) => (/^\d{4}-.*Z$/.test(name) ? { name: new Date(name).toISOString() } : {})),
    'equal/0',
  ),
  fault(
    'decodes percent signs of a name',
    at('boundaries'),
    creating(({ name }) => ({ name: name.replace(/%20/g, ' ') })),
    'equal/0',
  ),
  fault(
    'takes an empty name for none',
    at('boundaries'),
    creating(({ name }) => ({ name: name || 'Webhook' })),
    'equal/0',
  ),
  fault(
    'cuts a name after 4,000 letters',
    at('boundaries'),
    creating(({ name }) => ({ name: name.slice(0, 4000) })),
    'equal/0',
  ),
  fault(
    'drops the user of a URL',
    at('boundaries'),
    creating(({ url }) => ({ url: url.replace(/\/\/[^/@]*@/, '//') })),
    'equal/1',
  ),
  fault(
    'leaves out that it is enabled',
    at('boundaries'),
    creating(({ enabled }) => (enabled ? { enabled: undefined as unknown as boolean } : {})),
    'equal/2',
  ),
  fault(
    'tells in a field where it failed',
    at('invalid'),
    same,
    'responses/InvalidWebhook',
    (_, { headers, ...sent }) =>
      sent.status === 400
        ? { ...sent, headers: [...headers, 'X-Debug', 'at parse (/srv/app/lib/json.js:92:19)'] }
        : { ...sent, headers },
  ),
  fault(
    'answers anything where the path is long',
    at('boundaries'),
    same,
    'schemas/WebhookResponse',
    (request, sent) =>
      request.target.length > 250 && sent.status === 201
        ? { ...sent, body: Buffer.from('{"hello":1}'), headers: ['content-type', 'application/json'] }
        : sent,
  ),
  fault(
    'takes a plus sign in the path for a space',
    at('boundaries'),
    creating(({ instanceInstanceId: id }) => ({ instanceInstanceId: id.replace(/\+/g, ' ') })),
    'equal/3',
  ),
  fault(
    'takes an instance of digits for a number',
    at('boundaries'),
    creating(({ instanceInstanceId: id }) => ({ instanceInstanceId: /^\d+$/.test(id) ? String(Number(id)) : id })),
    'equal/3',
  ),
  fault(
    'takes the text "true" for a boolean',
    at('invalid'),
    taking(body => (body.enabled === 'true' ? { ...body, enabled: true } : body)),
    'schemas/Webhook',
  ),
  fault(
    'takes 1 for a boolean',
    at('invalid'),
    taking(body => (body.enabled === 1 ? { ...body, enabled: true } : body)),
    'schemas/Webhook',
  ),
  fault(
    'makes a text of a number',
    at('invalid'),
    taking(body => (typeof body.name === 'number' ? { ...body, name: String(body.name) } : body)),
    'schemas/Webhook',
  ),
  fault(
    'takes a list of one text for a text',
    at('invalid'),
    taking(({ name, ...body }) => ({ ...body, name: Array.isArray(name) && name.length === 1 ? name[0] : name })),
    'schemas/Webhook',
  ),
  fault(
    'takes Name for name',
    at('invalid'),
    taking(body => ('Name' in body ? { ...body, name: body.Name } : body)),
    'schemas/Webhook',
  ),
  fault(
    'cuts a name after 65,535 letters',
    at('protocol'),
    creating(({ name }) => ({ name: name.slice(0, 65_535) })),
    'equal/0',
  ),
  fault(
    'refuses JSON with a line break before it',
    at('protocol'),
    ({ parse }) => ({ parse: (text, operation) => parse(/^\s/.test(text) ? '{' : text, operation) }),
    'post/responses',
  ),
  fault('refuses a charset in capitals', at('protocol'), same, 'post/responses', (request, sent) =>
    headerOf(request.headers, 'content-type')?.includes(';charset=UTF-8') === true ? refused : sent,
  ),
  fault(
    'takes JSON with comments',
    at('protocol'),
    ({ parse }) => ({ parse: (text, operation) => parse(text.replace(/\/\*.*?\*\//g, ''), operation) }),
    'post/requestBody',
  ),
  fault(
    'takes JSON with NaN',
    at('protocol'),
    ({ parse }) => ({ parse: (text, operation) => parse(text.replace(/:NaN/g, ':null'), operation) }),
    'post/requestBody',
  ),
  fault(
    'takes the end of the token',
    at('credentials'),
    ({ admits }) => ({ admits: (sent, request) => admits(sent, request) || sent === `Bearer ${token.slice(1)}` }),
    'post/responses',
  ),
  fault(
    'takes the token in quotes',
    at('credentials'),
    ({ admits }) => ({ admits: (sent, request) => admits(sent?.replaceAll('"', ''), request) }),
    'securitySchemes/bearer',
  ),
  fault(
    'takes the token in a cookie',
    at('credentials'),
    ({ admits }) => ({
      admits: (sent, request) => admits(sent, request) || request.headers.cookie?.includes(token) === true,
    }),
    'securitySchemes/bearer',
  ),
  fault(
    'lets its own machine in',
    at('credentials'),
    ({ admits }) => ({
      admits: (sent, request) => admits(sent, request) || request.headers['x-forwarded-for'] === '127.0.0.1',
    }),
    'securitySchemes/bearer',
  ),
  fault(
    'takes undefined for a token',
    at('credentials'),
    ({ admits }) => ({ admits: (sent, request) => admits(sent, request) || sent === 'Bearer undefined' }),
    'post/responses',
  ),
  fault(
    'writes an offset without its colon',
    at('examples'),
    creating(({ createdAt }) => ({ createdAt: createdAt.replace('Z', '+0000') })),
    'createdAt/format',
  ),
  fault(
    'tells times of another zone',
    travelling,
    creating(({ createdAt }) => ({ createdAt: new Date(Date.parse(createdAt) - 3 * 3_600_000).toISOString() })),
    'properties/createdAt',
  ),
  fault(
    'tells the same time always',
    travelling,
    creating(() => ({ createdAt: new Date().toISOString().replace(/T.*/, 'T00:00:00.001Z') })),
    'properties/createdAt',
  ),
  fault(
    'does not move updatedAt',
    travelling,
    ({ update }) => ({ update: (webhook, body) => ({ ...update(webhook, body), updatedAt: webhook.updatedAt }) }),
    'properties/updatedAt',
  ),
  fault(
    'lists the first ten',
    { phases: ['examples', 'repetition', 'journeys'], include: ['createWebhook'] },
    ({ list }) => ({ list: id => list(id).slice(0, 10) }),
    'webhook/get',
  ),
  fault(
    'lists the last ten',
    { phases: ['examples', 'repetition', 'journeys'], include: ['createWebhook'] },
    ({ list }) => ({ list: id => list(id).slice(-10) }),
    'webhook/get',
  ),
  fault(
    'lists only what is disabled',
    travelling,
    ({ list }) => ({ list: id => list(id).filter(({ enabled }) => !enabled) }),
    'webhook/get',
  ),
  fault(
    'lists what belongs to instances of a longer name',
    travelling,
    ({ webhooks }) => ({ list: id => webhooks.filter(({ instanceInstanceId }) => instanceInstanceId.startsWith(id)) }),
    'equal/0',
  ),
  fault(
    'finds a webhook by the beginning of its id',
    travelling,
    ({ webhooks }) => ({ find: (_, id) => webhooks.find(({ webhookId }) => webhookId.startsWith(id.slice(0, 8))) }),
    '{webhookId}',
  ),
  fault(
    'changes all webhooks at once',
    travelling,
    steps => ({
      replace: (old, next) => {
        for (const one of steps.webhooks) Object.assign(one, one === old ? next : { url: next.url })
      },
    }),
    'webhookId}/get',
  ),
  fault('says that its JSON is Latin-1', at('examples'), same, '201/content', (_, sent) => ({
    ...sent,
    headers: ['content-type', 'application/json; charset=utf-16'],
  })),
  fault('says that its JSON is packed', at('examples'), same, 'post', (_, sent) => ({
    ...sent,
    headers: [...sent.headers, 'content-encoding', 'gzip'],
  })),
  fault('refuses another Content-Type in another shape', at('protocol'), same, 'ApiError', (_, sent) =>
    sent.status === 415 ? { ...sent, status: 400, body: shapeless } : sent,
  ),
  fault('refuses what is too long in another shape', at('protocol'), same, 'ApiError', (_, sent) =>
    sent.status === 413 ? { ...sent, status: 400, body: shapeless } : sent,
  ),
  fault('sends the credential back', at('protocol'), same, 'InvalidWebhook', (request, sent) =>
    sent.status === 400
      ? {
          ...sent,
          body: Buffer.from(
            JSON.stringify({
              statusCode: 400,
              error: 'E',
              message: ['no'],
              got: headerOf(request.headers, 'authorization'),
            }),
          ),
        }
      : sent,
  ),
  fault('leads nowhere with Location', travelling, same, 'webhook/post', (_, sent) =>
    sent.status === 201 ? { ...sent, headers: [...sent.headers, 'location', '/nowhere'] } : sent,
  ),
]

function fault(says: string, options: ContractOptions, change: Change, place: string, wrap?: Wrap): Fault {
  return { says, options, change, place, wrap }
}

describe('an implementation', () => {
  it('that is right is not accused', async () => {
    expect(await findings({ phases: ['examples', 'credentials', 'protocol', 'journeys'] }, same)).toEqual([])
  })

  it.each(faults)('that $says is noticed, at the right clause', async ({ options, change, place, wrap }) => {
    const [first] = await findings({ ...options, bail: true }, change, wrap)
    expect(first?.pointer).toContain(place)
  })
})
