import { describe, expect, it } from 'vitest'
import { type Accepted, entriesFor, holdAgainst } from '../../src/contract/index.ts'
import type { Finding } from '../../src/finding/index.ts'

const finding: Finding = {
  code: 'status-undocumented',
  severity: 'error',
  operation: 'createThing',
  pointer: '#/paths/a',
  message: 'createThing answered 418',
  help: 'Do not.',
}
const entry: Accepted = { code: 'status-undocumented', operation: 'createThing', reason: 'T-1', expires: '2025-06-30' }

describe('a baseline', () => {
  it('keeps what a part of a run could not meet', () => {
    expect(entriesFor([], [entry], '2025-12-31', false)).toEqual([entry])
    expect(entriesFor([], [entry], '2025-12-31', true)).toEqual([])
  })

  it('accepts what an entry is about, and says why', () => {
    expect(holdAgainst([finding], [entry], '2025-06-30', true)).toEqual({
      findings: [],
      accepted: [{ ...finding, accepted: { reason: 'T-1', expires: '2025-06-30' } }],
      unused: [],
    })
  })

  it('has entries that expire, whose findings count again', () => {
    const { findings, accepted } = holdAgainst([finding], [entry], '2025-07-01', true)
    expect(findings).toMatchObject([
      { message: finding.message, help: 'Do not. It was accepted until 2025-06-30: T-1' },
    ])
    expect(accepted).toEqual([])
  })

  it.each([
    ['another code', { code: 'body-mismatch' }],
    ['another operation', { operation: 'readThing' }],
    ['another place', { pointer: '#/paths/b' }],
  ] as const)('does not accept what has %s', (_, change) => {
    expect(holdAgainst([finding], [{ ...entry, ...change }], '2025-01-01', false)).toEqual({
      findings: [finding],
      accepted: [],
      unused: [],
    })
  })

  it('tells entries that nothing was found for, where everything was looked at', () => {
    const [told] = holdAgainst([], [entry], '2025-01-01', true).unused
    expect(told).toMatchObject({
      what: 'status-undocumented createThing',
      why: expect.stringContaining('take the entry out'),
    })
    expect(holdAgainst([], [entry], '2025-01-01', false).unused).toEqual([])
  })

  it('is made of findings, with reasons to be filled in; what is known keeps its own', () => {
    const other = { ...finding, pointer: '#/paths/c', operation: 'readThing' }
    expect(entriesFor([finding, finding, other], [entry], '2025-12-31', true)).toEqual([
      entry,
      { code: 'status-undocumented', operation: 'readThing', pointer: '#/paths/c', reason: '', expires: '2025-12-31' },
    ])
  })
})
