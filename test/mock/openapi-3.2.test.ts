import { expect, it } from 'vitest'
import { faces, mockOf } from './kit.ts'

const item = { type: 'object', required: ['id'], properties: { id: { type: 'integer', const: 7 } } }

const parts = {
  openapi: '3.2.0',
  paths: {
    '/lines': {
      query: {
        operationId: 'lines',
        requestBody: { required: true, content: { 'application/jsonl': { itemSchema: item } } },
        responses: {
          200: {
            description: 'Done',
            content: {
              'application/jsonl': { itemSchema: item },
              'text/event-stream': { itemSchema: { type: 'object', required: ['data'], properties: { data: item } } },
            },
          },
          422: { description: 'No', content: { 'application/json': { schema: { type: 'object' } } } },
        },
      },
    },
    '/filter': {
      get: {
        parameters: [
          {
            in: 'querystring',
            name: 'all',
            content: { 'application/json': { schema: { type: 'object', required: ['a'] } } },
          },
        ],
        responses: { 204: { description: 'Done' }, 400: { description: 'No' } },
      },
    },
    '/odd': { additionalOperations: { Odd: { operationId: 'odd', responses: {} } } },
  },
}

it.each(faces)('streams, QUERY and querystring are understood, $name', async ({ talkTo }) => {
  const notices: string[] = []
  await using mock = await mockOf(parts, { dynamic: true, onNotice: notice => notices.push(notice) })
  expect(notices).toEqual(['odd cannot be reached: no server made with Node.js takes the method Odd'])
  const talk = await talkTo(mock)
  const ask = (body: string, accept: string) =>
    talk('/lines', { method: 'QUERY', headers: { 'content-type': 'application/jsonl', accept }, body })
  const lines = await ask('{"id":7}\n{"id":7}\n', 'application/jsonl')
  expect([lines.status, lines.headers['content-type']]).toEqual([200, 'application/jsonl'])
  expect(lines.text).toMatch(/^(\{"id":7\}\n)+$/)
  expect((await ask('{"id":7}\n', 'text/event-stream')).text).toMatch(/^(data: \{"id":7\}\n\n)+$/)
  expect(await ask('{"id":7}\n{"id":8}\n', '*/*')).toMatchObject({ status: 422 })
  expect(await talk('/filter?%7B%22a%22%3A1%7D')).toMatchObject({ status: 204 })
  expect(await talk('/filter?%7B%22b%22%3A1%7D')).toMatchObject({ status: 400 })
})
