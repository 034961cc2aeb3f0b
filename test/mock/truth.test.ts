import { describe, expect, it } from 'vitest'
import { type Answer, json, mockOf, overFetch, type Parts, thing } from './kit.ts'

/** A `POST /thing` that wants `name` and a short `size`, with these error responses. */
function refusing(responses: Readonly<Record<string, unknown>>, components: unknown = {}): Parts {
  const schema = {
    type: 'object',
    required: ['name'],
    properties: {
      name: { type: 'string' },
      size: { type: 'integer' },
      tags: { type: 'array', items: { type: 'string' } },
    },
  }
  const requestBody = { required: true, content: { 'application/json': { schema } } }
  const parameters = [{ name: 'limit', in: 'query', schema: { type: 'integer' } }]
  const operation = { parameters, requestBody, responses: { 201: { description: 'Made.' }, ...responses } }
  return { ...thing(operation, 'post'), components }
}

/** The answer to a request that lacks a name and has a size that is none. */
async function refusal(document: Parts, body: unknown = { size: 'big' }, target = '/thing'): Promise<Answer> {
  const notices: string[] = []
  await using mock = await mockOf(document, { onNotice: notice => notices.push(notice) })
  const answer = await overFetch(mock)(target, { json: body })
  expect(notices).toEqual([])
  return answer
}

const both = ['name: is required', 'size: must be integer']
const text = { type: 'string' }
function shape(properties: Readonly<Record<string, unknown>>, more: Readonly<Record<string, unknown>> = {}): unknown {
  return { type: 'object', required: Object.keys(properties), properties, ...more }
}

describe('a refusal tells the true reasons in the documented shape', () => {
  it.each<[string, unknown, unknown, unknown]>([
    [
      'statusCode, error and a list of messages',
      shape({ statusCode: { type: 'integer' }, error: text, message: { type: 'array', items: text } }),
      { statusCode: 400, error: 'Wrong', message: ['Something else'] },
      { statusCode: 400, error: 'Bad Request', message: both },
    ],
    [
      'a list that holds one message at most',
      shape({ message: { type: 'array', items: text, maxItems: 1 } }),
      { message: ['Something else'] },
      { message: [both.join('; ')] },
    ],
    [
      'one message, or a list of them, shown as one',
      shape({ message: { type: ['string', 'array'], items: text } }),
      { message: 'Something else' },
      { message: both.join('; ') },
    ],
    [
      'violations with the path of a property',
      shape({ violations: { type: 'array', items: shape({ propertyPath: text, message: text }) } }),
      { violations: [{ propertyPath: 'other', message: 'Something else' }] },
      {
        violations: [
          { propertyPath: 'name', message: 'is required' },
          { propertyPath: 'size', message: 'must be integer' },
        ],
      },
    ],
    [
      'one error with the parameter that it is about',
      shape({ error: shape({ type: text, message: text, param: { type: ['string', 'null'] } }) }),
      { error: { type: 'invalid', message: 'Something else', param: 'other' } },
      { error: { type: 'invalid', message: both.join('; '), param: 'name' } },
    ],
    [
      'one of several forms, of which another is shown',
      { oneOf: [shape({ at: { type: 'integer' } }), shape({ message: text })] },
      { at: 7 },
      { message: both.join('; ') },
    ],
    ['a message', shape({ message: text }), { message: 'Something else' }, { message: both.join('; ') }],
    ['a message in capitals', shape({ Message: text }), { Message: 'Other' }, { Message: both.join('; ') }],
    [
      'a message of limited length',
      shape({ message: { type: 'string', maxLength: 20 } }),
      { message: 'Something else' },
      { message: 'name: is required' },
    ],
    [
      'an error object with code and message',
      shape({ error: shape({ code: { type: 'integer' }, message: text }) }),
      { error: { code: 1, message: 'Something else' } },
      { error: { code: 400, message: both.join('; ') } },
    ],
    [
      'an error object whose codes are its own',
      shape({ error: shape({ code: { type: 'integer', minimum: 1000 }, message: text }) }),
      { error: { code: 1000, message: 'Something else' } },
      { error: { code: 1000, message: both.join('; ') } },
    ],
    [
      'an error object with words for codes',
      shape({ error: shape({ code: { enum: ['invalid', 'missing'] }, message: text }) }),
      { error: { code: 'invalid', message: 'Something else' } },
      { error: { code: 'invalid', message: both.join('; ') } },
    ],
    [
      'a problem detail',
      shape({ type: text, title: text, status: { type: 'integer' }, detail: text, instance: text }),
      { type: 'https://a.example/p', title: 'Wrong', status: 422, detail: 'Something else', instance: '/other' },
      { type: 'https://a.example/p', title: 'Bad Request', status: 400, detail: both.join('; '), instance: '/thing' },
    ],
    [
      'a problem detail with its list of parameters',
      shape({
        title: text,
        detail: text,
        'invalid-params': { type: 'array', items: shape({ name: text, reason: text }) },
      }),
      { title: 'Wrong', detail: 'Something else', 'invalid-params': [{ name: 'colour', reason: 'is ugly' }] },
      {
        title: 'Bad Request',
        detail: both.join('; '),
        'invalid-params': [
          { name: 'name', reason: 'is required' },
          { name: 'size', reason: 'must be integer' },
        ],
      },
    ],
    [
      'a list of fields with messages, alone',
      { type: 'array', items: shape({ field: text, message: text }) },
      [{ field: 'colour', message: 'is ugly' }],
      [
        { field: 'name', message: 'is required' },
        { field: 'size', message: 'must be integer' },
      ],
    ],
    ['a list of texts, alone', { type: 'array', items: text }, ['Something else'], both],
    [
      'errors with path and detail',
      shape({ errors: { type: 'array', items: shape({ path: text, detail: text }) } }),
      { errors: [{ path: '/colour', detail: 'is ugly' }] },
      {
        errors: [
          { path: '/name', detail: 'is required' },
          { path: '/size', detail: 'must be integer' },
        ],
      },
    ],
    [
      'errors of JSON:API',
      shape({
        errors: {
          type: 'array',
          items: shape({ status: text, title: text, detail: text, source: shape({ pointer: text }) }),
        },
      }),
      { errors: [{ status: '422', title: 'Ugly', detail: 'is ugly', source: { pointer: '/colour' } }] },
      {
        errors: [
          { status: '400', title: 'Bad Request', detail: 'is required', source: { pointer: '/name' } },
          { status: '400', title: 'Bad Request', detail: 'must be integer', source: { pointer: '/size' } },
        ],
      },
    ],
    [
      'errors of FastAPI',
      shape({
        detail: { type: 'array', items: shape({ loc: { type: 'array', items: text }, msg: text, type: text }) },
      }),
      { detail: [{ loc: ['body', 'colour'], msg: 'is ugly', type: 'value_error' }] },
      {
        detail: [
          { loc: ['body', 'name'], msg: 'is required', type: 'value_error' },
          { loc: ['body', 'size'], msg: 'must be integer', type: 'value_error' },
        ],
      },
    ],
    [
      'errors by field, in lists, beside a message',
      shape({ message: text, errors: { type: 'object', additionalProperties: { type: 'array', items: text } } }),
      { message: 'Something else', errors: { colour: ['is ugly'] } },
      { message: both.join('; '), errors: { name: ['is required'], size: ['must be integer'] } },
    ],
    [
      'errors by field, in texts',
      shape({ errors: { type: 'object', additionalProperties: text } }),
      { errors: { colour: 'is ugly' } },
      { errors: { name: 'is required', size: 'must be integer' } },
    ],
    ['an error and nothing else', shape({ error: text }), { error: 'Something else' }, { error: both.join('; ') }],
    [
      'an error that is a word, with a description',
      shape({ error: { enum: ['invalid_request'] }, error_description: text }),
      { error: 'invalid_request', error_description: 'Something else' },
      { error: 'invalid_request', error_description: both.join('; ') },
    ],
    [
      'a flag with an error object inside',
      shape({ success: { const: false }, data: shape({ reason: text }) }),
      { success: false, data: { reason: 'Something else' } },
      { success: false, data: { reason: both.join('; ') } },
    ],
    [
      'nothing but what is named',
      shape({ message: text, code: text }, { additionalProperties: false }),
      { message: 'Something else', code: 'E_WRONG' },
      { message: both.join('; '), code: 'E_WRONG' },
    ],
    [
      'a message that is empty so far',
      shape({ message: { type: ['string', 'null'] } }),
      { message: null },
      { message: both.join('; ') },
    ],
    ['a text', text, 'Something else', both.join('; ')],
  ])('%s', async (_, schema, example, expected) => {
    const shown = await refusal(refusing({ 400: json(schema, { example }) }))
    expect(shown).toMatchObject({ status: 400, headers: { 'content-type': 'application/json' } })
    expect(shown.json).toEqual(expected)
  })

  it('in a shape without an example', async () => {
    const schema = shape({ message: text, statusCode: { type: 'number' } }, { additionalProperties: false })
    const { json: body } = await refusal(refusing({ 400: json(schema) }))
    expect(body).toEqual({ message: both.join('; '), statusCode: 400 })
  })

  it('in a member that the example leaves out', async () => {
    const schema = { type: 'object', required: ['code'], properties: { code: { const: 'E_WRONG' }, message: text } }
    const { json: body } = await refusal(refusing({ 400: json(schema, { example: { code: 'E_WRONG' } }) }))
    expect(body).toEqual({ code: 'E_WRONG', message: both.join('; ') })
  })

  it('as a problem where the content has neither schema nor example', async () => {
    const { json: body } = await refusal(refusing({ 400: { description: 'No.', content: { 'application/json': {} } } }))
    expect(body).toEqual({
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      detail: both.join('; '),
      errors: both,
    })
  })

  it('as documented problem+json', async () => {
    const content = { 'application/problem+json': { schema: shape({ title: text, detail: text }) } }
    const answer = await refusal(refusing({ 400: { description: 'No.', content } }))
    expect(answer.headers).toMatchObject({ 'content-type': 'application/problem+json' })
    expect(answer.json).toEqual({ title: 'Bad Request', detail: both.join('; ') })
  })

  it('as plain text', async () => {
    const content = { 'text/plain': { schema: text, example: 'Something else' } }
    const answer = await refusal(refusing({ 400: { description: 'No.', content } }))
    expect(answer).toMatchObject({ headers: { 'content-type': 'text/plain' }, text: both.join('; ') })
  })

  it('as JSON where that is one of several media types', async () => {
    const content = { 'text/html': { schema: text }, 'application/json': { schema: shape({ message: text }) } }
    const answer = await refusal(refusing({ 400: { description: 'No.', content } }))
    expect(answer.json).toEqual({ message: both.join('; ') })
  })

  it('with the places of parameters', async () => {
    const schema = { type: 'array', items: shape({ loc: { type: 'array', items: text }, msg: text }) }
    const example = [{ loc: ['body'], msg: 'is ugly' }]
    const { json: body } = await refusal(refusing({ 400: json(schema, { example }) }), { name: 'a' }, '/thing?limit=x')
    expect(body).toEqual([{ loc: ['query', 'limit'], msg: 'must be integer' }])
  })

  it('with the place of an item', async () => {
    const schema = { type: 'array', items: shape({ pointer: text, message: text }) }
    const example = [{ pointer: '/colour', message: 'is ugly' }]
    const { json: body } = await refusal(refusing({ 400: json(schema, { example }) }), { name: 'a', tags: ['x', 1] })
    expect(body).toEqual([{ pointer: '/tags/1', message: 'must be string' }])
  })
})

describe('a shape that cannot carry the reason', () => {
  it.each<[string, unknown, unknown]>([
    ['a constant message', shape({ message: { const: 'Validation failed' } }), { message: 'Validation failed' }],
    ['a list of words', shape({ error: { enum: ['bad', 'worse'] } }), { error: 'worse' }],
    [
      'codes alone',
      shape({ errors: { type: 'array', items: shape({ code: { type: 'integer' } }) } }),
      { errors: [{ code: 17 }] },
    ],
    ['a short text', { type: 'string', maxLength: 5 }, 'Wrong'],
    ['a number', { type: 'integer' }, 17],
  ])('is sent as the document shows it: %s', async (_, schema, example) => {
    expect(await refusal(refusing({ 400: json(schema, { example }) }))).toMatchObject({ status: 400, json: example })
  })

  it('is sent as the document shows it: markup', async () => {
    const content = { 'text/html': { schema: text, example: '<h1>Wrong</h1>' } }
    expect(await refusal(refusing({ 400: { description: 'No.', content } }))).toMatchObject({ text: '<h1>Wrong</h1>' })
  })

  it('is sent without a body where none is documented', async () => {
    expect(await refusal(refusing({ 400: { description: 'No.' } }))).toMatchObject({ status: 400, text: '' })
  })
})

describe('the status of a refusal', () => {
  const said = json(shape({ message: text, code: { type: 'integer' } }))
  const syntax = { name: 'a', size: 1 }

  it.each<[string, Readonly<Record<string, unknown>>, number]>([
    ['400 when that is documented', { 400: said }, 400],
    ['422 when only that is documented', { 422: said }, 422],
    ['422 for what can be read but is wrong, when both are documented', { 400: said, 422: said }, 422],
    ['400 of a range', { '4XX': said }, 400],
    ['400 of the default', { default: said }, 400],
    [
      'the code before the range and the default',
      { default: { description: '' }, '4XX': { description: '' }, 422: said },
      422,
    ],
  ])('is %s', async (_, responses, status) => {
    const answer = await refusal(refusing(responses))
    expect(answer).toMatchObject({ status, json: { message: both.join('; '), code: status } })
  })

  it('is 400 for what cannot be read, when 422 is documented too', async () => {
    await using mock = await mockOf(refusing({ 400: said, 422: said }))
    const ask = { body: '{', headers: { 'content-type': 'application/json' } }
    expect(await overFetch(mock)('/thing', ask)).toMatchObject({ status: 400, json: { code: 400 } })
  })

  it('is the documented 413 and 415', async () => {
    await using mock = await mockOf(refusing({ 413: said, 415: said }))
    const talk = overFetch(mock)
    const tooLong = await talk('/thing', { json: { ...syntax, name: 'a'.repeat(2 ** 20) } })
    expect(tooLong).toMatchObject({ status: 413, json: { code: 413, message: 'body: is longer than 1048576 bytes' } })
    const wrongType = await talk('/thing', { body: 'a', headers: { 'content-type': 'text/csv' } })
    expect(wrongType).toMatchObject({ status: 415, json: { code: 415 } })
  })

  it('is a problem of 400 when the document knows no error', async () => {
    const answer = await refusal(refusing({}))
    expect(answer).toMatchObject({ status: 400, headers: { 'content-type': 'application/problem+json' } })
    expect(answer.json).toMatchObject({ title: 'Bad Request', detail: both.join('; '), errors: both })
  })

  it.each<[string, Readonly<Record<string, unknown>>, number]>([
    ['401', { 401: said, 403: said }, 401],
    ['403 when only that is documented', { 403: said }, 403],
    ['401 of the default', { default: said }, 401],
    ['401 as a problem', {}, 401],
  ])('without credentials is %s', async (_, responses, status) => {
    const components = { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Key' } } }
    const document = { ...refusing(responses), components, security: [{ key: [] }] }
    expect(await refusal(document, syntax)).toMatchObject({ status })
  })
})

it('a reason is told once, where two credentials are missing in the same field', async () => {
  const flows = { implicit: { authorizationUrl: 'https://example.com', scopes: {} } }
  const components = { securitySchemes: { a: { type: 'oauth2', flows }, b: { type: 'oauth2', flows } } }
  const document = { ...refusing({}), components, security: [{ a: [], b: [] }] }
  expect((await refusal(document)).json).toMatchObject({ errors: ['Authorization: is missing'] })
})

describe('the header fields of a refusal', () => {
  it('are those of the document', async () => {
    const headers = {
      'X-Request-Id': { required: true, schema: { type: 'string', format: 'uuid' } },
      'X-Optional': { schema: text },
      'X-Shown': { schema: { type: 'integer' }, example: 7 },
    }
    const answer = await refusal(refusing({ 400: { ...json(shape({ message: text })), headers } }))
    expect(answer.headers).toMatchObject({ 'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/), 'x-shown': '7' })
    expect(answer.headers).not.toHaveProperty('x-optional')
  })

  it('hold the challenge once', async () => {
    const components = { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } }
    const headers = { 'WWW-Authenticate': { required: true, schema: text, example: 'Basic realm="other"' } }
    const document = { ...refusing({ 401: { description: 'No.', headers } }), components, security: [{ bearer: [] }] }
    expect((await refusal(document)).headers).toMatchObject({ 'www-authenticate': 'Bearer realm="contrato"' })
  })
})

describe('an error that the document gets wrong', () => {
  it('is sent with a valid body, and said', async () => {
    const notices: string[] = []
    const error = json(shape({ message: text }), { example: { message: 7 } })
    await using mock = await mockOf(refusing({ 400: error }), { onNotice: notice => notices.push(notice) })
    const talk = overFetch(mock)
    for (const size of ['a', 'b']) {
      expect((await talk('/thing', { json: { name: 'n', size } })).json).toEqual({ message: 'size: must be integer' })
    }
    expect(notices).toEqual([
      'thing 400: the example "example" does not match its schema (/message must be string) and is not served',
    ])
  })
})
