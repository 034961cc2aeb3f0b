import { describe, expect, it } from 'vitest'
import { bestMediaType, coverage, isJson, parseMediaType } from '../../src/http/index.ts'

describe('a media type', () => {
  it.each([
    ['application/json', { essence: 'application/json', charset: undefined }],
    [' Application/JSON ; Charset=UTF-8', { essence: 'application/json', charset: 'utf-8' }],
    ['text/plain;charset="iso-8859-1"', { essence: 'text/plain', charset: 'iso-8859-1' }],
    ['multipart/form-data; boundary=x; charset=utf-8', { essence: 'multipart/form-data', charset: 'utf-8' }],
    ['application/vnd.a+json;', { essence: 'application/vnd.a+json', charset: undefined }],
    ['*/*', { essence: '*/*', charset: undefined }],
    ['', undefined],
    ['json', undefined],
    ['/json', undefined],
    ['application/', undefined],
    ['a/b/c', undefined],
    ['application/json, text/plain', undefined],
    ['application /json', undefined],
  ])('is read: %j', (text, type) => {
    expect(parseMediaType(text)).toEqual(type)
  })

  it.each([
    ['application/json', true],
    ['text/json', true],
    ['application/problem+json', true],
    ['application/jsonp', false],
    ['application/json-seq', false],
    ['application/x-json', false],
    ['text/plain', false],
  ])('is JSON or not: %s', (essence, is) => {
    expect(isJson(essence)).toBe(is)
  })
})

describe('a range', () => {
  it.each([
    ['application/json', 'application/json', 3],
    ['application/json; charset=utf-8', 'application/json', 3],
    ['APPLICATION/*', 'application/json', 2],
    ['*/*', 'application/json', 1],
    ['*', 'application/json', 1],
    ['text/*', 'application/json', 0],
    ['app/*', 'application/json', 0],
    ['application/json', 'application/jsonp', 0],
  ])('%s covers %s by %i', (range, essence, closeness) => {
    expect(coverage(range, essence)).toBe(closeness)
  })

  it('is chosen when it is the closest, the earlier of two that are equal', () => {
    const documented = ['*/*', 'application/*', 'application/json', 'application/json; v=2']
    expect(bestMediaType(documented, 'application/json')).toBe('application/json')
    expect(bestMediaType(documented, 'application/xml')).toBe('application/*')
    expect(bestMediaType(documented, 'text/plain')).toBe('*/*')
    expect(bestMediaType(documented, 'Application/JSON')).toBe('application/json')
    expect(bestMediaType(['text/plain'], 'application/json')).toBeUndefined()
    const versions = ['a/b; v=1', 'a/b; v=2; charset=utf-8', 'a/*']
    expect(bestMediaType(versions, 'a/b; v=2')).toBe('a/b; v=2; charset=utf-8')
    expect(bestMediaType(versions, 'a/b; charset=latin1')).toBe('a/b; v=1')
    expect(bestMediaType(versions, 'a/b; v=3')).toBe('a/b; v=1')
  })
})
