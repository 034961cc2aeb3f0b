import { expect } from 'vitest'
import { Judge } from '../check/index.ts'
import { loadDocument, shippedDocument } from '../document/index.ts'
import { type Exchange, toHttpRequest, toHttpResponse, toResponse } from '../http/index.ts'
import { Api } from '../model/index.ts'
import { makeStyle, showFinding } from '../report/index.ts'

declare module 'vitest' {
  interface Matchers<T> {
    /**
     * Holds the answer against what the document promises for an operation: status, content type, body, headers and the
     * relations to its request. The response must come from a `fetch` of {@link useContract}.
     *
     * @param status the status that the request calls for; without it, any documented one
     */
    toMatchContract(operation: string, status?: number): T
  }
}

export type Contract = {
  readonly api: Api
  /** A `fetch` that remembers each exchange, so that an answer can be judged together with its request. */
  readonly fetch: typeof fetch
}

/** An exchange of a contract's `fetch`, with the judge of that contract. */
type Sent = {
  readonly exchange: Exchange
  readonly api: Api
  readonly judge: Judge
  /** Judged once: a second look must not take a unique value for a repeated one. */
  verdict?: ReturnType<Judge['judge']>
}

/** All contracts share one matcher, since `expect` has one; the response tells which is meant. */
const known = new WeakMap<object, Sent>()

/**
 * Reads a document and teaches `expect` the matcher `toMatchContract`. Values that the document declares as unique are
 * compared over all answers that the returned contract has judged.
 *
 * @param document path of an OpenAPI file, or the `api` of a mock; by default the shipped webhook document
 * @param options.fetch what sends the requests: a mock's `fetch`, or by default the global one
 * @throws Trouble when the document cannot be used
 */
export async function useContract(
  document: string | Api = shippedDocument(),
  options: { readonly fetch?: typeof fetch } = {},
): Promise<Contract> {
  const api = typeof document === 'string' ? new Api(await loadDocument(document)) : document
  const judge = new Judge(api)
  const send = options.fetch ?? fetch
  expect.extend({ toMatchContract })
  return {
    api,
    fetch: async (input, init) => {
      const request = input instanceof Request && init === undefined ? input : new Request(input, init)
      const sent = await toHttpRequest(request)
      const { method, headers, redirect, signal } = request
      const body = sent.body.length === 0 ? null : (sent.body as Uint8Array<ArrayBuffer>)
      const response = await toHttpResponse(await send(request.url, { method, headers, body, redirect, signal }))
      const copy = toResponse(response)
      known.set(copy, { exchange: { request: sent, response }, api, judge })
      return copy
    },
  }
}

function toMatchContract(received: unknown, operationId: string, status?: number) {
  const sent = typeof received === 'object' && received !== null ? known.get(received) : undefined
  if (sent === undefined) {
    throw new TypeError(
      'toMatchContract takes a response that came from the fetch of useContract(); it remembers the request',
    )
  }
  const { exchange, api, judge } = sent
  const operation = api.operation(operationId)
  if (operation === undefined) {
    const names = api.operations.map(({ id }) => id).join(', ')
    throw new TypeError(`${api.document.file} has no operation "${operationId}"; it has ${names}`)
  }
  sent.verdict ??= judge.judge(exchange, operation)
  const surroundings = { style: makeStyle(false), textOf: (file: string) => api.document.textOf(file) }
  const told = sent.verdict.map(finding => showFinding(finding, surroundings))
  if (status !== undefined && status !== exchange.response.status) {
    told.unshift(
      `${operationId} answered ${exchange.response.status} where ${status} was expected: ${bodyOf(exchange)}`,
    )
  }
  return {
    pass: told.length === 0,
    message: () => (told.length === 0 ? `${operationId} answered as the document promises` : told.join('\n\n')),
  }
}

function bodyOf({ response }: Exchange): string {
  const text = Buffer.from(response.body).toString('utf8')
  return text === '' ? 'no body' : text.length > 300 ? `${text.slice(0, 300)}…` : text
}
