import { setTimeout as wait } from 'node:timers/promises'
import {
  alsoAdmitting,
  alsoRefusing,
  badRequest,
  bearerToken,
  type Change,
  converting,
  created,
  creating,
  defined,
  emptied,
  eventsIn,
  found,
  inHtml,
  jsonOf,
  listed,
  mapValues,
  minuteBefore,
  parsing,
  refusedAs,
  set,
  taking,
  takingFields,
  textOf,
  trippingOver,
  unauthorized,
  updated,
  webhookIn,
  when,
  withContentType,
  without,
  withoutHeader,
  withStatus,
} from './changes.ts'
import type { Body, Webhook } from './codechat.ts'

/** One thing a server can do wrong. */
export interface Fault {
  readonly name: string
  readonly says: string
  readonly change: Change
}

const nobody = { name: '', url: '' }
const noWebhook = '{"statusCode":400,"error":"Bad Request","message":["Webhook not found"]}'
const allOn = ({ WebhookEvents }: Webhook) => mapValues(WebhookEvents, () => true)
const inverted = (flags: Body) => mapValues(flags, flag => !flag)

/** Every fault a server can be started with; each is one, and touches nothing else. */
export const faults = [
  // A success with another status than the documented one.
  { name: 'create-answers-200', says: 'creating answers 200 instead of 201', change: when(created, withStatus(200)) },
  { name: 'create-answers-202', says: 'creating answers 202 instead of 201', change: when(created, withStatus(202)) },
  {
    name: 'create-answers-204',
    says: 'creating answers 204 without a body',
    change: when(created, answer => ({ ...emptied(answer), status: 204 })),
  },
  { name: 'list-answers-201', says: 'listing answers 201 instead of 200', change: when(listed, withStatus(201)) },
  { name: 'read-answers-201', says: 'reading answers 201 instead of 200', change: when(found, withStatus(201)) },
  { name: 'update-answers-200', says: 'updating answers 200 instead of 201', change: when(updated, withStatus(200)) },
  { name: 'define-events-answers-201', says: 'defining events answers 201', change: when(defined, withStatus(201)) },

  // A required field is missing.
  { name: 'created-without-name', says: 'the 201 lacks name', change: when(created, without('name')) },
  { name: 'created-without-url', says: 'the 201 lacks url', change: when(created, without('url')) },
  { name: 'created-without-webhook-id', says: 'the 201 lacks webhookId', change: when(created, without('webhookId')) },
  { name: 'created-without-created-at', says: 'the 201 lacks createdAt', change: when(created, without('createdAt')) },
  { name: 'created-without-updated-at', says: 'the 201 lacks updatedAt', change: when(created, without('updatedAt')) },
  {
    name: 'created-without-instance-id',
    says: 'the 201 lacks instanceInstanceId',
    change: when(created, without('instanceInstanceId')),
  },
  {
    name: 'created-without-events-id',
    says: 'WebhookEvents in the 201 lacks webhookEventsId',
    change: eventsIn(created, events => ({ ...events, webhookEventsId: undefined })),
  },
  {
    name: 'created-without-events-created-at',
    says: 'WebhookEvents in the 201 lacks createdAt',
    change: eventsIn(created, events => ({ ...events, createdAt: undefined })),
  },
  {
    name: 'listed-without-webhook-id',
    says: 'the entries of the list lack webhookId',
    change: jsonOf<Webhook[]>(listed, list => list.map(entry => ({ ...entry, webhookId: undefined }))),
  },
  { name: 'read-without-url', says: 'the webhook read lacks url', change: when(found, without('url')) },
  {
    name: 'updated-without-updated-at',
    says: 'the webhook updated lacks updatedAt',
    change: when(updated, without('updatedAt')),
  },
  {
    name: 'defined-without-events-id',
    says: 'the events defined lack webhookEventsId',
    change: when(defined, without('webhookEventsId')),
  },

  // A field of another type, or the whole body of another form.
  { name: 'name-null', says: 'the 201 has name: null', change: when(created, set({ name: null })) },
  {
    name: 'url-as-object',
    says: 'the 201 has url as an object with an href',
    change: webhookIn(created, body => ({ url: { href: body.url } })),
  },
  {
    name: 'enabled-as-string',
    says: 'the 201 has enabled as the string "true" or "false"',
    change: webhookIn(created, body => ({ enabled: String(body.enabled) })),
  },
  {
    name: 'enabled-as-number',
    says: 'the 201 has enabled as 0 or 1',
    change: webhookIn(created, body => ({ enabled: Number(body.enabled) })),
  },
  { name: 'enabled-null', says: 'the 201 has enabled: null', change: when(created, set({ enabled: null })) },
  {
    name: 'webhook-id-as-number',
    says: 'the 201 has webhookId as a number',
    change: webhookIn(created, body => ({ webhookId: Number.parseInt(body.webhookId.slice(0, 8), 16) })),
  },
  {
    name: 'instance-id-as-object',
    says: 'the 201 has instanceInstanceId as an object with an id',
    change: webhookIn(created, body => ({ instanceInstanceId: { id: body.instanceInstanceId } })),
  },
  {
    name: 'events-as-array',
    says: 'the 201 has WebhookEvents as an array of flag names',
    change: eventsIn(created, events => Object.keys(events).filter(flag => events[flag] === true)),
  },
  {
    name: 'event-flag-as-string',
    says: 'the 201 has one event flag as the string "true"',
    change: eventsIn(created, events => ({ ...events, sendMessage: 'true' })),
  },
  {
    name: 'defined-flags-as-strings',
    says: 'the events defined have their flags as strings',
    change: jsonOf<Webhook['WebhookEvents']>(defined, body => mapValues(body, String)),
  },
  {
    name: 'created-in-array',
    says: 'the 201 is an array of one webhook',
    change: jsonOf(created, body => [body]),
  },
  {
    name: 'created-in-data',
    says: 'the 201 is wrapped as {data}',
    change: jsonOf(created, data => ({ data })),
  },
  {
    name: 'created-encoded-twice',
    says: 'the 201 is a JSON string that holds the JSON',
    change: textOf(created, body => JSON.stringify(body)),
  },
  {
    name: 'created-truncated',
    says: 'the JSON of the 201 lacks its end',
    change: textOf(created, body => body.slice(0, -1)),
  },
  {
    name: 'list-in-data',
    says: 'the list is wrapped as {data}',
    change: jsonOf(listed, data => ({ data })),
  },
  {
    name: 'list-as-object',
    says: 'a list of one is that webhook itself',
    change: jsonOf<unknown[]>(listed, list => (list.length === 1 ? list[0] : list)),
  },
  {
    name: 'empty-list-as-null',
    says: 'a list of none is null',
    change: jsonOf<unknown[]>(listed, list => (list.length === 0 ? null : list)),
  },
  {
    name: 'read-in-array',
    says: 'the webhook read is in an array',
    change: jsonOf(found, body => [body]),
  },

  // A date that is none.
  {
    name: 'created-at-with-space',
    says: 'createdAt in the 201 has a space instead of the T',
    change: webhookIn(created, body => ({ createdAt: body.createdAt.replace('T', ' ') })),
  },
  {
    name: 'created-at-unix-number',
    says: 'createdAt in the 201 is a number of milliseconds',
    change: webhookIn(created, body => ({ createdAt: Date.parse(body.createdAt) })),
  },
  {
    name: 'created-at-date-only',
    says: 'createdAt in the 201 has no time',
    change: webhookIn(created, body => ({ createdAt: body.createdAt.slice(0, 10) })),
  },
  {
    name: 'created-at-without-zone',
    says: 'createdAt in the 201 has no time zone',
    change: webhookIn(created, body => ({ createdAt: body.createdAt.replace('Z', '') })),
  },
  {
    name: 'updated-at-in-words',
    says: 'updatedAt in the 201 is written in words, as in HTTP headers',
    change: webhookIn(created, body => ({ updatedAt: new Date(body.updatedAt).toUTCString() })),
  },
  {
    name: 'updated-at-impossible',
    says: 'updatedAt in the 201 is the 31st of June',
    change: webhookIn(created, body => ({
      updatedAt: `${Number(body.updatedAt.slice(0, 4)) + 1}-06-31T00:00:00.000Z`,
    })),
  },
  {
    name: 'updated-before-created',
    says: 'updatedAt in the 201 is before createdAt',
    change: webhookIn(created, body => ({ updatedAt: minuteBefore(body.createdAt) })),
  },
  {
    name: 'update-before-creation',
    says: 'after an update, updatedAt is before createdAt',
    change: webhookIn(updated, body => ({ updatedAt: minuteBefore(body.createdAt) })),
  },

  // Not what was sent.
  {
    name: 'name-not-echoed',
    says: 'the 201 carries another name than was sent',
    change: when(created, set({ name: 'Webhook' })),
  },
  {
    name: 'name-trimmed',
    says: 'blanks around a name are dropped',
    change: creating(({ name }) => ({ name: name.trim() })),
  },
  {
    name: 'name-lower-cased',
    says: 'a name is kept in lower case',
    change: creating(({ name }) => ({ name: name.toLowerCase() })),
  },
  {
    name: 'name-cut',
    says: 'a name is cut after 32 characters',
    change: creating(({ name }) => ({ name: name.slice(0, 32) })),
  },
  {
    name: 'name-cut-at-emoji',
    says: 'a name ends before its first character outside the basic plane',
    change: creating(({ name }) => ({ name: name.replace(/[\u{10000}-\u{10ffff}].*/su, '') })),
  },
  {
    name: 'name-emoji-replaced',
    says: 'characters outside the basic plane become question marks in a name',
    change: creating(({ name }) => ({ name: name.replace(/[\u{10000}-\u{10ffff}]/gu, '?') })),
  },
  {
    name: 'name-html-escaped',
    says: 'the ampersand of a name becomes &amp;',
    change: creating(({ name }) => ({ name: name.replaceAll('&', '&amp;') })),
  },
  {
    name: 'name-quote-unescaped',
    says: 'a quotation mark in a name is not escaped, and the JSON breaks',
    change: textOf(created, body => body.replaceAll('\\"', '"')),
  },
  {
    name: 'name-in-latin-1',
    says: 'the 201 is sent as Latin-1 and labelled UTF-8',
    change: when(created, answer => ({ ...answer, body: Buffer.from(String(answer.body), 'latin1') })),
  },
  {
    name: 'url-not-echoed',
    says: 'the 201 carries another url than was sent',
    change: when(created, set({ url: 'http://127.0.0.1/elsewhere' })),
  },
  {
    name: 'url-normalised',
    says: 'a url without a path gets a slash',
    change: creating(({ url }) => ({ url: url.replace(/^(https?:\/\/[^/?#]+)$/, '$1/') })),
  },
  {
    name: 'url-without-query',
    says: 'the query of a url is dropped',
    change: creating(({ url }) => ({ url: url.replace(/\?[^#]*/, '') })),
  },
  {
    name: 'enabled-always-true',
    says: 'a webhook is enabled whatever was sent',
    change: creating(() => ({ enabled: true })),
  },
  {
    name: 'enabled-always-false',
    says: 'a webhook is disabled whatever was sent',
    change: creating(() => ({ enabled: false })),
  },
  {
    name: 'enabled-by-default',
    says: 'a webhook created without enabled is enabled',
    change: takingFields('createWebhook', fields => ({ enabled: true, ...fields })),
  },
  {
    name: 'instance-id-of-another',
    says: 'the 201 names another instance than the path',
    change: when(created, set({ instanceInstanceId: 'another-instance' })),
  },
  {
    name: 'instance-id-lower-cased',
    says: 'the 201 names the instance in lower case',
    change: webhookIn(created, body => ({ instanceInstanceId: body.instanceInstanceId.toLowerCase() })),
  },

  // Identity.
  {
    name: 'webhook-id-reused',
    says: 'every webhook gets the same webhookId',
    change: creating(() => ({ webhookId: 'webhook' })),
  },
  {
    name: 'webhook-id-from-name',
    says: 'webhooks of the same name get the same webhookId',
    change: creating(({ name }) => ({ webhookId: Buffer.from(`name ${name}`).toString('base64url') })),
  },
  {
    name: 'webhook-id-counted-per-instance',
    says: 'the first webhooks of two instances get the same webhookId',
    change: ({ create, list }) => ({
      create: async (instanceId, body) => ({
        ...(await create(instanceId, body)),
        webhookId: `webhook-${list(instanceId).length + 1}`,
      }),
    }),
  },
  {
    name: 'webhook-id-equal-when-concurrent',
    says: 'webhooks created at the same time get the same webhookId',
    change: ({ create }) => {
      let last = 0
      return {
        create: async (instanceId, body) => {
          const next = last + 1
          await wait(50)
          last = next
          return { ...(await create(instanceId, body)), webhookId: `webhook-${next}` }
        },
      }
    },
  },
  { name: 'webhook-not-kept', says: 'a webhook created is not kept', change: () => ({ add: () => {} }) },
  {
    name: 'webhook-kept-twice',
    says: 'a webhook created is in the list twice',
    change: ({ add }) => ({
      add: webhook => {
        add(webhook)
        add({ ...webhook })
      },
    }),
  },

  // Errors in another shape than the documented one.
  {
    name: 'bad-request-message-as-string',
    says: 'message of a 400 is a string',
    change: jsonOf<{ message: string[] }>(badRequest, body => ({ ...body, message: body.message.join(', ') })),
  },
  {
    name: 'bad-request-messages-as-objects',
    says: 'message of a 400 is an array of objects',
    change: jsonOf<{ message: string[] }>(badRequest, body => ({
      ...body,
      message: body.message.map(message => ({ message })),
    })),
  },
  {
    name: 'bad-request-without-message',
    says: 'a 400 lacks message',
    change: when(badRequest, without('message')),
  },
  { name: 'bad-request-without-error', says: 'a 400 lacks error', change: when(badRequest, without('error')) },
  {
    name: 'bad-request-without-status-code',
    says: 'a 400 lacks statusCode',
    change: when(badRequest, without('statusCode')),
  },
  {
    name: 'bad-request-status-code-as-string',
    says: 'statusCode of a 400 is the string "400"',
    change: when(badRequest, set({ statusCode: '400' })),
  },
  {
    name: 'bad-request-says-500',
    says: 'statusCode of a 400 is 500',
    change: when(badRequest, set({ statusCode: 500 })),
  },
  { name: 'bad-request-in-html', says: 'a 400 is an HTML page', change: when(badRequest, inHtml) },
  { name: 'bad-request-empty', says: 'a 400 has no body', change: when(badRequest, emptied) },
  {
    name: 'bad-request-as-problem',
    says: 'a 400 is labelled application/problem+json',
    change: when(badRequest, withContentType('application/problem+json')),
  },
  {
    name: 'malformed-json-message-as-string',
    says: 'message of the 400 for malformed JSON is a string',
    change: when({ reason: 'not JSON' }, set({ message: 'Unexpected token in JSON' })),
  },
  {
    name: 'malformed-json-in-html',
    says: 'malformed JSON is answered with an HTML page',
    change: when({ reason: 'not JSON' }, inHtml),
  },
  {
    name: 'unauthorized-message-as-string',
    says: 'message of a 401 is a string',
    change: when(unauthorized, set({ message: 'Unauthorized' })),
  },
  {
    name: 'unauthorized-without-message',
    says: 'a 401 lacks message',
    change: when(unauthorized, without('message')),
  },
  { name: 'unauthorized-without-error', says: 'a 401 lacks error', change: when(unauthorized, without('error')) },
  {
    name: 'unauthorized-without-status-code',
    says: 'a 401 lacks statusCode',
    change: when(unauthorized, without('statusCode')),
  },
  {
    name: 'unauthorized-status-code-as-string',
    says: 'statusCode of a 401 is the string "401"',
    change: when(unauthorized, set({ statusCode: '401' })),
  },
  {
    name: 'unauthorized-says-403',
    says: 'statusCode of a 401 is 403',
    change: when(unauthorized, set({ statusCode: 403 })),
  },
  { name: 'unauthorized-in-html', says: 'a 401 is an HTML page', change: when(unauthorized, inHtml) },
  { name: 'unauthorized-empty', says: 'a 401 has no body', change: when(unauthorized, emptied) },
  {
    name: 'unauthorized-without-challenge',
    says: 'a 401 lacks WWW-Authenticate',
    change: when(unauthorized, withoutHeader('www-authenticate')),
  },

  // Errors under another status.
  {
    name: 'bad-request-answers-422',
    says: 'what should be a 400 is a 422',
    change: when(badRequest, refusedAs(422, 'Unprocessable Entity')),
  },
  {
    name: 'bad-request-answers-200',
    says: 'what should be a 400 is a 200 with the error as body',
    change: when(badRequest, withStatus(200)),
  },
  {
    name: 'unauthorized-answers-403',
    says: 'missing credentials are answered 403',
    change: when(unauthorized, refusedAs(403, 'Forbidden')),
  },
  {
    name: 'unauthorized-answers-200',
    says: 'missing credentials are answered 200, with the error as body',
    change: when(unauthorized, withStatus(200)),
  },
  {
    name: 'unauthorized-redirects',
    says: 'missing credentials are answered with a redirect to a login page',
    change: when(unauthorized, answer => ({
      ...emptied(answer),
      status: 302,
      headers: { location: '/login' },
    })),
  },
  {
    name: 'malformed-json-answers-500',
    says: 'malformed JSON is answered 500',
    change: when({ reason: 'not JSON' }, refusedAs(500, 'Internal Server Error')),
  },
  {
    name: 'empty-body-answers-500',
    says: 'an empty body is answered 500',
    change: when({ reason: 'empty' }, refusedAs(500, 'Internal Server Error')),
  },
  {
    name: 'array-answers-500',
    says: 'a JSON array is answered 500',
    change: trippingOver(value => Array.isArray(value)),
  },
  { name: 'null-answers-500', says: 'a JSON null is answered 500', change: trippingOver(value => value === null) },
  {
    name: 'unknown-webhook-answers-404',
    says: 'an unknown webhookId is answered 404',
    change: when({ reason: 'unknown webhook' }, refusedAs(404, 'Not Found')),
  },
  {
    name: 'unknown-webhook-answers-null',
    says: 'an unknown webhookId is answered 200 with null',
    change: when({ reason: 'unknown webhook' }, answer => ({ ...answer, status: 200, body: 'null' })),
  },

  // Content type.
  {
    name: 'created-as-text',
    says: 'the 201 is labelled text/plain',
    change: when(created, withContentType('text/plain; charset=utf-8')),
  },
  {
    name: 'created-without-content-type',
    says: 'the 201 has no content type',
    change: when(created, withoutHeader('content-type')),
  },
  {
    name: 'bad-request-as-text',
    says: 'a 400 is labelled text/plain',
    change: when(badRequest, withContentType('text/plain')),
  },
  {
    name: 'list-as-text',
    says: 'the list is labelled text/plain',
    change: when(listed, withContentType('text/plain')),
  },

  // Credentials.
  { name: 'auth-ignored', says: 'no credentials are needed', change: alsoAdmitting(() => true) },
  {
    name: 'auth-ignored-on-list',
    says: 'no credentials are needed to list webhooks',
    change: alsoAdmitting((_, { operation }) => operation === 'listWebhooks'),
  },
  {
    name: 'auth-ignored-on-events',
    says: 'no credentials are needed to define events',
    change: alsoAdmitting((_, { operation }) => operation === 'defineWebhookEvents'),
  },
  {
    name: 'missing-credentials-accepted',
    says: 'wrong credentials are refused, but none are accepted',
    change: alsoAdmitting(authorization => authorization === undefined),
  },
  {
    name: 'any-credentials-accepted',
    says: 'any Authorization header is accepted',
    change: alsoAdmitting(authorization => authorization !== undefined),
  },
  {
    name: 'any-token-accepted',
    says: 'any bearer token is accepted',
    change: alsoAdmitting(authorization => bearerToken(authorization) !== undefined),
  },
  {
    name: 'empty-token-accepted',
    says: 'Bearer without a token is accepted',
    change: alsoAdmitting((authorization = '') => /^bearer *$/i.test(authorization)),
  },
  {
    name: 'other-scheme-accepted',
    says: 'the token is accepted under any scheme',
    change: alsoAdmitting((authorization = '', _, token) => /^\S+ +(\S+)$/.exec(authorization)?.[1] === token),
  },
  {
    name: 'bare-token-accepted',
    says: 'the token is accepted without a scheme',
    change: alsoAdmitting((authorization, _, token) => authorization === token),
  },
  {
    name: 'token-in-query-accepted',
    says: 'the token is accepted as a query parameter',
    change: alsoAdmitting((_, { target }, token) => target.endsWith(`?token=${token}`)),
  },
  {
    name: 'token-beginning-accepted',
    says: 'the beginning of the token is accepted',
    change: alsoAdmitting((authorization, _, token) => {
      const sent = bearerToken(authorization)
      return sent !== undefined && token.startsWith(sent)
    }),
  },
  {
    name: 'token-with-more-accepted',
    says: 'the token is accepted with more behind it',
    change: alsoAdmitting((authorization, _, token) => bearerToken(authorization)?.startsWith(token) ?? false),
  },
  {
    name: 'token-case-ignored',
    says: 'the token is accepted in other letter case',
    change: alsoAdmitting(
      (authorization, _, token) => bearerToken(authorization)?.toLowerCase() === token.toLowerCase(),
    ),
  },
  {
    name: 'lower-case-bearer-refused',
    says: 'the scheme is accepted only as Bearer with a capital B',
    change: ({ admits }) => ({
      admits: (authorization, request) =>
        authorization?.startsWith('Bearer ') === true && admits(authorization, request),
    }),
  },
  {
    name: 'body-judged-first',
    says: 'a bad body is answered 400 even without credentials',
    change: ({ judge, readBody }) => ({
      judge: request => {
        const judgement = request.operation === 'createWebhook' ? readBody(request) : { body: {} }
        return 'refusal' in judgement ? judgement : judge(request)
      },
    }),
  },

  // Bad bodies accepted.
  {
    name: 'missing-name-accepted',
    says: 'a missing name is taken as an empty one',
    change: takingFields('createWebhook', fields => ({ name: '', ...fields })),
  },
  {
    name: 'missing-url-accepted',
    says: 'a missing url is taken as an empty one',
    change: takingFields('createWebhook', fields => ({ url: '', ...fields })),
  },
  {
    name: 'number-name-accepted',
    says: 'a number is taken as a name',
    change: converting('createWebhook', 'name', 'number', String),
  },
  {
    name: 'null-name-accepted',
    says: 'null is taken as an empty name',
    change: converting('createWebhook', 'name', 'null', () => ''),
  },
  {
    name: 'number-url-accepted',
    says: 'a number is taken as a url',
    change: converting('createWebhook', 'url', 'number', String),
  },
  {
    name: 'string-enabled-accepted',
    says: 'any string is taken as enabled: true',
    change: converting('createWebhook', 'enabled', 'string', Boolean),
  },
  {
    name: 'null-enabled-accepted',
    says: 'enabled: null is taken as absent',
    change: converting('createWebhook', 'enabled', 'null', () => false),
  },
  {
    name: 'malformed-json-accepted',
    says: 'malformed JSON is taken as an empty webhook',
    change: parsing('createWebhook', (text, right) => right ?? (text === '' ? undefined : { value: nobody })),
  },
  {
    name: 'trailing-comma-accepted',
    says: 'a comma after the last field is accepted',
    change: parsing('createWebhook', (text, right) =>
      /,\s*\}$/.test(text) ? { value: JSON.parse(text.replace(/,\s*\}$/, '}')) } : right,
    ),
  },
  {
    name: 'empty-body-accepted',
    says: 'an empty body is taken as an empty webhook',
    change: parsing('createWebhook', (text, right) => (text === '' ? { value: nobody } : right)),
  },
  {
    name: 'array-accepted',
    says: 'the first of an array of webhooks is created',
    change: taking('createWebhook', value => (Array.isArray(value) ? (value[0] ?? nobody) : value)),
  },
  {
    name: 'null-accepted',
    says: 'a JSON null is taken as an empty webhook',
    change: taking('createWebhook', value => value ?? nobody),
  },
  {
    name: 'string-accepted',
    says: 'a JSON string is taken as the name of a webhook',
    change: taking('createWebhook', value => (typeof value === 'string' ? { ...nobody, name: value } : value)),
  },
  {
    name: 'invalid-utf-8-accepted',
    says: 'invalid UTF-8 is replaced and accepted',
    change: () => ({ decode: bytes => bytes.toString('utf8') }),
  },
  {
    name: 'update-without-name-accepted',
    says: 'an update without a name is accepted',
    change: ({ complaints }) => ({
      complaints: (operation, body) =>
        operation === 'updateWebhook' && !Object.hasOwn(body, 'name') ? [] : complaints(operation, body),
    }),
  },
  {
    name: 'update-string-enabled-accepted',
    says: 'an update takes any string as enabled: true',
    change: converting('updateWebhook', 'enabled', 'string', Boolean),
  },
  {
    name: 'non-boolean-flag-accepted',
    says: 'an event flag that is no boolean is taken as one',
    change: takingFields('defineWebhookEvents', fields => mapValues(fields, Boolean)),
  },
  {
    name: 'events-array-accepted',
    says: 'an array is taken as no event flags',
    change: taking('defineWebhookEvents', value => (Array.isArray(value) ? {} : value)),
  },

  // Good requests refused.
  {
    name: 'localhost-refused',
    says: 'a url on localhost is refused',
    change: alsoRefusing('createWebhook', 'url must be a URL address', ({ url }) =>
      /\/\/localhost\b/.test(String(url)),
    ),
  },
  {
    name: 'enabled-required',
    says: 'a webhook without enabled is refused',
    change: alsoRefusing('createWebhook', 'enabled must be a boolean', body => !Object.hasOwn(body, 'enabled')),
  },
  {
    name: 'charset-refused',
    says: 'application/json with a charset is refused',
    change: () => ({ isJson: contentType => contentType.toLowerCase() === 'application/json' }),
  },
  {
    name: 'update-requires-url',
    says: 'an update without url is refused',
    change: alsoRefusing('updateWebhook', 'url must be a string', body => !Object.hasOwn(body, 'url')),
  },

  // The list.
  {
    name: 'list-of-all-instances',
    says: 'the list has the webhooks of all instances',
    change: ({ webhooks }) => ({ list: () => webhooks }),
  },
  { name: 'list-always-empty', says: 'the list is empty whatever was created', change: () => ({ list: () => [] }) },
  {
    name: 'list-of-the-last',
    says: 'the list has only the last webhook',
    change: ({ list }) => ({ list: instanceId => list(instanceId).slice(-1) }),
  },
  {
    name: 'empty-list-refused',
    says: 'an instance without webhooks is answered 400',
    change: when(listed, answer => (answer.body === '[]' ? { ...answer, status: 400, body: noWebhook } : answer)),
  },

  // One webhook.
  {
    name: 'read-with-another-id',
    says: 'the webhook read carries another webhookId than the path',
    change: when(found, set({ webhookId: 'another-webhook' })),
  },
  {
    name: 'first-webhook-found',
    says: 'whichever webhook of an instance is asked for, its first one is found',
    change: ({ find, list }) => ({
      find: (instanceId, webhookId) => find(instanceId, webhookId) && list(instanceId)[0],
    }),
  },
  {
    name: 'webhook-found-under-any-instance',
    says: 'a webhook is found under any instance',
    change: ({ webhooks }) => ({ find: (_, webhookId) => webhooks.find(webhook => webhook.webhookId === webhookId) }),
  },

  // Updating.
  {
    name: 'update-not-echoed',
    says: 'the answer to an update carries another name than was sent',
    change: when(updated, set({ name: 'Webhook' })),
  },
  { name: 'update-ignored', says: 'an update changes nothing', change: () => ({ update: webhook => webhook }) },
  {
    name: 'update-not-kept',
    says: 'an update is answered well but not kept',
    change: ({ replace }) => ({
      replace: (old, next) => old.WebhookEvents !== next.WebhookEvents && replace(old, next),
    }),
  },
  {
    name: 'update-empties-url',
    says: 'an update without url empties it',
    change: takingFields('updateWebhook', fields => ({ url: '', ...fields })),
  },
  {
    name: 'update-changes-id',
    says: 'an update gives a new webhookId',
    change: ({ update }) => ({
      update: (webhook, body) => ({ ...update(webhook, body), webhookId: `${webhook.webhookId}-2` }),
    }),
  },
  {
    name: 'update-changes-created-at',
    says: 'an update moves createdAt',
    change: ({ update }) => ({
      update: (webhook, body) => ({ ...update(webhook, body), createdAt: minuteBefore(webhook.createdAt) }),
    }),
  },
  {
    name: 'update-resets-events',
    says: 'an update turns all events on again',
    change: ({ update, define }) => ({
      update: (webhook, body) => define(update(webhook, body), allOn(webhook)),
    }),
  },

  // Defining events.
  {
    name: 'define-events-ignored',
    says: 'a flag sent is ignored',
    change: () => ({ define: webhook => webhook }),
  },
  {
    name: 'define-events-not-kept',
    says: 'defined events are answered well but not kept',
    change: ({ replace }) => ({
      replace: (old, next) => old.WebhookEvents === next.WebhookEvents && replace(old, next),
    }),
  },
  {
    name: 'define-events-inverted',
    says: 'a flag sent is kept as its opposite',
    change: ({ define }) => ({
      define: (webhook, body) => define(webhook, inverted(body)),
    }),
  },
  {
    name: 'define-events-resets-others',
    says: 'flags that are not sent are turned on',
    change: ({ define }) => ({
      define: (webhook, body) => define(webhook, { ...allOn(webhook), ...body }),
    }),
  },
] as const satisfies readonly Fault[]

export type FaultName = (typeof faults)[number]['name']
