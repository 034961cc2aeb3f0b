import { describe, expect, it } from 'vitest'
import { type Answer, type Ask, faces, json, mockOf, overFetch, overSocket, thing } from './kit.ts'

async function answerOf(responses: Readonly<Record<string, unknown>>, ask?: Ask): Promise<Answer> {
  await using mock = await mockOf(thing({ responses }))
  return await overFetch(mock)('/thing', ask)
}

/** A JSON response that says which one it is. */
function saying(word: string): Record<string, unknown> {
  return json({ const: word }, { example: word })
}

describe('the status of an answer', () => {
  it.each<[string, Readonly<Record<string, unknown>>, number, string]>([
    ['the lowest success', { 202: saying('b'), 201: saying('a'), 400: saying('c'), default: saying('d') }, 201, 'a'],
    ['a success rather than a redirection', { 302: saying('b'), 204: { description: '' } }, 204, ''],
    ['a success code rather than its range', { '2XX': saying('b'), 203: saying('a') }, 203, 'a'],
    ['200 of the range of successes', { '2XX': saying('a'), 304: { description: '' }, default: saying('b') }, 200, 'a'],
    ['a redirection rather than the default', { 302: saying('a'), default: saying('b') }, 302, 'a'],
    ['200 of the default', { default: saying('a'), 404: saying('b') }, 200, 'a'],
    ['the lowest error where nothing else is documented', { 410: saying('b'), 404: saying('a') }, 404, 'a'],
    ['400 of the range of errors where nothing else is documented', { '4XX': saying('a') }, 400, 'a'],
  ])('is %s', async (_, responses, status, word) => {
    const answer = await answerOf(responses)
    expect(answer.status).toBe(status)
    expect(answer.text).toBe(word === '' ? '' : JSON.stringify(word))
  })

  it.each([{}, { 101: { description: 'Something else from here on.' } }])(
    'is a problem that says so where the document promises none: %j',
    async responses => {
      expect(await answerOf(responses)).toMatchObject({
        status: 501,
        headers: { 'content-type': 'application/problem+json' },
        json: { detail: 'The document promises no answer for thing: add a response to it.' },
      })
    },
  )
})

describe('an answer without a body', () => {
  it.each([204, 205, 304])('is that of %i, even where a body is documented', async status => {
    for (const face of faces) {
      await using mock = await mockOf(thing({ responses: { [status]: saying('a') } }))
      const talk = await face.talkTo(mock)
      const answer = await talk('/thing', { headers: { accept: 'text/csv' } })
      expect(answer).toMatchObject({ status, text: '' })
      expect(answer.headers).not.toHaveProperty('content-type')
    }
  })

  it('is that of a response without content', async () => {
    const answer = await answerOf({ 202: { description: 'Later.' } })
    expect(answer).toMatchObject({ status: 202, text: '' })
    expect(answer.headers).not.toHaveProperty('content-type')
  })
})

describe('the media type of an answer', () => {
  const csv = { schema: { type: 'string' }, example: 'a;b' }
  const object = { schema: { type: 'object' }, example: { a: 'b' } }
  const both = { 200: { description: 'Two.', content: { 'text/csv': csv, 'application/json': object } } }

  it.each<[string, string | undefined, string, string]>([
    ['the first without Accept', undefined, 'text/csv', 'a;b'],
    ['the one that is accepted', 'application/json', 'application/json', '{"a":"b"}'],
    ['the one that is liked better', 'text/csv;q=0.5, application/json', 'application/json', '{"a":"b"}'],
    ['not the one that is refused', 'text/csv;q=0, */*', 'application/json', '{"a":"b"}'],
    ['the first of a range', 'text/*, application/*', 'text/csv', 'a;b'],
  ])('is %s', async (_, accept, type, body) => {
    const answer = await answerOf(both, { headers: accept === undefined ? {} : { accept } })
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': type }, text: body })
  })

  it('is refused with 406 when none will do', async () => {
    const answer = await answerOf(both, { headers: { accept: 'image/png, text/csv;q=0' } })
    expect(answer).toMatchObject({ status: 406, headers: { 'content-type': 'application/problem+json' } })
    expect(answer.json).toMatchObject({ offered: ['text/csv', 'application/json'] })
  })

  it.each<[string, unknown, string, string]>([
    ['*/*', { a: 'b' }, 'application/json', '{"a":"b"}'],
    ['*/*', 'a', 'text/plain; charset=utf-8', 'a'],
    ['application/*', 'a', 'application/json', '"a"'],
    ['text/*', 'a', 'text/plain; charset=utf-8', 'a'],
    ['image/*', 'a', 'image/png', 'a'],
    ['font/*', 'a', 'font/octet-stream', 'a'],
  ])('is made concrete: %s with %j', async (range, example, type, body) => {
    const answer = await answerOf({ 200: { description: '', content: { [range]: { example } } } })
    expect(answer).toMatchObject({ headers: { 'content-type': type }, text: body })
  })

  it.each<[string, unknown, string]>([
    ['text/plain', { schema: { type: 'string', enum: ['é😀'] } }, 'é😀'],
    ['text/plain', { schema: { type: 'integer', const: 7 } }, '7'],
    ['application/octet-stream', { schema: { type: 'string', format: 'binary' }, example: 'bytes' }, 'bytes'],
    ['application/json', { schema: { type: 'string' }, example: 'text' }, '"text"'],
    ['application/json', { example: null }, 'null'],
    ['application/json', {}, '{}'],
    ['application/vnd.a+json; charset=utf-8', { example: [1] }, '[1]'],
    ['application/pdf', {}, ''],
  ])('is sent as documented: %s', async (type, content, body) => {
    const answer = await answerOf({ 200: { description: '', content: { [type]: content } } })
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': type }, text: body })
  })
})

describe('the base path of the servers', () => {
  it('may stand before the path or not', async () => {
    const servers = [{ url: 'https://a.example/{version}', variables: { version: { default: 'v2' } } }]
    await using mock = await mockOf({ ...thing({ responses: { 200: saying('a') } }), servers })
    const talk = overSocket((await mock.listen()).url)
    expect(await talk('/thing')).toMatchObject({ status: 200 })
    expect(await talk('/v2/thing')).toMatchObject({ status: 200 })
    expect(await talk('/v3/thing')).toMatchObject({ status: 404 })
  })
})
