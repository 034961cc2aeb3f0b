import { describe, expect, it } from 'vitest'
import { compileExpression, type Scope } from '../../src/model/expression.ts'

const scope: Scope = {
  method: 'POST',
  url: '/things?limit=5',
  request: {
    path: { id: 'seven' },
    query: { limit: 5 },
    headers: ['X-Trace', 'abc', 'x-trace', 'def'],
    body: { name: 'a', 'a/b': { 'c~d': 1 }, none: null, tags: [] },
  },
  response: {
    status: 201,
    headers: ['Location', '/things/7'],
    body: { items: [{ id: 1 }, { name: 'no id' }, { id: 3 }], '*': 'star', length: 2 },
  },
}

describe('an expression', () => {
  it.each([
    ['$statusCode', 201],
    ['$method', 'POST'],
    ['$url', '/things?limit=5'],
    ['$request.path.id', 'seven'],
    ['$request.query.limit', 5],
    ['$request.query.other', undefined],
    ['$request.header.X-TRACE', 'abc, def'],
    ['$response.header.location', '/things/7'],
    ['$request.body', scope.request.body],
    ['$request.body#/name', 'a'],
    ['$request.body#/a~1b/c~0d', 1],
    ['$request.body#/a%7E1b', { 'c~d': 1 }],
    ['$request.body#/none', null],
    ['$request.body#/none/deeper', undefined],
    ['$request.body#/constructor', undefined],
    ['$request.body#/name/length', undefined],
    ['$response.body#/items/2/id', 3],
    ['$response.body#/items/-1', undefined],
    ['$response.body#/items/length', undefined],
    ['$response.body#/items/*/id', 1],
    ['$response.body#/*', 'star'],
    ['$request.body#/tags/*', undefined],
  ])('%s names what stands there', (text, value) => {
    expect(compileExpression(text)?.read(scope)).toEqual(value)
  })

  it.each([
    [
      '$response.body#/items/*/id',
      [
        [['items', '0', 'id'], 1],
        [['items', '2', 'id'], 3],
      ],
    ],
    ['$response.body#/items/0/id', [[['items', '0', 'id'], 1]]],
    ['$request.body#/none', [[['none'], null]]],
    ['$request.body#/tags/*', []],
    ['$request.body#/nowhere', []],
    ['$statusCode', [[[], 201]]],
    ['$request.query.other', []],
  ])('%s names every place it stands for', (text, places) => {
    expect(
      compileExpression(text)
        ?.readAll(scope)
        .map(({ tokens, value }) => [tokens, value]),
    ).toEqual(places)
  })

  it.each([
    '',
    'name',
    '$',
    '$status',
    '$statusCode ',
    '$request',
    '$request.body.name',
    '$request.body#name',
    '$request.path',
    '$request.path.',
    '$request.query',
    '$response.path.id',
    '$response.query.id',
    '$request.cookie.x',
    '$REQUEST.body',
    '{$request.body#/url}',
  ])('is not %j', text => {
    expect(compileExpression(text)).toBeUndefined()
  })

  it('knows the place in the answer that it names, and no other', () => {
    expect(compileExpression('$response.body#/items/0/id')?.inResponseBody).toEqual(['items', '0', 'id'])
    expect(compileExpression('$request.body#/name')?.inResponseBody).toBeUndefined()
    expect(compileExpression('$statusCode')?.inResponseBody).toBeUndefined()
  })
})
