import { describe, expect, it } from 'vitest'
import { listenTo, Mocks, shadowedBy } from '../../src/embed/index.ts'
import { Mock } from '../../src/mock/index.ts'
import { Api } from '../../src/model/index.ts'
import { documentIn } from '../kit/index.ts'

/** A mock of operations given as `GET /things`, each of which answers with a word. */
async function mockSaying(word: string, operations: readonly string[], server = '/'): Promise<Mock> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const operation of operations) {
    const [method = '', path = ''] = operation.split(' ')
    const content = { 'application/json': { example: word } }
    const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
      name,
      in: 'path',
      required: true,
      schema: { type: 'string' },
    }))
    paths[path] = {
      ...paths[path],
      [method.toLowerCase()]: { parameters, responses: { 200: { description: 'Done', content } } },
    }
  }
  const root = { openapi: '3.1.0', info: { title: word, version: '1' }, servers: [{ url: server }], paths }
  return new Mock(new Api(await documentIn({ 'openapi.json': JSON.stringify(root) })))
}

describe('several mocks at one port', () => {
  it('answer in their order', async () => {
    const mocks = new Mocks([
      await mockSaying('first', ['GET /things', 'GET /things/{id}']),
      await mockSaying('second', ['GET /things', 'POST /things', 'GET /things/mine', 'GET /lamps']),
    ])
    await using server = await served(mocks)
    const said = async (method: string, path: string): Promise<unknown> =>
      (await fetch(`${server.url}${path}`, { method })).json()
    expect(await said('GET', '/things')).toBe('first')
    expect(await said('POST', '/things')).toBe('second')
    expect(await said('GET', '/things/mine')).toBe('first')
    expect(await said('GET', '/lamps')).toBe('second')
  })

  it('allow the methods of all where none has the one that was asked for', async () => {
    const mocks = new Mocks([await mockSaying('first', ['GET /things']), await mockSaying('second', ['PUT /things'])])
    await using server = await served(mocks)
    const refused = await fetch(`${server.url}/things`, { method: 'DELETE' })
    expect(refused.status).toBe(405)
    expect(refused.headers.get('allow')).toBe('GET, HEAD, OPTIONS, PUT')
    const preflight = await fetch(`${server.url}/things`, {
      method: 'OPTIONS',
      headers: { origin: 'http://page.example', 'access-control-request-method': 'PUT' },
    })
    expect(preflight.headers.get('access-control-allow-methods')).toBe('GET, HEAD, OPTIONS, PUT')
  })

  it('name the nearest operations of all', async () => {
    const mocks = new Mocks([
      await mockSaying('first', ['GET /a/{id}/b']),
      await mockSaying('second', ['GET /things/all']),
    ])
    await using server = await served(mocks)
    expect(await (await fetch(`${server.url}/things/al`)).json()).toMatchObject({
      detail: expect.stringMatching(/^No operation of first or second has the path \/things\/al\./),
      nearest: [{ operation: 'GET /things/all' }],
    })
  })

  it('show all documents, and one alone by itself', async () => {
    const [first, second] = [await mockSaying('first', []), await mockSaying('second', [])]
    await using both = await served(new Mocks([first, second]))
    await using one = await served(new Mocks([first]))
    const titles = [{ info: { title: 'first' } }, { info: { title: 'second' } }]
    expect(await (await fetch(`${both.url}/__contrato/document`)).json()).toMatchObject(titles)
    expect(await (await fetch(`${one.url}/__contrato/document`)).json()).toMatchObject(titles[0] ?? {})
  })

  it('finish what came to them before they were replaced', async () => {
    const mocks = new Mocks([await mockSaying('old', ['GET /things'])])
    await using server = await served(mocks)
    const slow = fetch(`${server.url}/things`, { headers: { prefer: 'delay=300' } })
    // The slow one has come before this one is answered.
    await fetch(`${server.url}/things`)
    mocks.replace(0, await mockSaying('new', ['GET /things']))
    expect(await (await fetch(`${server.url}/things`)).json()).toBe('new')
    expect(await (await slow).json()).toBe('old')
  })
})

describe('an operation in the shadow of another document', () => {
  const shadowed = async (first: readonly string[], second: readonly string[], servers = ['/', '/']) => {
    const [one, two] = [await mockSaying('1', first, servers[0]), await mockSaying('2', second, servers[1])]
    return shadowedBy(one, two).map(({ operation, reachedBelow }) => [
      operation.method,
      operation.path,
      ...reachedBelow,
    ])
  }

  it('is one whose every request the other takes', async () => {
    expect(await shadowed(['GET /things'], ['GET /things', 'PUT /things'])).toEqual([['GET', '/things']])
    expect(await shadowed(['GET /things/{id}'], ['GET /things/{name}'])).toEqual([['GET', '/things/{name}']])
    expect(await shadowed(['GET /things/{id}'], ['GET /things/mine'])).toEqual([['GET', '/things/mine']])
  })

  it('is none of which some requests reach it', async () => {
    expect(await shadowed(['GET /things/mine'], ['GET /things/{id}'])).toEqual([])
    expect(await shadowed(['GET /things'], ['HEAD /things', 'GET /lamps'])).toEqual([])
  })

  it('is reached below the path of a server that is its own', async () => {
    expect(await shadowed(['GET /things'], ['GET /things'], ['/v1', '/v2'])).toEqual([['GET', '/things', '/v2']])
    expect(await shadowed(['GET /things'], ['GET /things'], ['/v1', '/v1'])).toEqual([['GET', '/things']])
  })
})

async function served(mocks: Mocks): Promise<{ url: string } & AsyncDisposable> {
  const listening = await listenTo(mocks)
  return { url: listening.url, [Symbol.asyncDispose]: () => listening.close() }
}
