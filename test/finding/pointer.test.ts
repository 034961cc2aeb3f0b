import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatFragment, formatPointer, parsePointer, resolvePointer } from '../../src/finding/index.ts'

/** The document of RFC 6901, section 5. */
const document = JSON.parse(
  '{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\\\j":5,"k\\"l":6," ":7,"m~n":8}',
)

describe('a pointer', () => {
  it.each([
    ['', document],
    ['/foo', ['bar', 'baz']],
    ['/foo/0', 'bar'],
    ['/', 0],
    ['/a~1b', 1],
    ['/c%d', 2],
    ['/e^f', 3],
    ['/i\\j', 5],
    ['/k"l', 6],
    ['/ ', 7],
    ['/m~0n', 8],
    ['#', document],
    ['#/foo/0', 'bar'],
    ['#/a~1b', 1],
    ['#/c%25d', 2],
    ['#/%20', 7],
    ['#/m~0n', 8],
  ])('leads where the standard says: %j', (pointer, value) => {
    expect(resolvePointer(document, parsePointer(pointer))).toEqual(value)
  })

  it.each([
    '/nowhere',
    '/foo/2',
    '/foo/-',
    '/foo/00',
    '/foo/length',
    '/foo/0/length',
    '/__proto__',
    '/constructor',
    '/foo/map',
  ])('leads nowhere: %j', pointer => {
    expect(resolvePointer(document, parsePointer(pointer))).toBeUndefined()
  })

  it('leads to a member named __proto__ that is there', () => {
    expect(resolvePointer(JSON.parse('{"__proto__":1}'), ['__proto__'])).toBe(1)
  })

  it('is taken as it stands where its escapes are broken', () => {
    expect(parsePointer('#/100%/a')).toEqual(['100%', 'a'])
  })

  it('names the tokens that it is made of, plain and as a fragment', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), tokens => {
        const pointer = formatPointer(tokens)
        expect(parsePointer(pointer)).toEqual(tokens)
        expect(parsePointer(`#${pointer.split('/').map(encodeURIComponent).join('/')}`)).toEqual(tokens)
      }),
    )
  })

  it('takes numbers for the names of items', () => {
    expect(formatPointer(['items', 0, 'a/b~c'])).toBe('/items/0/a~1b~0c')
  })
})

it('behind a # it says a percent sign so that it is read as one', () => {
  expect(formatFragment(['100%', 'a%20b', 'é/~'])).toBe('/100%25/a%2520b/é~1~0')
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), tokens => {
      expect(parsePointer(`#${formatFragment(tokens)}`)).toEqual(tokens)
    }),
  )
})
