import { expect, it } from 'vitest'
import { acceptedWithin, negotiate } from '../../src/http/index.ts'

const offered = ['application/json', 'application/problem+json', 'text/plain; charset=utf-8']

it.each([
  [undefined, 'application/json'],
  ['*/*', 'application/json'],
  ['', 'application/json'],
  ['nonsense', 'application/json'],
  ['text/plain', 'text/plain; charset=utf-8'],
  ['text/*', 'text/plain; charset=utf-8'],
  ['TEXT/PLAIN', 'text/plain; charset=utf-8'],
  ['text/plain;q=0.5, application/json;q=0.4', 'text/plain; charset=utf-8'],
  ['text/plain;q=0.5, application/*;q=0.5', 'application/json'],
  ['application/json;q=0, */*', 'application/problem+json'],
  ['application/*;q=0.1, application/problem+json', 'application/problem+json'],
  ['*/*;q=0.1, application/json;q=0', 'application/problem+json'],
  ['text/csv', undefined],
  ['text/csv, image/*', undefined],
  ['application/json;q=0', undefined],
  ['application/json;q=x', 'application/json'],
  ['application/json;q=9', 'application/json'],
  ['text/html,application/xhtml+xml,*/*;q=0.8', 'application/json'],
])('of what is on offer, %j likes %j best', (accept, best) => {
  expect(negotiate(accept, offered)).toBe(best)
})

it.each([
  ['text/csv', ['text/*'], 'text/*'],
  ['text/csv', ['application/json', 'text/*'], 'text/*'],
  ['text/csv;q=0.1, application/json', ['text/*', 'application/json'], 'application/json'],
  ['application/xml', ['*/*'], '*/*'],
  ['image/png', ['text/*'], undefined],
  ['text/csv;q=0', ['text/*'], undefined],
])('%j likes of the ranges %j best %j', (accept, ranges, best) => {
  expect(negotiate(accept, ranges)).toBe(best)
})

it.each([
  ['text/csv', 'text/*', 'text/csv'],
  ['text/html;q=0.5, text/csv', 'text/*', 'text/csv'],
  ['image/png, text/*', 'text/*', undefined],
  ['text/csv;q=0', 'text/*', undefined],
  [undefined, '*/*', undefined],
])('%j names inside %s %j', (accept, range, type) => {
  expect(acceptedWithin(accept, range)).toBe(type)
})

const versions = [
  'application/json',
  'application/json; version=1',
  'application/json;Version="2"',
  'text/x; charset=a',
]

it.each([
  ['application/json', 'application/json'],
  ['application/json; version=2', 'application/json;Version="2"'],
  ['application/json; version=2; q=0.5, text/x;q=0.4', 'application/json;Version="2"'],
  ['application/json; version=3', 'application/json'],
  ['application/json; charset=b', 'application/json'],
  ['text/x; charset=b', 'text/x; charset=a'],
  ['application/json;version=1;q=0.2, application/json;version=2;q=0.3', 'application/json;Version="2"'],
])('%j likes of several versions %j best', (accept, best) => {
  expect(negotiate(accept, versions)).toBe(best)
})

it('a version that is not on offer is none to choose', () => {
  expect(negotiate('application/json; version=3', versions.slice(1))).toBeUndefined()
})

it('nothing is chosen of nothing', () => {
  expect(negotiate('*/*', [])).toBeUndefined()
})
