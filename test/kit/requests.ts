import type { HttpRequest } from '../../src/http/index.ts'
import type { Operation } from '../../src/model/index.ts'

/** What a request may carry besides its line. A body that is neither text nor bytes is sent as JSON. */
export type RequestOptions = {
  readonly headers?: Readonly<Record<string, string>> | readonly string[]
  readonly body?: unknown
}

/** A request from its first line: `POST /things?x=1`. */
export function request(line: string, { headers = {}, body }: RequestOptions = {}): HttpRequest {
  const [method = 'GET', target = '/'] = line.split(' ')
  const fields = Array.isArray(headers) ? (headers as string[]) : Object.entries(headers).flat()
  const isNamed = fields.some((field, at) => at % 2 === 0 && field.toLowerCase() === 'content-type')
  const named = body === undefined || isNamed ? [] : ['Content-Type', 'application/json']
  return { method, target, headers: [...fields, ...named], body: bytesOf(body) }
}

/** Why an operation refuses a request; empty when it does not. */
export function refusals(operation: Operation, sent: HttpRequest, params: Record<string, string> = {}): string[] {
  return operation.read(sent, params).faults.map(({ reason }) => reason)
}

function bytesOf(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body
  if (body === undefined) return new Uint8Array(0)
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
}
