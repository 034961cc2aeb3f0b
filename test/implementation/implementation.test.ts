import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { type FaultName, faults, startImplementation } from './index.ts'
import { askAll, questions, type Replies, send } from './questions.ts'

const hook = 'http://127.0.0.1:9/hook'
const json = 'application/json; charset=utf-8'
const flags = {
  qrcodeUpdate: true,
  stateInstance: true,
  messagesSet: true,
  messagesUpsert: true,
  messagesUpdate: true,
  sendMessage: true,
  contactsSet: true,
  contactsUpsert: true,
  contactsUpdate: true,
  presenceUpdate: true,
  chatsSet: true,
  chatsUpdate: true,
  chatsUpsert: true,
  groupsUpsert: true,
  groupUpdate: true,
  groupParticipantsUpdate: true,
  connectionUpdate: true,
  newJwt: true,
}
const events = { ...flags, webhookEventsId: 'id', createdAt: 'date', updatedAt: 'date' }
const webhook = {
  name: 'Support',
  url: hook,
  enabled: true,
  webhookId: 'id',
  createdAt: 'date',
  updatedAt: 'date',
  instanceInstanceId: 'shop',
  WebhookEvents: events,
}
const created = {
  status: 201,
  type: json,
  challenge: null,
  body: { ...webhook, instanceInstanceId: 'Shop-1' },
  inOrder: true,
}
const found = { status: 200, type: json, challenge: null, body: webhook, idAsAsked: true }
const updated = {
  status: 201,
  type: json,
  challenge: null,
  body: { ...webhook, name: 'renamed', url: `${hook}/2`, enabled: false },
  inOrder: true,
  idAsAsked: true,
  createdAtKept: true,
  readAgain: { name: 'renamed', url: `${hook}/2`, enabled: false },
}
const defined = { status: 200, type: json, challenge: null, body: { ...events, qrcodeUpdate: false }, readAgain: false }
const listOfNone = { status: 200, type: json, challenge: null, body: [] }
const listOfOne = { status: 200, type: json, challenge: null, body: [webhook] }
const badRequest = (...message: string[]) => ({
  status: 400,
  type: json,
  challenge: null,
  body: { statusCode: 400, error: 'Bad Request', message },
})
const stranger = {
  status: 401,
  type: json,
  challenge: 'Bearer',
  body: { statusCode: 401, error: 'Unauthorized', message: ['a valid bearer token is required'] },
}
const goodBodies = {
  'enabled missing': 201,
  'with a charset': 201,
  'content type in capitals': 201,
  'another field': 201,
  'name empty': 201,
}
const badBodies = {
  'name missing': 400,
  'name a number': 400,
  'name null': 400,
  'url missing': 400,
  'url a number': 400,
  'enabled a string': 400,
  'enabled null': 400,
  malformed: 400,
  'comma at the end': 400,
  empty: 400,
  'empty with a content type': 400,
  array: 400,
  'empty array': 400,
  string: 400,
  null: 400,
  'invalid UTF-8': 400,
}
const badUpdates = {
  'name missing': 400,
  'name a number': 400,
  'url a number': 400,
  'enabled a string': 400,
  malformed: 400,
  empty: 400,
  array: 400,
  null: 400,
}
const badEvents = {
  'a string': 400,
  'a number': 400,
  'null flag': 400,
  'chatsDelete a string': 400,
  malformed: 400,
  empty: 400,
  array: 400,
  null: 400,
}
const credentials = {
  right: 201,
  'scheme in lower case': 201,
  'two blanks': 201,
  'other token': 401,
  'token in capitals': 401,
  'token cut': 401,
  'token with more': 401,
  'token empty': 401,
  'scheme Basic': 401,
  'scheme missing': 401,
}
const ids = { 'one after another': true, 'at the same time': true, 'of one name': true, 'under two instances': true }
const strangersElsewhere = { list: 401, read: 401, update: 401, events: 401 }

/** What the documentation promises, written by hand. */
const right: Replies = {
  'the webhook created': created,
  'names altered': [],
  'urls altered': [],
  'enabled as created': { on: true, off: false, unsaid: false },
  'ids that differ': ids,
  'good bodies': goodBodies,
  'bad bodies': badBodies,
  'a field missing': badRequest('name must be a string', 'enabled must be a boolean'),
  'JSON malformed': badRequest('the body must be JSON'),
  'a stranger': stranger,
  'a stranger with a bad body': 401,
  credentials,
  'a token in the query': 401,
  'strangers elsewhere': strangersElsewhere,
  'a list of none': listOfNone,
  'a list of one': listOfOne,
  'the names in a list of two': ['first', 'second'],
  'the webhook read': found,
  'the second of two read': 'second',
  'a webhook read under another instance': 400,
  'an unknown webhook': badRequest('Webhook not found'),
  'the webhook updated': updated,
  'a webhook updated by name only': { url: hook, enabled: true },
  'a flag after an update': false,
  'bad updates': badUpdates,
  'an unknown webhook updated': 400,
  'the events defined': defined,
  'flags after a second definition': { newJwt: false, chatsDelete: false, messagesSet: true },
  'no events defined': 200,
  'bad events': badEvents,
  'events of an unknown webhook': 400,
}

type Wrong = Partial<Replies>

const everyName = ['plain', 'padded', 'capitals', 'ampersand', 'quotes', 'accents', 'emoji', 'long']
const everyUrl = ['plain', 'without a path', 'with a query', 'localhost']
const everyId = Object.fromEntries(Object.keys(ids).map(pair => [pair, false]))

const all = (statuses: object, from: number, to: number) =>
  Object.fromEntries(Object.entries(statuses).map(([name, status]) => [name, status === from ? to : status]))
const createdWith = (fields: object, inOrder: boolean | string = true): Wrong => ({
  'the webhook created': { ...created, body: { ...created.body, ...fields }, inOrder },
})
const createdAs = (status: number): Wrong => ({
  'the webhook created': { ...created, status },
  'good bodies': all(goodBodies, 201, status),
  credentials: all(credentials, 201, status),
})
/** The webhook created cannot be found in the answer. */
const createdUnreadable = (body: unknown): Wrong => ({
  'the webhook created': { ...created, body, inOrder: 'no dates' },
  'names altered': everyName,
  'urls altered': everyUrl,
  'enabled as created': {},
  'ids that differ': everyId,
})
const foundWith = (fields: object): Wrong => ({ 'the webhook read': { ...found, body: { ...webhook, ...fields } } })
const listedWith = (fields: object): Wrong => ({ 'a list of one': { ...listOfOne, body: [{ ...webhook, ...fields }] } })
const updatedWith = (fields: object): Wrong => ({
  'the webhook updated': { ...updated, body: { ...updated.body, ...fields } },
})
const acceptedBody = (...names: (keyof typeof badBodies)[]): Wrong => bodiesAs(201, ...names)
const bodiesAs = (status: number, ...names: (keyof typeof badBodies)[]): Wrong => ({
  'bad bodies': { ...badBodies, ...Object.fromEntries(names.map(name => [name, status])) },
})
const admitted = (...names: (keyof typeof credentials)[]): Wrong => ({
  credentials: { ...credentials, ...Object.fromEntries(names.map(name => [name, 201])) },
})
const badRequests = ['a field missing', 'JSON malformed', 'an unknown webhook'] as const
type Refusal = ReturnType<typeof badRequest>
const badRequestsAs = (change: (refusal: Refusal) => object): Wrong =>
  Object.fromEntries(badRequests.map(question => [question, change(right[question] as Refusal)]))
const badRequestsWith = (fields: object): Wrong =>
  badRequestsAs(refusal => ({ ...refusal, body: { ...refusal.body, ...fields } }))
const badRequestStatuses = (status: number): Wrong => ({
  'bad bodies': all(badBodies, 400, status),
  'bad updates': all(badUpdates, 400, status),
  'bad events': all(badEvents, 400, status),
  ...unknownWebhookStatuses(status),
})
const unknownWebhookStatuses = (status: number): Wrong => ({
  'a webhook read under another instance': status,
  'an unknown webhook updated': status,
  'events of an unknown webhook': status,
})
const strangerWith = (fields: object): Wrong => ({
  'a stranger': { ...stranger, body: { ...stranger.body, ...fields } },
})
const strangerStatuses = (status: number): Wrong => ({
  'a stranger with a bad body': status,
  credentials: all(credentials, 401, status),
  'a token in the query': status,
  'strangers elsewhere': all(strangersElsewhere, 401, status),
})
const strangersWelcome: Wrong = {
  'a stranger': { status: 201, type: json, challenge: null, body: webhook },
  'a stranger with a bad body': 400,
  'a token in the query': 201,
  'strangers elsewhere': { list: 200, read: 200, update: 201, events: 200 },
}
const crashed = badRequest('the body must be JSON')
const html = { type: 'text/html; charset=utf-8', body: '<!doctype html><title>Error</title>' }

/** What each fault changes of that; everything else stays right. */
const wrong: Record<FaultName, Wrong> = {
  'create-answers-200': createdAs(200),
  'create-answers-202': createdAs(202),
  'create-answers-204': {
    ...createdAs(204),
    ...createdUnreadable(''),
    'the webhook created': { ...created, status: 204, type: null, body: '', inOrder: 'no dates' },
  },
  'list-answers-201': {
    'a list of none': { ...listOfNone, status: 201 },
    'a list of one': { ...listOfOne, status: 201 },
  },
  'read-answers-201': { 'the webhook read': { ...found, status: 201 } },
  'update-answers-200': { 'the webhook updated': { ...updated, status: 200 } },
  'define-events-answers-201': { 'the events defined': { ...defined, status: 201 }, 'no events defined': 201 },

  'created-without-name': { ...createdWith({ name: undefined }), 'names altered': everyName },
  'created-without-url': { ...createdWith({ url: undefined }), 'urls altered': everyUrl },
  'created-without-webhook-id': { ...createdWith({ webhookId: undefined }), 'ids that differ': everyId },
  'created-without-created-at': createdWith({ createdAt: undefined }, 'no dates'),
  'created-without-updated-at': createdWith({ updatedAt: undefined }, 'no dates'),
  'created-without-instance-id': createdWith({ instanceInstanceId: undefined }),
  'created-without-events-id': createdWith({ WebhookEvents: { ...events, webhookEventsId: undefined } }),
  'created-without-events-created-at': createdWith({ WebhookEvents: { ...events, createdAt: undefined } }),
  'listed-without-webhook-id': listedWith({ webhookId: undefined }),
  'read-without-url': {
    ...foundWith({ url: undefined }),
    'the webhook updated': { ...updated, readAgain: { name: 'renamed', enabled: false } },
  },
  'updated-without-updated-at': {
    'the webhook updated': { ...updated, body: { ...updated.body, updatedAt: undefined }, inOrder: 'no dates' },
  },
  'defined-without-events-id': {
    'the events defined': { ...defined, body: { ...defined.body, webhookEventsId: undefined } },
  },

  'name-null': { ...createdWith({ name: null }), 'names altered': everyName },
  'url-as-object': { ...createdWith({ url: { href: hook } }), 'urls altered': everyUrl },
  'enabled-as-string': {
    ...createdWith({ enabled: 'true' }),
    'enabled as created': { on: 'true', off: 'false', unsaid: 'false' },
  },
  'enabled-as-number': { ...createdWith({ enabled: 1 }), 'enabled as created': { on: 1, off: 0, unsaid: 0 } },
  'enabled-null': { ...createdWith({ enabled: null }), 'enabled as created': { on: null, off: null, unsaid: null } },
  'webhook-id-as-number': createdWith({ webhookId: expect.any(Number) }),
  'instance-id-as-object': createdWith({ instanceInstanceId: { id: 'Shop-1' } }),
  'events-as-array': createdWith({ WebhookEvents: Object.keys(flags) }),
  'event-flag-as-string': createdWith({ WebhookEvents: { ...events, sendMessage: 'true' } }),
  'defined-flags-as-strings': {
    'the events defined': {
      ...defined,
      body: { ...events, ...Object.fromEntries(Object.keys(flags).map(flag => [flag, 'true'])), qrcodeUpdate: 'false' },
    },
    'flags after a second definition': { newJwt: 'false', chatsDelete: 'false', messagesSet: 'true' },
  },
  'created-in-array': createdUnreadable([created.body]),
  'created-in-data': createdUnreadable({ data: created.body }),
  'created-encoded-twice': createdUnreadable(expect.stringMatching(/^\{"name":"Support",.*\}$/)),
  'created-truncated': createdUnreadable(JSON.stringify(created.body).slice(0, -1)),
  'list-in-data': {
    'a list of none': { ...listOfNone, body: { data: [] } },
    'a list of one': { ...listOfOne, body: { data: [webhook] } },
    'the names in a list of two': 'no list',
  },
  'list-as-object': { 'a list of one': { ...listOfOne, body: webhook } },
  'empty-list-as-null': { 'a list of none': { ...listOfNone, body: null } },
  'read-in-array': {
    'the webhook read': { ...found, body: [webhook], idAsAsked: false },
    'the second of two read': undefined,
    'the webhook updated': { ...updated, createdAtKept: false, readAgain: {} },
    'the events defined': { ...defined, readAgain: undefined },
  },

  'created-at-with-space': createdWith(
    { createdAt: expect.stringMatching(/^[-\d]{10} [:\d]{8}\.\d{3}Z$/) },
    'no dates',
  ),
  'created-at-unix-number': createdWith({ createdAt: expect.any(Number) }, 'no dates'),
  'created-at-date-only': createdWith({ createdAt: expect.stringMatching(/^[-\d]{10}$/) }, 'no dates'),
  'created-at-without-zone': createdWith(
    { createdAt: expect.stringMatching(/^[-\d]{10}T[:\d]{8}\.\d{3}$/) },
    'no dates',
  ),
  'updated-at-in-words': createdWith(
    { updatedAt: expect.stringMatching(/^\w{3}, \d\d \w{3} \d{4} .* GMT$/) },
    'no dates',
  ),
  'updated-at-impossible': createdWith(
    { updatedAt: expect.stringMatching(/^\d{4}-06-31T00:00:00\.000Z$/) },
    'no dates',
  ),
  'updated-before-created': createdWith({}, false),
  'update-before-creation': { 'the webhook updated': { ...updated, inOrder: false } },

  'name-not-echoed': { ...createdWith({ name: 'Webhook' }), 'names altered': everyName },
  'name-trimmed': { 'names altered': ['padded'] },
  'name-lower-cased': {
    ...createdWith({ name: 'support' }),
    ...listedWith({ name: 'support' }),
    ...foundWith({ name: 'support' }),
    'names altered': ['capitals'],
  },
  'name-cut': { 'names altered': ['long'] },
  'name-cut-at-emoji': { 'names altered': ['emoji'] },
  'name-emoji-replaced': { 'names altered': ['emoji'] },
  'name-html-escaped': { 'names altered': ['ampersand'] },
  'name-quote-unescaped': { 'names altered': ['quotes'] },
  'name-in-latin-1': { 'names altered': ['accents', 'emoji'] },
  'url-not-echoed': { ...createdWith({ url: 'http://127.0.0.1/elsewhere' }), 'urls altered': everyUrl },
  'url-normalised': { 'urls altered': ['without a path'] },
  'url-without-query': { 'urls altered': ['with a query'] },
  'enabled-always-true': { 'enabled as created': { on: true, off: true, unsaid: true } },
  'enabled-always-false': {
    ...createdWith({ enabled: false }),
    ...listedWith({ enabled: false }),
    ...foundWith({ enabled: false }),
    'enabled as created': { on: false, off: false, unsaid: false },
    'a webhook updated by name only': { url: hook, enabled: false },
  },
  'enabled-by-default': { 'enabled as created': { on: true, off: false, unsaid: true } },
  'instance-id-of-another': createdWith({ instanceInstanceId: 'another-instance' }),
  'instance-id-lower-cased': createdWith({ instanceInstanceId: 'shop-1' }),

  'webhook-id-reused': { 'ids that differ': everyId, 'the second of two read': 'first' },
  'webhook-id-from-name': { 'ids that differ': { ...ids, 'of one name': false } },
  'webhook-id-counted-per-instance': { 'ids that differ': { ...ids, 'under two instances': false } },
  'webhook-id-equal-when-concurrent': { 'ids that differ': { ...ids, 'at the same time': false } },
  'webhook-not-kept': {
    'a list of one': listOfNone,
    'the names in a list of two': [],
    'the webhook read': { ...badRequest('Webhook not found'), idAsAsked: false },
    'the second of two read': undefined,
    'the webhook updated': {
      ...badRequest('Webhook not found'),
      inOrder: 'no dates',
      idAsAsked: false,
      createdAtKept: true,
      readAgain: {},
    },
    'a webhook updated by name only': {},
    'a flag after an update': undefined,
    'the events defined': badRequest('Webhook not found'),
    'flags after a second definition': {},
    'no events defined': 400,
  },
  'webhook-kept-twice': {
    'a list of one': { ...listOfOne, body: [webhook, webhook] },
    'the names in a list of two': ['first', 'first', 'second', 'second'],
  },

  'bad-request-message-as-string': badRequestsAs(refusal => ({
    ...refusal,
    body: { ...refusal.body, message: refusal.body.message.join(', ') },
  })),
  'bad-request-messages-as-objects': badRequestsAs(refusal => ({
    ...refusal,
    body: { ...refusal.body, message: refusal.body.message.map(message => ({ message })) },
  })),
  'bad-request-without-message': badRequestsWith({ message: undefined }),
  'bad-request-without-error': badRequestsWith({ error: undefined }),
  'bad-request-without-status-code': badRequestsWith({ statusCode: undefined }),
  'bad-request-status-code-as-string': badRequestsWith({ statusCode: '400' }),
  'bad-request-says-500': badRequestsWith({ statusCode: 500 }),
  'bad-request-in-html': badRequestsAs(refusal => ({ ...refusal, ...html })),
  'bad-request-empty': badRequestsAs(refusal => ({ ...refusal, type: null, body: '' })),
  'bad-request-as-problem': badRequestsAs(refusal => ({ ...refusal, type: 'application/problem+json' })),
  'malformed-json-message-as-string': {
    'JSON malformed': { ...crashed, body: { ...crashed.body, message: 'Unexpected token in JSON' } },
  },
  'malformed-json-in-html': { 'JSON malformed': { ...crashed, ...html } },
  'unauthorized-message-as-string': strangerWith({ message: 'Unauthorized' }),
  'unauthorized-without-message': strangerWith({ message: undefined }),
  'unauthorized-without-error': strangerWith({ error: undefined }),
  'unauthorized-without-status-code': strangerWith({ statusCode: undefined }),
  'unauthorized-status-code-as-string': strangerWith({ statusCode: '401' }),
  'unauthorized-says-403': strangerWith({ statusCode: 403 }),
  'unauthorized-in-html': { 'a stranger': { ...stranger, ...html } },
  'unauthorized-empty': { 'a stranger': { ...stranger, type: null, body: '' } },
  'unauthorized-without-challenge': { 'a stranger': { ...stranger, challenge: null } },

  'bad-request-answers-422': {
    ...badRequestStatuses(422),
    ...badRequestsAs(refusal => ({
      ...refusal,
      status: 422,
      body: { ...refusal.body, statusCode: 422, error: 'Unprocessable Entity' },
    })),
  },
  'bad-request-answers-200': {
    ...badRequestStatuses(200),
    ...badRequestsAs(refusal => ({ ...refusal, status: 200 })),
  },
  'unauthorized-answers-403': {
    ...strangerStatuses(403),
    'a stranger': { ...stranger, status: 403, body: { ...stranger.body, statusCode: 403, error: 'Forbidden' } },
  },
  'unauthorized-answers-200': { ...strangerStatuses(200), 'a stranger': { ...stranger, status: 200 } },
  'unauthorized-redirects': {
    ...strangerStatuses(302),
    'a stranger': { status: 302, type: null, challenge: null, body: '' },
  },
  'malformed-json-answers-500': {
    ...bodiesAs(500, 'malformed', 'comma at the end'),
    'JSON malformed': {
      ...crashed,
      status: 500,
      body: { ...crashed.body, statusCode: 500, error: 'Internal Server Error' },
    },
    'bad updates': { ...badUpdates, malformed: 500 },
    'bad events': { ...badEvents, malformed: 500 },
  },
  'empty-body-answers-500': {
    ...bodiesAs(500, 'empty', 'empty with a content type'),
    'bad updates': { ...badUpdates, empty: 500 },
    'bad events': { ...badEvents, empty: 500 },
  },
  'array-answers-500': bodiesAs(500, 'array', 'empty array'),
  'null-answers-500': bodiesAs(500, 'null'),
  'unknown-webhook-answers-404': {
    ...unknownWebhookStatuses(404),
    'an unknown webhook': {
      ...badRequest(),
      status: 404,
      body: { statusCode: 404, error: 'Not Found', message: ['Webhook not found'] },
    },
  },
  'unknown-webhook-answers-null': {
    ...unknownWebhookStatuses(200),
    'an unknown webhook': { status: 200, type: json, challenge: null, body: null },
  },

  'created-as-text': { 'the webhook created': { ...created, type: 'text/plain; charset=utf-8' } },
  'created-without-content-type': { 'the webhook created': { ...created, type: null } },
  'bad-request-as-text': badRequestsAs(refusal => ({ ...refusal, type: 'text/plain' })),
  'list-as-text': {
    'a list of none': { ...listOfNone, type: 'text/plain' },
    'a list of one': { ...listOfOne, type: 'text/plain' },
  },

  'auth-ignored': { ...strangersWelcome, credentials: all(credentials, 401, 201) },
  'auth-ignored-on-list': { 'strangers elsewhere': { ...strangersElsewhere, list: 200 } },
  'auth-ignored-on-events': { 'strangers elsewhere': { ...strangersElsewhere, events: 200 } },
  'missing-credentials-accepted': strangersWelcome,
  'any-credentials-accepted': { credentials: all(credentials, 401, 201) },
  'any-token-accepted': admitted('other token', 'token in capitals', 'token cut', 'token with more'),
  'empty-token-accepted': admitted('token empty'),
  'other-scheme-accepted': admitted('scheme Basic'),
  'bare-token-accepted': admitted('scheme missing'),
  'token-in-query-accepted': { 'a token in the query': 201 },
  'token-beginning-accepted': admitted('token cut'),
  'token-with-more-accepted': admitted('token with more'),
  'token-case-ignored': admitted('token in capitals'),
  'lower-case-bearer-refused': { credentials: { ...credentials, 'scheme in lower case': 401 } },
  'body-judged-first': { 'a stranger with a bad body': 400 },

  'missing-name-accepted': {
    ...acceptedBody('name missing'),
    'a field missing': badRequest('enabled must be a boolean'),
  },
  'missing-url-accepted': acceptedBody('url missing'),
  'number-name-accepted': acceptedBody('name a number'),
  'null-name-accepted': acceptedBody('name null'),
  'number-url-accepted': acceptedBody('url a number'),
  'string-enabled-accepted': acceptedBody('enabled a string'),
  'null-enabled-accepted': acceptedBody('enabled null'),
  'malformed-json-accepted': {
    ...acceptedBody('malformed', 'comma at the end'),
    'JSON malformed': {
      status: 201,
      type: json,
      challenge: null,
      body: { ...webhook, name: '', url: '', enabled: false },
    },
  },
  'trailing-comma-accepted': acceptedBody('comma at the end'),
  'empty-body-accepted': acceptedBody('empty', 'empty with a content type'),
  'array-accepted': acceptedBody('array', 'empty array'),
  'null-accepted': acceptedBody('null'),
  'string-accepted': acceptedBody('string'),
  'invalid-utf-8-accepted': acceptedBody('invalid UTF-8'),
  'update-without-name-accepted': { 'bad updates': { ...badUpdates, 'name missing': 201 } },
  'update-string-enabled-accepted': { 'bad updates': { ...badUpdates, 'enabled a string': 201 } },
  'non-boolean-flag-accepted': {
    'bad events': { ...badEvents, 'a string': 200, 'a number': 200, 'null flag': 200, 'chatsDelete a string': 200 },
  },
  'events-array-accepted': { 'bad events': { ...badEvents, array: 200 } },

  'localhost-refused': { 'urls altered': ['localhost'] },
  'enabled-required': {
    'enabled as created': { on: true, off: false },
    'good bodies': { ...goodBodies, 'enabled missing': 400 },
  },
  'charset-refused': { 'good bodies': { ...goodBodies, 'with a charset': 415 } },
  'update-requires-url': { 'a webhook updated by name only': {}, 'a flag after an update': undefined },

  'list-of-all-instances': { 'the names in a list of two': ['first', 'other', 'second'] },
  'list-always-empty': { 'a list of one': listOfNone, 'the names in a list of two': [] },
  'list-of-the-last': { 'the names in a list of two': ['second'] },
  'empty-list-refused': { 'a list of none': badRequest('Webhook not found') },

  'read-with-another-id': { 'the webhook read': { ...found, idAsAsked: false } },
  'first-webhook-found': { 'the second of two read': 'first' },
  'webhook-found-under-any-instance': { 'a webhook read under another instance': 200 },

  'update-not-echoed': updatedWith({ name: 'Webhook' }),
  'update-ignored': {
    'the webhook updated': { ...updated, body: webhook, readAgain: { name: 'Support', url: hook, enabled: true } },
  },
  'update-not-kept': {
    'the webhook updated': { ...updated, readAgain: { name: 'Support', url: hook, enabled: true } },
  },
  'update-empties-url': { 'a webhook updated by name only': { url: '', enabled: true } },
  'update-changes-id': { 'the webhook updated': { ...updated, idAsAsked: false, readAgain: {} } },
  'update-changes-created-at': { 'the webhook updated': { ...updated, createdAtKept: false } },
  'update-resets-events': { 'a flag after an update': true },

  'define-events-ignored': {
    'the events defined': { ...defined, body: events, readAgain: true },
    'flags after a second definition': { newJwt: true, messagesSet: true },
    'a flag after an update': true,
  },
  'define-events-not-kept': {
    'the events defined': { ...defined, readAgain: true },
    'flags after a second definition': { newJwt: true, chatsDelete: false, messagesSet: true },
    'a flag after an update': true,
  },
  'define-events-inverted': {
    'the events defined': { ...defined, body: { ...events, newJwt: false }, readAgain: true },
    'flags after a second definition': { newJwt: true, chatsDelete: true, messagesSet: true },
    'a flag after an update': true,
  },
  'define-events-resets-others': {
    'flags after a second definition': { newJwt: true, chatsDelete: false, messagesSet: true },
  },
}

describe('the implementation', () => {
  it('answers every question as the documentation promises', async () => {
    expect(await askAll()).toEqual(right)
  })

  it('is asked every question the expectations know', () => {
    expect(Object.keys(questions).sort()).toEqual(Object.keys(right).sort())
  })

  it('answers 404 for a path and 405 with Allow for a method it does not know', async () => {
    await using server = await startImplementation()
    for (const path of ['shop', 'shop/webhook/', '/webhook', 'shop/webhook/1/events/2']) {
      expect((await send(server, 'GET', path)).seen).toMatchObject({ status: 404, type: json })
    }
    const allowed = {
      'shop/webhook': 'GET, HEAD, POST',
      'shop/webhook/1': 'GET, HEAD, PUT',
      'shop/webhook/1/events': 'PATCH',
    }
    for (const [path, allow] of Object.entries(allowed)) {
      const { seen, headers } = await send(server, 'DELETE', path)
      expect(seen).toMatchObject({ status: 405, type: json })
      expect(headers.allow).toBe(allow)
    }
  })

  it('answers HEAD as GET, without the body', async () => {
    await using server = await startImplementation()
    const { seen, headers } = await send(server, 'HEAD', 'shop/webhook')
    expect(seen).toMatchObject({ status: 200, type: json, body: '' })
    expect(headers['content-length']).toBe('2')
  })

  it('answers 415 for content that is not JSON', async () => {
    await using server = await startImplementation()
    const raw = JSON.stringify({ name: 'Support', url: hook })
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/jsonp',
      'application/json; charset=utf-16',
    ]) {
      const { seen } = await send(server, 'POST', 'shop/webhook', { raw, headers: { 'content-type': type } })
      expect(seen).toMatchObject({ status: 415, type: json })
    }
  })

  it('answers 413 above 100 kB and takes what is just below', async () => {
    await using server = await startImplementation()
    const ask = async (length: number) =>
      (await send(server, 'POST', 'shop/webhook', { body: { name: 'n'.repeat(length), url: hook } })).seen.status
    const frame = JSON.stringify({ name: '', url: hook }).length
    expect(await ask(100 * 1024 - frame)).toBe(201)
    expect(await ask(100 * 1024 - frame + 1)).toBe(413)
    expect(await ask(3_000_000)).toBe(413)
  })

  it('refuses a stranger before it looks at content type, size or id', async () => {
    await using server = await startImplementation()
    const strange = { raw: 'x'.repeat(200_000), headers: { 'content-type': 'text/plain' }, authorization: null }
    expect((await send(server, 'POST', 'shop/webhook', strange)).seen).toEqual(right['a stranger'])
    expect((await send(server, 'PUT', 'shop/webhook/unknown', strange)).seen).toEqual(right['a stranger'])
  })

  it('takes instance ids percent-encoded and gives them back decoded', async () => {
    await using server = await startImplementation()
    const body = { name: 'Support', url: hook }
    const { seen } = await send(server, 'POST', 'caf%C3%A9%2Fbar%20%22%3F/webhook', { body })
    expect(seen.body).toMatchObject({ instanceInstanceId: 'café/bar "?' })
    expect((await send(server, 'GET', 'caf%FF/webhook')).seen.status).toBe(400)
  })

  it('is not led astray by field names with a meaning in JavaScript', async () => {
    await using server = await startImplementation()
    const raw = `{"__proto__":{"name":"Support"},"constructor":1,"url":"${hook}"}`
    expect((await send(server, 'POST', 'shop/webhook', { raw })).seen.body).toMatchObject({
      message: ['name must be a string'],
    })
  })

  it('moves updatedAt with an update and keeps it otherwise', async () => {
    await using server = await startImplementation()
    const { json: made } = await send(server, 'POST', 'shop/webhook', { body: { name: 'Support', url: hook } })
    const path = `shop/webhook/${String(made.webhookId)}`
    await new Promise(resolve => setTimeout(resolve, 5))
    expect((await send(server, 'GET', path)).json.updatedAt).toBe(made.updatedAt)
    const { json: renamed } = await send(server, 'PUT', path, { body: { name: 'renamed' } })
    expect(Date.parse(String(renamed.updatedAt))).toBeGreaterThan(Date.parse(String(made.updatedAt)))
  })

  it('takes the token it is given, and keeps nothing for the next server', async () => {
    await using first = await startImplementation({ token: 'first' })
    await using second = await startImplementation({ token: 'second' })
    await send(first, 'POST', 'shop/webhook', { body: { name: 'Support', url: hook } })
    expect((await send(second, 'GET', 'shop/webhook')).seen.body).toEqual([])
    expect((await send(second, 'GET', 'shop/webhook', { authorization: 'Bearer first' })).seen.status).toBe(401)
  })

  it('says when its port is taken', async () => {
    await using server = await startImplementation()
    const port = Number(new URL(server.url).port)
    await expect(startImplementation({ port })).rejects.toThrow('EADDRINUSE')
  })

  it('finishes what it has begun when it closes, and may be closed twice', async () => {
    const server = await startImplementation()
    const body = JSON.stringify({ name: 'Support', url: hook })
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
    const text = socket.setEncoding('utf8').toArray()
    socket.write(
      `POST /api/v2/instance/shop/webhook HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${server.token}\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 5)}`,
    )
    await new Promise(resolve => setTimeout(resolve, 50))
    const closed = server.close()
    expect(server.close()).toBe(closed)
    socket.write(body.slice(5))
    expect((await text).join('')).toMatch(/^HTTP\/1\.1 201 Created\r\n/)
    await closed
    await expect(fetch(server.url)).rejects.toThrow()
  })
})

describe('a faulty variant', () => {
  it('has a name and a sentence of its own', () => {
    expect(new Set(faults.map(({ name }) => name)).size).toBe(faults.length)
    expect(new Set(faults.map(({ says }) => says)).size).toBe(faults.length)
    expect(Object.keys(wrong).sort()).toEqual(faults.map(({ name }) => name).sort())
  })

  it.each(faults)('$name: $says, and nothing else', async ({ name }) => {
    expect(wrong[name]).not.toEqual({})
    expect(await askAll(name)).toEqual({ ...right, ...wrong[name] })
  })
})
