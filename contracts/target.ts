import { randomUUID } from 'node:crypto'
import { useContract } from '../src/testing/vitest.ts'
import { createWebhookClient } from '../src/types/client.ts'

const { CONTRACT_URL = '', CONTRACT_TOKEN = '', CONTRACT_INSTANCE = 'contract-tests' } = process.env

const url = CONTRACT_URL.replace(/\/+$/, '')
/** Opens {@link instanceId}. */
export const token = CONTRACT_TOKEN
export const instanceId = CONTRACT_INSTANCE

const contract = await useContract()
/** A redirect is an answer like any other, and judged as such. */
const options = { baseUrl: url, fetch: contract.fetch, redirect: 'manual' } as const

/** The typed client, with the token. */
export const client = createWebhookClient({ ...options, token })
/** The typed client of somebody without a token. */
export const stranger = createWebhookClient(options)

/** Where webhooks of these tests report: the discard port of the machine that would send, so nobody is called. */
export const hook = 'http://127.0.0.1:9/hook'

/** An instance nobody has used before. Whether the target takes it is not promised; how it answers then is. */
export const anotherInstance = (): string => `Contract-Tests-${randomUUID()}`

export const webhooksOf = (instance: string): string => `/api/v2/instance/${encodeURIComponent(instance)}/webhook`

/** Creates a webhook for a test that is about what comes after. */
export async function createdId(): Promise<string> {
  const { data } = await client.POST('/api/v2/instance/{instanceId}/webhook', {
    params: { path: { instanceId } },
    body: { name: `created ${randomUUID()}`, url: hook, enabled: true },
  })
  if (typeof data?.webhookId === 'string') return data.webhookId
  throw new Error('a webhook that could be looked at was not created; see the tests of createWebhook')
}

let refused: Promise<string> | undefined
/** A webhook for requests that are refused: they leave it as it is, so that one will do for all of them. */
export function idToRefuse(): Promise<string> {
  refused ??= createdId()
  return refused
}

type Sending = {
  /** What the Authorization field says; `null` leaves it out. By default the token. */
  readonly authorization?: string | null
  readonly contentType?: string
}

/** Sends what the typed client would not let through: bodies that are wrong, in form or in content. */
export function send(method: string, path: string, body: BodyInit, sending: Sending = {}): Promise<Response> {
  const { authorization = `Bearer ${token}`, contentType = 'application/json' } = sending
  const headers = { 'content-type': contentType, ...(authorization !== null && { authorization }) }
  return contract.fetch(`${url}${path}`, { method, headers, body, redirect: 'manual' })
}

/** Bodies that are no JSON object, whatever the operation. */
export const formless: Readonly<Record<string, BodyInit>> = {
  'an empty body': '',
  'malformed JSON': '{"name":"Support",',
  'JSON with a comma after the last field': `{"name":"Support","url":"${hook}",}`,
  'invalid UTF-8': Buffer.from(`{"name":"\xff","url":"${hook}"}`, 'latin1'),
  'an array': JSON.stringify([{ name: 'Support', url: hook }]),
  'an empty array': '[]',
  'a JSON string': '"Support"',
  'JSON null': 'null',
}

const swapped = token.replace(/[a-z]/gi, letter =>
  letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
)

export const anotherToken = 'Bearer another-token'

/** Authorization fields that open nothing. */
export const wrongCredentials: Readonly<Record<string, string>> = {
  'an empty token': 'Bearer',
  'another token': anotherToken,
  'the beginning of the token': `Bearer ${token.slice(0, -1)}`,
  'the token with more behind it': `Bearer ${token}x`,
  // A token without letters has no other case.
  ...(swapped !== token && { 'the token in other letter case': `Bearer ${swapped}` }),
  'the token under another scheme': `Basic ${token}`,
  'the token without a scheme': token,
}
