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
    'that is empty',
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
]

describe('an implementation', () => {
  for (const [name, options, change, says, wrap] of faults) {
    it(`that ${name} is noticed`, async () => {
      const all = await findings(options, change, wrap)
      expect(all.map(({ message }) => message).join('\n')).toContain(says)
    })
  }
})
