import { describe, expect, it } from 'vitest'
import {
  decodeUtf8,
  fetchFace,
  type HttpRequest,
  headerOf,
  noBytes,
  toHttpRequest,
  toHttpResponse,
  toResponse,
} from '../../src/http/index.ts'

describe('a field', () => {
  it.each([
    [['Accept', 'a'], 'accept', 'a'],
    [['accept', 'a', 'ACCEPT', 'b'], 'accept', 'a, b'],
    [['Accept-Language', 'de'], 'accept', undefined],
    [['Accept', ''], 'accept', ''],
    [['x', 'accept'], 'accept', undefined],
    [[], 'accept', undefined],
  ])('of %j named %s is %j', (headers, name, value) => {
    expect(headerOf(headers, name)).toBe(value)
  })
})

describe('bytes', () => {
  it.each([
    [[], ''],
    [[0x61, 0xc3, 0xa9], 'aé'],
    [[0xef, 0xbb, 0xbf, 0x61], 'a'],
    [[0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf], '\ufeff'],
    [[0xff], undefined],
    [[0xc3], undefined],
    [[0xed, 0xa0, 0x80], undefined],
    [[0xc0, 0x80], undefined],
  ])('%j are the text %j', (bytes, text) => {
    expect(decodeUtf8(Uint8Array.from(bytes))).toBe(text)
  })

  it('in the middle of a buffer are read alone', () => {
    expect(decodeUtf8(Buffer.from('abcdef').subarray(2, 4))).toBe('cd')
  })
})

describe('a web request', () => {
  it('becomes plain data', async () => {
    const web = new Request('http://mock:81/a%20b?x=1#top', { method: 'POST', headers: { 'X-A': '1' }, body: 'é' })
    expect(await toHttpRequest(web)).toEqual({
      method: 'POST',
      target: '/a%20b?x=1',
      headers: ['content-type', 'text/plain;charset=UTF-8', 'x-a', '1', 'host', 'mock:81'],
      body: Uint8Array.from([0xc3, 0xa9]),
    })
  })

  it('without a body has no bytes', async () => {
    expect((await toHttpRequest(new Request('http://mock/'))).body).toBe(noBytes)
  })
})

describe('a response', () => {
  it('becomes a web response and comes back', async () => {
    const response = {
      status: 201,
      headers: ['content-type', 'text/plain', 'set-cookie', 'a', 'set-cookie', 'b'],
      body: Buffer.from('x'),
    }
    expect(await toHttpResponse(toResponse(response))).toEqual({ ...response, body: Uint8Array.from([0x78]) })
  })

  it.each([204, 205, 304])('with the status %i has no body on the web, whatever it holds', async status => {
    expect(await toResponse({ status, headers: [], body: Buffer.from('x') }).text()).toBe('')
  })
})

it.each([100, 999])('a web response has the status %i, which its constructor refuses', status => {
  const response = toResponse({ status, headers: ['x-a', 'b'], body: Buffer.from('x') })
  expect([response.status, response.ok, response.headers.get('x-a')]).toEqual([status, false, 'b'])
})

it('a handler answers as fetch would, without a socket', async () => {
  const seen: HttpRequest[] = []
  const fetch = fetchFace(async request => {
    seen.push(request)
    return { status: 200, headers: ['content-type', 'application/json'], body: Buffer.from('{"a":1}') }
  })
  const response = await fetch('http://mock/things?x=1', { method: 'PUT', body: '{}' })
  expect(await response.json()).toEqual({ a: 1 })
  expect(seen).toMatchObject([{ method: 'PUT', target: '/things?x=1' }])
})
