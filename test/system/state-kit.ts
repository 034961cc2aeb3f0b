import { expect } from 'vitest'
import { startMock } from './kit.ts'

export type Replica = Awaited<ReturnType<typeof startMock>>

const json = { 'content-type': 'application/json' }

/** An operation whose exchange makes one event, for the address that it names. */
export const ordering = `
openapi: 3.1.0
info: { title: Orders, version: '1' }
paths:
  /orders:
    post:
      operationId: order
      requestBody: { content: { application/json: { schema: { type: object } } } }
      responses: { '201': { description: Made } }
      x-contract: { causes: [ { event: shipped } ] }
      callbacks:
        shipped:
          '{$request.body#/tell}':
            post:
              requestBody: { content: { application/json: { schema: { type: object }, example: { type: shipped } } } }
              responses: { '200': { description: Thanks } }
`

/** A mock of the shipped document that remembers in a Redis; its deliveries carry ids. */
export async function replica(state: string, ...words: readonly string[]): Promise<Replica> {
  return await startMock(['--quiet', '--delivery', 'standard-webhooks', '--state', state, ...words])
}

/** Registers a webhook with a mock, as a page would. */
export async function registerAt(mock: string, url: string, enabled = true): Promise<Response> {
  return await fetch(`${mock}/api/v2/instance/inst-1/webhook`, {
    method: 'POST',
    headers: { ...json, authorization: 'Bearer any', origin: 'http://page.example' },
    body: JSON.stringify({ name: 'CRM', url, enabled }),
  })
}

/** What a mock answers under `/__contrato`. */
export async function ask(mock: string, line: string, order?: object, prefer = ''): Promise<Response> {
  const [method = '', path = ''] = line.split(' ')
  return await fetch(`${mock}/__contrato${path}`, {
    method,
    headers: { ...json, ...(prefer !== '' && { prefer }) },
    ...(order !== undefined && { body: JSON.stringify(order) }),
  })
}

/** The same as JSON, where it is answered with 200. */
export async function told<T>(mock: string, line: string, order?: object): Promise<T> {
  const response = await ask(mock, line, order)
  expect(response.status).toBe(200)
  return (await response.json()) as T
}

export type Told = {
  readonly id: string
  readonly eventId: string
  readonly state: string
  readonly attempts: readonly unknown[]
}

/** Ends mocks without a word. */
export async function kill(...mocks: readonly Replica[]): Promise<void> {
  await Promise.all(
    mocks.map(async ({ child, ended }) => {
      child.kill('SIGKILL')
      await ended
    }),
  )
}
