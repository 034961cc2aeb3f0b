import { describe, expect, it } from 'vitest'
import { Readings } from '../../src/check/index.ts'
import { Coverage } from '../../src/contract/coverage.ts'
import { runContract } from '../../src/contract/index.ts'
import { Mock } from '../../src/mock/index.ts'
import { apiOf } from '../kit/index.ts'

const document = `
paths:
  /things:
    post:
      operationId: makeThing
      security: []
      parameters:
        - { name: size, in: query, required: true, schema: { type: integer, maximum: 5 } }
        - { name: word, in: query, schema: { type: string, minLength: 2 } }
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [ name ]
              properties:
                name: { type: string, minLength: 2 }
                serial: { type: integer, readOnly: true }
                note: { type: string, minLength: 0 }
      responses:
        '201': { description: Made. }
        '202': { description: Later. }
        '400': { description: Wrong. }
        '409': { description: There already. }
        '503': { description: Not now. }
`

const body = '#/paths/~1things/post/requestBody/content/application~1json/schema'

describe('coverage', () => {
  it('tells which statuses came, which never did, and why', async () => {
    const api = await apiOf(document)
    const { coverage, requests } = await runContract(api, new Mock(api).handler)
    const [row] = coverage
    expect(row).toMatchObject({ operation: 'makeThing', method: 'POST', path: '/things' })
    expect(Object.keys(row?.statuses ?? {})).toEqual(expect.arrayContaining(['201', '202', '400', '409', '503']))
    expect(row?.statuses['201']).toBeGreaterThan(10)
    expect(row?.statuses['400']).toBeGreaterThan(10)
    expect(Object.values(row?.statuses ?? {}).reduce((sum, count) => sum + count)).toBeLessThanOrEqual(requests)
    expect(row?.unreached).toEqual([
      { status: '202', why: 'no valid request was answered with it' },
      { status: '409', why: expect.stringContaining('the document does not say which would be') },
      { status: '503', why: 'a failure cannot be asked for' },
    ])
  })

  it('tells how often each clause was broken, and why one never was', async () => {
    const api = await apiOf(document)
    const { coverage } = await runContract(api, new Mock(api).handler)
    const clauses = new Map(coverage[0]?.clauses.map(clause => [clause.pointer, clause]))
    for (const clause of ['/type', '/required', '/properties/name/type', '/properties/name/minLength'])
      expect(clauses.get(`${body}${clause}`)?.broken, clause).toBeGreaterThan(0)
    expect(clauses.get('#/paths/~1things/post/parameters/0/schema/maximum')?.broken).toBeGreaterThan(0)
    expect(clauses.get(`${body}/properties/note/minLength`)).toEqual({
      pointer: `${body}/properties/note/minLength`,
      broken: 0,
      why: 'no request was found that breaks it',
    })
    // Any text is a text.
    expect([...clauses.keys()].filter(pointer => pointer.includes('parameters/1'))).toEqual([
      '#/paths/~1things/post/parameters/1/schema/minLength',
    ])
    // Only answers have it.
    expect([...clauses.keys()].filter(pointer => pointer.includes('serial'))).toEqual([])
  })

  it('says why an operation was not asked', async () => {
    const api = await apiOf(document)
    const none = await runContract(api, new Mock(api).handler, { maxRequests: 1 })
    expect(none.coverage[0]?.unreached.length).toBeGreaterThan(3)
    const some = await runContract(api, new Mock(api).handler, { phases: ['examples'] })
    expect(some.coverage[0]?.clauses[0]?.why).toBe('some phases were left out')
  })

  const bodyOf = (schema: string): string => `
paths:
  /things:
    post:
      operationId: makeThing
      security: []
      requestBody: { content: { application/json: { schema: ${schema} } } }
      responses: { '200': { description: Made. } }
`

  it('lists clauses however deep they stand, and those of what holds itself once', async () => {
    const deep = Array.from({ length: 12 }).reduce<string>(inner => `{ properties: { a: ${inner} } }`, '{ maximum: 3 }')
    const node = '#/paths/~1things/post/requestBody/content/application~1json/schema'
    for (const schema of [deep, `{ maximum: 3, properties: { next: { $ref: '${node}' } } }`]) {
      const api = await apiOf(bodyOf(schema))
      const [row] = new Coverage(api, new Readings(api), api.operations).table(
        () => undefined,
        () => {},
      )
      expect(row?.clauses.map(({ pointer }) => pointer.split('/').at(-1))).toEqual(['maximum'])
    }
  })

  it('says so where an operation has more clauses than are listed', async () => {
    const members = Array.from({ length: 5_001 }, (_, at) => `m${at}: { minLength: 1 }`)
    const api = await apiOf(bodyOf(`{ properties: { ${members.join(', ')} } }`))
    const skipped: unknown[] = []
    const [row] = new Coverage(api, new Readings(api), api.operations).table(
      () => undefined,
      each => skipped.push(each),
    )
    expect(row?.clauses).toHaveLength(5_000)
    expect(skipped).toEqual([
      {
        what: 'clauses of makeThing in the table of what was covered',
        why: 'of each operation the first 5000 are listed',
      },
    ])
  })
})
