import { beforeAll, describe, expect, it } from 'vitest'
import { type FaultName, faults } from '../implementation/index.ts'
import { judge, type Trial, type Verdict } from './judge.ts'

/** The test that has to catch a fault, what it says of it, and which other tests fail too: without a scope, none. */
type Catch = readonly [test: string, says: string | RegExp, scope?: RegExp | typeof andOthers]

// Tests that catch several faults.
const created = 'createWebhook > creates a webhook and answers 201 with what was sent'
const nameless = 'createWebhook > refuses a webhook without name with 400'
const malformed = 'createWebhook > refuses malformed JSON with 400'
const stranger = 'createWebhook > refuses missing credentials with 401'
const listed = 'listWebhooks > lists the webhooks of the instance and answers 200 with an array of them'
const read = 'readWebhook > reads a webhook that was created and answers 200 with it'
const updated = 'updateWebhook > updates a webhook and answers 201 with what was sent'
const defined = 'defineWebhookEvents > defines events and answers 200 with the flags that were sent'

// Tests that see the same kind of answer: exactly these fail when all answers of the kind are wrong.
const creations = /^createWebhook > (creates|keeps|takes|names|gives) /
const lists = /^listWebhooks > (.* > )?lists /
const reads = /^readWebhook > reads /
const updates = /^updateWebhook > (updates|takes) /
const definitions = /^defineWebhookEvents > (defines|takes) /
const unknown = /under another instance|as the document allows$/
const badRequests = / with 400$|under another instance|as the document allows$/
const unauthorized = / with 401$|before it looks at the body$/

/** For what spoils later requests too, such as a webhook that cannot be found afterwards. */
const andOthers = 'and others'

const noMemory = 'our mock keeps nothing between requests yet, and the suites have to hold for it too'

/** Which test catches which fault; of the faults that none can catch, why not. */
const expectations: Readonly<Record<FaultName, Catch | { readonly uncovered: string }>> = {
  'create-answers-200': [created, '200 where 201', creations],
  'create-answers-202': [created, '202 where 201', creations],
  'create-answers-204': [created, '204 where 201', andOthers],
  'list-answers-201': [listed, '201 where 200', lists],
  'read-answers-201': [read, '201 where 200', reads],
  'update-answers-200': [updated, '200 where 201', updates],
  'define-events-answers-201': [defined, '201 where 200', definitions],
  'created-without-name': [created, 'without name', creations],
  'created-without-url': [created, 'without url', creations],
  'created-without-webhook-id': [created, 'without webhookId', andOthers],
  'created-without-created-at': [created, 'without createdAt', creations],
  'created-without-updated-at': [created, 'without updatedAt', creations],
  'created-without-instance-id': [created, 'without instanceInstanceId', creations],
  'created-without-events-id': [created, 'without WebhookEvents.webhookEventsId', creations],
  'created-without-events-created-at': [created, 'without WebhookEvents.createdAt', creations],
  'listed-without-webhook-id': [listed, 'without [0].webhookId', /lists (the webhooks|no webhook twice|a single one)/],
  'read-without-url': [read, 'without url', reads],
  'updated-without-updated-at': [updated, 'without updatedAt', updates],
  'defined-without-events-id': [defined, 'without webhookEventsId', definitions],
  'name-null': [created, 'with name: null', creations],
  'url-as-object': [created, 'with url: {"href":"http://127.0.0.1:9/hook"}', creations],
  'enabled-as-string': [created, 'with enabled: "true"', creations],
  'enabled-as-number': [created, 'with enabled: 1', creations],
  'enabled-null': [created, 'with enabled: null', creations],
  'webhook-id-as-number': [created, /with webhookId: \d+/, andOthers],
  'instance-id-as-object': [created, 'with instanceInstanceId: {"id":"contract-tests"}', creations],
  'events-as-array': [created, 'with WebhookEvents: ["qrcodeUpdate",', creations],
  'event-flag-as-string': [created, 'with WebhookEvents.sendMessage: "true"', creations],
  'defined-flags-as-strings': [defined, 'with qrcodeUpdate: "true"', definitions],
  'created-in-array': [created, 'with a body: [{', andOthers],
  'created-in-data': [created, 'without webhookId', andOthers],
  'created-encoded-twice': [created, 'with a body: "{', andOthers],
  'created-truncated': [created, 'with a body that is not valid JSON', andOthers],
  'list-in-data': [listed, 'with a body: {"data":[', lists],
  'list-as-object': [
    'listWebhooks > of an instance nobody used before > lists a single one as an array too',
    'with a body: {"name":"single"',
  ],
  'empty-list-as-null': [
    'listWebhooks > of an instance nobody used before > lists none as an array too',
    'with a body: null',
    /lists (none|no webhook of another)/,
  ],
  'read-in-array': [read, 'with a body: [{', reads],
  'created-at-with-space': [created, /with createdAt: "[-\d]+ [:.\d]+Z"/, creations],
  'created-at-unix-number': [created, /with createdAt: \d+/, creations],
  'created-at-date-only': [created, /with createdAt: "[-\d]+"/, creations],
  'created-at-without-zone': [created, /with createdAt: "[-\d]+T[:.\d]+"/, creations],
  'updated-at-in-words': [created, /with updatedAt: "\w+, .* GMT"/, creations],
  'updated-at-impossible': [created, /with updatedAt: "\d+-06-31T/, creations],
  'updated-before-created': [created, /#\/createdAt ".*" after .*#\/updatedAt/, creations],
  'update-before-creation': [updated, /#\/createdAt ".*" after .*#\/updatedAt/, updates],
  'name-not-echoed': [created, '#/name "Webhook" where $request.body#/name is "enabled"', creations],
  'name-trimmed': [
    'createWebhook > keeps a name with blanks around it as it was sent',
    '#/name "support" where $request.body#/name is "  support  "',
  ],
  'name-lower-cased': [
    'createWebhook > keeps a name with capitals as it was sent',
    '#/name "support" where $request.body#/name is "Support"',
  ],
  'name-cut': [
    'createWebhook > keeps a name with eighty characters as it was sent',
    /#\/name "n{32}" where .* is "n{33}/,
  ],
  'name-cut-at-emoji': [
    'createWebhook > keeps a name with an emoji as it was sent',
    '#/name "ship " where $request.body#/name is "ship 🚀 it"',
  ],
  'name-emoji-replaced': [
    'createWebhook > keeps a name with an emoji as it was sent',
    '#/name "ship ? it" where $request.body#/name is "ship 🚀 it"',
  ],
  'name-html-escaped': [
    'createWebhook > keeps a name with an ampersand as it was sent',
    '#/name "shop &amp; co" where $request.body#/name is "shop & co"',
  ],
  'name-quote-unescaped': [
    'createWebhook > keeps a name with quotation marks as it was sent',
    'with a body that is not valid JSON',
  ],
  'name-in-latin-1': [
    'createWebhook > keeps a name with accents as it was sent',
    'with a body that is not valid UTF-8',
    /accents|emoji/,
  ],
  'url-not-echoed': [
    created,
    '#/url "http://127.0.0.1/elsewhere" where $request.body#/url is "http://127.0.0.1:9/hook"',
    creations,
  ],
  'url-normalised': [
    'createWebhook > keeps a url without a path as it was sent',
    '#/url "http://127.0.0.1:9/" where $request.body#/url is "http://127.0.0.1:9"',
  ],
  'url-without-query': [
    'createWebhook > keeps a url with a query as it was sent',
    '#/url "http://127.0.0.1:9/hook" where $request.body#/url is "http://127.0.0.1:9/hook?key=1"',
  ],
  'enabled-always-true': [
    'createWebhook > creates a disabled webhook when asked to',
    '#/enabled true where $request.body#/enabled is false',
    /disabled|silent/,
  ],
  'enabled-always-false': [
    created,
    '#/enabled false where $request.body#/enabled is true',
    /^createWebhook > (creates a webhook|keeps a (name|url)|takes|names|gives) /,
  ],
  'enabled-by-default': [
    'createWebhook > keeps a webhook created without enabled silent',
    '#/enabled true where its default is false',
  ],
  'instance-id-of-another': [
    created,
    '#/instanceInstanceId "another-instance" where $request.path.instanceId is "contract-tests"',
    creations,
  ],
  'instance-id-lower-cased': [
    'createWebhook > names the instance as the path does',
    '#/instanceInstanceId "contract-tests-',
    /names the instance|two instances/,
  ],
  'webhook-id-reused': [
    'createWebhook > gives ids of their own > to webhooks of the same name',
    '#/webhookId "webhook", which an earlier answer carried',
    andOthers,
  ],
  'webhook-id-from-name': [
    'createWebhook > gives ids of their own > to webhooks of the same name',
    'which an earlier answer carried',
    /same name|twice/,
  ],
  'webhook-id-counted-per-instance': [
    'createWebhook > gives ids of their own > to webhooks of two instances',
    '#/webhookId "webhook-1", which an earlier answer carried',
    /names the instance|two instances/,
  ],
  'webhook-id-equal-when-concurrent': [
    'createWebhook > gives ids of their own > to webhooks created at the same time',
    'which an earlier answer carried',
    /same time|twice/,
  ],
  'webhook-not-kept': [read, '400 where 200', /^(read|update|define).* > (reads|updates|defines|takes) /],
  'webhook-kept-twice': ['listWebhooks > lists no webhook twice', 'to deeply equal'],
  'bad-request-message-as-string': [nameless, 'with message: "name must be a string"', badRequests],
  'bad-request-messages-as-objects': [nameless, 'with message[0]: {"message":"name must be a string"}', badRequests],
  'bad-request-without-message': [nameless, 'without message', badRequests],
  'bad-request-without-error': [nameless, 'without error', badRequests],
  'bad-request-without-status-code': [nameless, 'without statusCode', badRequests],
  'bad-request-status-code-as-string': [nameless, 'with statusCode: "400"', badRequests],
  'bad-request-says-500': [nameless, '#/statusCode 500 where $statusCode is 400', badRequests],
  'bad-request-in-html': [nameless, 'with Content-Type: text/html; charset=utf-8', badRequests],
  'bad-request-empty': [nameless, 'without a body', badRequests],
  'bad-request-as-problem': [nameless, 'with Content-Type: application/problem+json', badRequests],
  'malformed-json-message-as-string': [malformed, 'with message: "Unexpected token in JSON"', /malformed JSON|comma/],
  'malformed-json-in-html': [malformed, 'with Content-Type: text/html; charset=utf-8', /malformed JSON|comma/],
  'unauthorized-message-as-string': [stranger, 'with message: "Unauthorized"', unauthorized],
  'unauthorized-without-message': [stranger, 'without message', unauthorized],
  'unauthorized-without-error': [stranger, 'without error', unauthorized],
  'unauthorized-without-status-code': [stranger, 'without statusCode', unauthorized],
  'unauthorized-status-code-as-string': [stranger, 'with statusCode: "401"', unauthorized],
  'unauthorized-says-403': [stranger, '#/statusCode 403 where $statusCode is 401', unauthorized],
  'unauthorized-in-html': [stranger, 'with Content-Type: text/html; charset=utf-8', unauthorized],
  'unauthorized-empty': [stranger, 'without a body', unauthorized],
  'unauthorized-without-challenge': {
    uncovered: 'the document names no header for a 401; only RFC 9110 asks for WWW-Authenticate',
  },
  'bad-request-answers-422': [nameless, '422 where 400', badRequests],
  'bad-request-answers-200': [nameless, '200 where 400', badRequests],
  'unauthorized-answers-403': [stranger, '403 where 401', unauthorized],
  'unauthorized-answers-200': [stranger, '200 where 401', unauthorized],
  'unauthorized-redirects': [stranger, '302 where 401', unauthorized],
  'malformed-json-answers-500': [malformed, '500 where 400', /malformed JSON|comma/],
  'empty-body-answers-500': ['createWebhook > refuses an empty body with 400', '500 where 400', /an empty body/],
  'array-answers-500': ['createWebhook > refuses an array with 400', '500 where 400', /^createWebhook > .* array /],
  'null-answers-500': ['createWebhook > refuses JSON null with 400', '500 where 400'],
  'unknown-webhook-answers-404': [
    'readWebhook > answers for an unknown webhook as the document allows',
    'answered 404 where the document has 200, 400, 401',
    unknown,
  ],
  'unknown-webhook-answers-null': [
    'readWebhook > answers for an unknown webhook as the document allows',
    'with a body: null',
    unknown,
  ],
  'created-as-text': [created, 'with Content-Type: text/plain; charset=utf-8', creations],
  'created-without-content-type': [created, 'without a Content-Type', creations],
  'bad-request-as-text': [nameless, 'with Content-Type: text/plain', badRequests],
  'list-as-text': [listed, 'with Content-Type: text/plain', lists],
  'auth-ignored': [stranger, '201 where 401', unauthorized],
  'auth-ignored-on-list': [
    'listWebhooks > refuses missing credentials with 401',
    '200 where 401',
    /^listWebhooks > .* with 401$/,
  ],
  'auth-ignored-on-events': [
    'defineWebhookEvents > refuses missing credentials with 401',
    '200 where 401',
    /^defineWebhookEvents > .* with 401$/,
  ],
  'missing-credentials-accepted': [stranger, '201 where 401', /missing credentials|token in the query/],
  'any-credentials-accepted': [
    'createWebhook > refuses another token with 401',
    '201 where 401',
    /refuses (?!missing|the token in the query).* with 401$/,
  ],
  'any-token-accepted': [
    'createWebhook > refuses another token with 401',
    '201 where 401',
    /(another token|beginning of the token|more behind it|other letter case) with 401$/,
  ],
  'empty-token-accepted': ['createWebhook > refuses an empty token with 401', '201 where 401'],
  'other-scheme-accepted': ['createWebhook > refuses the token under another scheme with 401', '201 where 401'],
  'bare-token-accepted': ['createWebhook > refuses the token without a scheme with 401', '201 where 401'],
  'token-in-query-accepted': ['createWebhook > refuses the token in the query with 401', '201 where 401'],
  'token-beginning-accepted': ['createWebhook > refuses the beginning of the token with 401', '201 where 401'],
  'token-with-more-accepted': ['createWebhook > refuses the token with more behind it with 401', '201 where 401'],
  'token-case-ignored': ['createWebhook > refuses the token in other letter case with 401', '201 where 401'],
  'lower-case-bearer-refused': ['createWebhook > takes the scheme in lower case', '401 where 201'],
  'body-judged-first': ['createWebhook > refuses missing credentials before it looks at the body', '400 where 401'],
  'missing-name-accepted': [nameless, '201 where 400'],
  'missing-url-accepted': ['createWebhook > refuses a webhook without url with 400', '201 where 400'],
  'number-name-accepted': ['createWebhook > refuses a webhook whose name is a number with 400', '201 where 400'],
  'null-name-accepted': ['createWebhook > refuses a webhook whose name is null with 400', '201 where 400'],
  'number-url-accepted': ['createWebhook > refuses a webhook whose url is a number with 400', '201 where 400'],
  'string-enabled-accepted': ['createWebhook > refuses a webhook whose enabled is a string with 400', '201 where 400'],
  'null-enabled-accepted': ['createWebhook > refuses a webhook whose enabled is null with 400', '201 where 400'],
  'malformed-json-accepted': [malformed, '201 where 400', /^createWebhook > .*(malformed JSON|comma)/],
  'trailing-comma-accepted': [
    'createWebhook > refuses JSON with a comma after the last field with 400',
    '201 where 400',
  ],
  'empty-body-accepted': ['createWebhook > refuses an empty body with 400', '201 where 400'],
  'array-accepted': ['createWebhook > refuses an array with 400', '201 where 400', /^createWebhook > .* array /],
  'null-accepted': ['createWebhook > refuses JSON null with 400', '201 where 400'],
  'string-accepted': ['createWebhook > refuses a JSON string with 400', '201 where 400'],
  'invalid-utf-8-accepted': ['createWebhook > refuses invalid UTF-8 with 400', '201 where 400', /invalid UTF-8/],
  'update-without-name-accepted': ['updateWebhook > refuses an update without name with 400', '201 where 400'],
  'update-string-enabled-accepted': [
    'updateWebhook > refuses an update whose enabled is a string with 400',
    '201 where 400',
  ],
  'non-boolean-flag-accepted': [
    'defineWebhookEvents > refuses a flag that is a string with 400',
    '200 where 400',
    /refuses a flag/,
  ],
  'events-array-accepted': [
    'defineWebhookEvents > refuses an array with 400',
    '200 where 400',
    /^defineWebhookEvents > .* array /,
  ],
  'localhost-refused': ['createWebhook > keeps a url on localhost as it was sent', '400 where 201'],
  'enabled-required': ['createWebhook > keeps a webhook created without enabled silent', '400 where 201'],
  'charset-refused': ['createWebhook > takes JSON whose media type names its charset', '415 where 201'],
  'update-requires-url': ['updateWebhook > takes an update without url', '400 where 201'],
  'list-of-all-instances': [
    'listWebhooks > of an instance nobody used before > lists no webhook of another instance',
    '#/*/instanceInstanceId "contract-tests" where $request.path.instanceId is "Contract-Tests-',
    andOthers,
  ],
  'list-always-empty': { uncovered: noMemory },
  'list-of-the-last': { uncovered: noMemory },
  'empty-list-refused': { uncovered: 'a made-up instance may be unknown, and the document has a 400 for that' },
  'read-with-another-id': [read, '#/webhookId "another-webhook"', reads],
  'first-webhook-found': [
    'readWebhook > reads the webhook that was asked for, not the first',
    /#\/webhookId ".*" where .*path.webhookId is/,
    /^(read|update)Webhook > (reads|updates|takes) /,
  ],
  'webhook-found-under-any-instance': [
    'readWebhook > gives no webhook away under another instance',
    '#/instanceInstanceId "contract-tests" where $request.path.instanceId is "Contract-Tests-',
  ],
  'update-not-echoed': [updated, '#/name "Webhook" where $request.body#/name is "renamed"', updates],
  'update-ignored': [updated, 'where $request.body#/name is "renamed"', updates],
  'update-not-kept': { uncovered: noMemory },
  'update-empties-url': {
    uncovered:
      'what becomes of a url that an update leaves out is an open question; the document only infers that it stays',
  },
  'update-changes-id': [updated, /#\/webhookId ".*-2" where/, /^updateWebhook > (updates|takes|leaves createdAt)/],
  'update-changes-created-at': ['updateWebhook > leaves createdAt as it was', /expected '.*Z' to be '.*Z'/],
  'update-resets-events': [
    'updateWebhook > leaves the events as they were defined',
    'to match object { chatsSet: false }',
  ],
  'define-events-ignored': [
    defined,
    '#/chatsSet true where $request.body#/chatsSet is false',
    /flags that were sent|leaves the events/,
  ],
  'define-events-not-kept': [
    'updateWebhook > leaves the events as they were defined',
    'to match object { chatsSet: false }',
  ],
  'define-events-inverted': [
    defined,
    '#/qrcodeUpdate false where $request.body#/qrcodeUpdate is true',
    /flags that were sent|chatsDelete|leaves the events/,
  ],
  'define-events-resets-others': {
    uncovered: 'what becomes of flags that are left out is an open question; the document only infers that they stay',
  },
}

const names = faults.map(({ name }) => name)
const caught = names.flatMap(name => {
  const expected = expectations[name]
  if ('uncovered' in expected) return []
  const [test, says, scope] = expected
  return [{ fault: name, test, says, scope }]
})
const uncovered = names.filter(name => 'uncovered' in expectations[name])

describe('the contract', () => {
  let verdicts: ReadonlyMap<Trial, Verdict>
  const failuresOf = (trial: Trial) =>
    [...(verdicts.get(trial) ?? [])].filter(([, complaint]) => complaint !== undefined).map(([test]) => test)

  beforeAll(async () => {
    verdicts = await judge(['correct', ...names])
  }, 600_000)

  it('passes a correct implementation', () => {
    expect(verdicts.get('correct')?.size).toBeGreaterThan(80)
    expect(failuresOf('correct')).toEqual([])
  })

  it.each(caught)('catches $fault: $test', ({ fault, test, says, scope }) => {
    const verdict: Verdict = verdicts.get(fault) ?? new Map()
    expect(verdict.get(test) ?? `${test} passes`).toMatch(says)
    const failures = failuresOf(fault)
    if (scope === undefined) expect(failures).toEqual([test])
    else if (scope === andOthers) expect(failures.length).toBeGreaterThan(1)
    else expect(failures).toEqual([...verdict.keys()].filter(name => scope.test(name)))
  })

  it.each(uncovered)('cannot catch %s', fault => {
    expect(failuresOf(fault)).toEqual([])
  })
})
