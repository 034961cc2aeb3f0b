import { describe, expect, it } from 'vitest'
import { exampleRequest } from '../../src/generate/index.ts'
import { apiOf } from '../kit/index.ts'

type Written = { readonly id: string; readonly parameters?: readonly string[] }

/** An API with `GET` operations at these templates. */
function apiWith(paths: Readonly<Record<string, Written>>) {
  const items = Object.entries(paths).map(([path, { id, parameters = [] }]) => {
    const described = parameters.map(text => {
      const [place = '', name = ''] = text.split(' ')
      return { name, in: place, required: true, schema: { type: 'string' } }
    })
    return [path, { get: { operationId: id, parameters: described, responses: { '200': { description: 'Done' } } } }]
  })
  return apiOf(`paths: ${JSON.stringify(Object.fromEntries(items))}`)
}

describe('a query in a template', () => {
  const flickr = {
    '/rest?method=photos.get': { id: 'get' },
    '/rest?method=photos.list': { id: 'list' },
    '/rest': { id: 'other' },
  }

  it.each([
    ['/rest?method=photos.get', 'get'],
    ['/rest?method=photos.list&page=2', 'list'],
    ['/rest?page=2&method=photos%2Elist', 'list'],
    ['/rest?method=gone', 'other'],
    ['/rest', 'other'],
  ])('tells operations of one path apart: %s is %s', async (target, id) => {
    expect((await apiWith(flickr)).match('GET', target)).toMatchObject({ kind: 'found', operation: { id } })
  })

  it('may hold path parameters', async () => {
    const api = await apiWith({ '/alerts?lat={lat}&lon={lon}': { id: 'alerts', parameters: ['path lat', 'path lon'] } })
    expect(api.match('GET', '/alerts?lon=2&lat=1')).toMatchObject({ params: { lat: '1', lon: '2' } })
    expect(api.match('GET', '/alerts')).toMatchObject({ kind: 'found', params: {} })
  })

  it('is part of the requests that are made for it', async () => {
    const api = await apiWith({
      '/a/{id}?v=2&lat={lat}#x': { id: 'a', parameters: ['path id', 'path lat', 'query v', 'query w'] },
    })
    const [operation] = api.operations
    expect(operation && exampleRequest(api, operation, 't').target).toMatch(/^\/a\/[^/?#]+\?v=2&lat=[^&{}]+&w=[^&]+$/)
  })
})

describe('a fragment in a template', () => {
  const amazon = {
    '/#X-Target=Service.Get': { id: 'get', parameters: ['header X-Target'] },
    '/#X-Target=Service.List': { id: 'list', parameters: ['header X-Target'] },
    '/#Action=Start': { id: 'start', parameters: ['query Action'] },
  }

  it.each([
    ['/', ['x-target', 'Service.Get'], 'get'],
    ['/', ['X-Target', 'Service.List'], 'list'],
    ['/?Action=Start', [], 'start'],
    ['/', [], 'get'],
  ])('names the header or query that tells operations apart: %s %j is %s', async (target, headers, id) => {
    const api = await apiWith(amazon)
    expect(api.match('GET', target, headers)).toMatchObject({ kind: 'found', operation: { id } })
    expect(api.unreachable()).toEqual([])
  })

  it('names a parameter that must be there', async () => {
    const api = await apiWith({
      '/tags/{arn}': { id: 'all', parameters: ['path arn'] },
      '/tags/{arn}#tagKeys': { id: 'some', parameters: ['path arn', 'query tagKeys'] },
    })
    expect(api.match('GET', '/tags/a')).toMatchObject({ operation: { id: 'all' }, params: { arn: 'a' } })
    expect(api.match('GET', '/tags/a?tagKeys=b')).toMatchObject({ operation: { id: 'some' }, params: { arn: 'a' } })
  })

  it('that a request names, though no client sends it, is meant', async () => {
    const api = await apiWith(amazon)
    expect(api.match('GET', '/#X-Target=Service.List')).toMatchObject({ operation: { id: 'list' } })
  })

  it('does not matter where an operation is alone', async () => {
    const api = await apiWith({ '/a#b': { id: 'a' } })
    expect(api.match('GET', '/a')).toMatchObject({ kind: 'found', operation: { id: 'a' } })
    expect(api.unreachable()).toEqual([])
  })

  it('that says nothing of the request leaves an operation unreachable that another one covers', async () => {
    const api = await apiWith({ '/a': { id: 'a' }, '/a#overload': { id: 'b' } })
    expect(api.match('GET', '/a')).toMatchObject({ operation: { id: 'a' } })
    expect(api.unreachable().map(({ operation, why }) => `${operation.id}: ${why}`)).toEqual([
      'b: #overload of its path /a#overload is not sent, and a takes the same requests and answers',
    ])
  })
})

describe('templates that differ in names only', () => {
  it('leave the first operation unreachable', async () => {
    const api = await apiWith({ '/a/{x}': { id: 'first' }, '/a/{y}': { id: 'second' } })
    expect(api.unreachable().map(({ operation, why }) => `${operation.id}: ${why}`)).toEqual([
      'first: its path /a/{x} is the same as /a/{y} of second, which answers',
    ])
  })
})

it('a path parameter that the template has no place for is not asked for', async () => {
  const api = await apiWith({ '/a': { id: 'a', parameters: ['path id'] } })
  expect(api.operations[0]?.parameters).toEqual([])
})
