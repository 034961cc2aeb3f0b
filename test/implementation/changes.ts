import type { Answer, OperationName, Reason, Request, Steps, Webhook, WebhookEvents } from './codechat.ts'

/** What a fault replaces, made from the correct steps, anew for each server. */
export type Change = (correct: Steps) => Partial<Steps>
type Edit = (answer: Answer) => Answer
type Fields = Readonly<Record<string, unknown>>

/** Which answers are meant; what is not named does not matter. */
interface Which {
  readonly operation?: OperationName
  readonly status?: number
  readonly reason?: Reason
}

export const created = { operation: 'createWebhook', status: 201 } as const
export const listed = { operation: 'listWebhooks', status: 200 } as const
export const found = { operation: 'readWebhook', status: 200 } as const
export const updated = { operation: 'updateWebhook', status: 201 } as const
export const defined = { operation: 'defineWebhookEvents', status: 200 } as const
export const badRequest = { status: 400 } as const
export const unauthorized = { status: 401 } as const

/** Changes the finished answers that are meant, and no other. */
export function when(which: Which, edit: Edit): Change {
  return () => ({
    respond: (answer, request) =>
      (which.operation ?? request.operation) === request.operation &&
      (which.status ?? answer.status) === answer.status &&
      (which.reason ?? answer.reason) === answer.reason
        ? edit(answer)
        : answer,
  })
}

/** Changes the JSON of the answers that are meant; the caller names what that JSON is. */
export function jsonOf<T>(which: Which, change: (body: T) => unknown): Change {
  return textOf(which, body => JSON.stringify(change(JSON.parse(body))))
}

/** Changes the text of the answers that are meant. */
export function textOf(which: Which, change: (body: string) => string): Change {
  return when(which, answer => ({ ...answer, body: change(String(answer.body)) }))
}

/** Changes fields of a webhook that is handed out. */
export function webhookIn(which: Which, change: (webhook: Webhook) => Fields): Change {
  return jsonOf<Webhook>(which, webhook => ({ ...webhook, ...change(webhook) }))
}

/** Changes the events of a webhook that is handed out. */
export function eventsIn(which: Which, change: (events: WebhookEvents) => unknown): Change {
  return webhookIn(which, ({ WebhookEvents }) => ({ WebhookEvents: change(WebhookEvents) }))
}

export function set(fields: Fields): Edit {
  return answer => ({ ...answer, body: JSON.stringify({ ...JSON.parse(String(answer.body)), ...fields }) })
}

export function without(field: string): Edit {
  return set({ [field]: undefined })
}

export function withStatus(status: number): Edit {
  return answer => ({ ...answer, status })
}

export function withContentType(contentType: string): Edit {
  return answer => ({ ...answer, headers: { ...answer.headers, 'content-type': contentType } })
}

export function withoutHeader(name: string): Edit {
  return answer => {
    const { [name]: _, ...headers } = answer.headers
    return { ...answer, headers }
  }
}

export const emptied: Edit = answer => ({ ...withoutHeader('content-type')(answer), body: '' })

export const inHtml: Edit = answer => ({
  ...withContentType('text/html; charset=utf-8')(answer),
  body: '<!doctype html><title>Error</title>',
})

/** Another status, with a body that tells the same story. */
export function refusedAs(statusCode: number, error: string): Edit {
  return answer => ({ ...set({ statusCode, error })(answer), status: statusCode })
}

/** Makes and keeps another webhook than was asked for. */
export function creating(change: (webhook: Webhook) => Partial<Webhook>): Change {
  return ({ create }) => ({
    create: async (instanceId, body) => {
      const webhook = await create(instanceId, body)
      return { ...webhook, ...change(webhook) }
    },
  })
}

type Parsed = ReturnType<Steps['parse']>

/** Parses the body of one operation in another way. */
export function parsing(operation: OperationName, parse: (text: string, right: Parsed) => Parsed): Change {
  return correct => ({
    parse: (text, asked) => {
      const right = correct.parse(text, asked)
      return asked === operation ? parse(text, right) : right
    },
  })
}

/** Takes JSON for another value than it is. */
export function taking(operation: OperationName, change: (value: unknown) => unknown): Change {
  return parsing(operation, (_, right) => right && { value: change(right.value) })
}

/** Takes a JSON object for another than it is. */
export function takingFields(operation: OperationName, change: (fields: Fields) => Fields): Change {
  return taking(operation, value => (isFields(value) ? change(value) : value))
}

/** Takes a field of one type for a value of another. */
export function converting(
  operation: OperationName,
  field: string,
  from: 'string' | 'number' | 'null',
  to: (value: unknown) => unknown,
): Change {
  return takingFields(operation, fields => {
    const value = fields[field]
    return (value === null ? 'null' : typeof value) === from ? { ...fields, [field]: to(value) } : fields
  })
}

/** Trips over a value it did not expect. */
export function trippingOver(isUnexpected: (value: unknown) => boolean): Change {
  return taking('createWebhook', value => {
    if (isUnexpected(value)) throw new TypeError('Cannot read properties of this body')
    return value
  })
}

/** Refuses as bad what is good. */
export function alsoRefusing(operation: OperationName, complaint: string, isMeant: (body: Fields) => boolean): Change {
  return ({ complaints }) => ({
    complaints: (asked, body) => [
      ...complaints(asked, body),
      ...(asked === operation && isMeant(body) ? [complaint] : []),
    ],
  })
}

type Admits = (authorization: string | undefined, request: Request, token: string) => boolean

/** Lets in whom the correct server lets in, and more. */
export function alsoAdmitting(admits: Admits): Change {
  return correct => ({
    admits: (authorization, request) =>
      admits(authorization, request, correct.token) || correct.admits(authorization, request),
  })
}

/** The token of an Authorization header, if it is a bearer's. */
export function bearerToken(authorization = ''): string | undefined {
  return /^bearer +(\S+)$/i.exec(authorization)?.[1]
}

export function mapValues(fields: Fields, change: (value: unknown) => unknown): Fields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, change(value)]))
}

export function minuteBefore(date: string): string {
  return new Date(Date.parse(date) - 60_000).toISOString()
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
