import { describe, expect, it } from 'vitest'
import { checks } from '../../src/check/index.ts'
import { kinds, type ScoreOptions, scoreContract } from '../../src/contract/index.ts'
import { loadDocument, shippedDocument } from '../../src/document/index.ts'
import { Mock } from '../../src/mock/index.ts'
import { Api } from '../../src/model/index.ts'
import { apiOf } from '../kit/index.ts'

const token = 'contrato'
const bearer = { bearer: [token] }
const api = new Api(await loadDocument(shippedDocument()), bearer)
const whole = scoreOf(api)

/** Questions that the run asks beside those of the judge. */
const others = ['status-expected', 'answered', 'success-reached', 'allow-named', 'values-unique']
const all = [...checks.map(({ id }) => id), ...others]

async function scoreOf(scored: Api, options: ScoreOptions = {}) {
  return await scoreContract(scored, new Mock(scored).handler, { token, ...options })
}

/** Has what the shipped document does not: closed objects, headers, bounds, patterns and sizes. */
const small = `
paths:
  /things/{id}:
    get:
      operationId: readThing
      security: []
      parameters: [{ name: id, in: path, required: true, schema: { type: integer, minimum: 1 } }]
      responses:
        '200':
          description: A thing
          headers: { X-Rate: { required: true, schema: { type: integer } }, X-More: { schema: { type: string } } }
          content:
            application/json:
              schema:
                type: object
                additionalProperties: false
                required: [id, kind]
                properties:
                  id: { type: integer, minimum: 1, maximum: 99 }
                  kind: { enum: [small, large] }
                  code: { type: string, pattern: '^[A-Z]{3}$', example: ABC }
                  size: { type: string, maxLength: 4 }
                  tags: { type: array, items: { type: string }, minItems: 1, uniqueItems: true }
              example: { id: 7, kind: small, code: ABC, size: S, tags: [a] }
        '400': { description: Bad, content: { application/problem+json: { schema: { type: object, required: [title], properties: { title: { type: string } } } } } }
`

/** A form with a file, a note, and a place that is sent as JSON. */
const upload = `
paths:
  /uploads:
    post:
      operationId: upload
      security: []
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              type: object
              required: [file, size]
              properties:
                file: { type: string, format: binary }
                size: { type: integer, minimum: 1, maximum: 9 }
                note: { type: string }
                place: { type: object, required: [x], properties: { x: { type: number } } }
            encoding:
              file:
                headers:
                  X-Sum: { required: true, schema: { type: string, pattern: '^[0-9a-f]{8}$' } }
                  X-Size: { schema: { type: integer } }
      responses: { '201': { description: Stored }, '400': { description: Refused } }
`

describe('the score of the shipped document', () => {
  it('is at least 97 % of what the document forbids', { timeout: 120_000 }, async () => {
    const { share, sabotages, skipped } = await whole
    expect(skipped).toEqual([])
    expect(sabotages.filter(({ outcome }) => outcome === 'unnoticed')).toEqual([])
    expect(share).toBeGreaterThanOrEqual(0.97)
    expect(sabotages.length).toBeGreaterThan(700)
  })

  it('is made of at least 18 kinds that the document forbids, each at a place of the document', async () => {
    const { sabotages } = await whole
    const noticed = new Set(sabotages.filter(({ outcome }) => outcome === 'noticed').map(({ kind }) => kind))
    expect(noticed.size).toBeGreaterThanOrEqual(18)
    const places = sabotages.map(({ position }) => position)
    expect(places.every(({ file, line }) => file.includes('openapi/') && line > 1)).toBe(true)
  })

  it('tells the clause that was broken by the pointer of the finding', async () => {
    const { sabotages } = await whole
    const clauses = sabotages.filter(({ kind, outcome }) => kind === 'member-dropped' && outcome === 'noticed')
    expect(clauses.length).toBeGreaterThan(20)
    expect(clauses.filter(({ by, pointer }) => by?.pointer !== pointer)).toEqual([])
  })

  it('tells what the document does not forbid', async () => {
    const { sabotages } = await whole
    const open = sabotages.filter(({ kind }) => kind === 'member-added')
    expect(new Set(open.map(({ outcome }) => outcome))).toEqual(new Set(['permitted', 'unreached']))
  })

  it.each(all)('is lower without the check %s', async check => {
    // The shipped document promises no headers.
    const scored = check === 'headers-match' ? await apiOf(small, bearer) : api
    const { sabotages } = scored === api ? await whole : await scoreOf(scored)
    const { kind, operation } = sabotages.find(({ by }) => by?.check === check) ?? {}
    if (kind === undefined || operation === undefined) throw new Error(`no sabotage is noticed by ${check}`)
    const without = all.filter(id => id !== check)
    const { share } = await scoreOf(scored, { kinds: [kind], include: [operation], checks: without })
    expect(share).toBeLessThan(1)
  })
})

describe('the score of any document', () => {
  it('has closed objects, headers, bounds, patterns and sizes broken, and notices', async () => {
    const { sabotages, share } = await scoreOf(await apiOf(small, bearer))
    expect(share).toBe(1)
    const noticed = new Set(sabotages.filter(({ outcome }) => outcome === 'noticed').map(({ kind }) => kind))
    expect([...noticed]).toEqual(
      expect.arrayContaining([
        ...['member-added', 'enum-left', 'pattern-broken', 'bounds-broken', 'length-broken', 'size-broken'],
        ...['header-lost', 'header-broken', 'parameter-accepted', 'error-reshaped'],
      ]),
    )
    const permitted = sabotages.filter(({ outcome }) => outcome === 'permitted').map(({ says }) => says)
    expect(permitted).toContain('answers 200 without X-More')
    expect(permitted).toContain('lets in who shows no credentials')
  })

  it('tries no more than the limit, the same ones each time, of every kind some', async () => {
    const once = await scoreOf(await apiOf(small, bearer), { limit: 30 })
    const again = await scoreOf(await apiOf(small, bearer), { limit: 30 })
    expect(once.sabotages).toHaveLength(30)
    expect(again.sabotages.map(({ says }) => says)).toEqual(once.sabotages.map(({ says }) => says))
    expect(new Set(once.sabotages.map(({ kind }) => kind)).size).toBeGreaterThan(20)
    expect(once.skipped).toMatchObject([{ why: expect.stringContaining('no more than 30 of') }])
  })

  it('has what forms hold and the headers of their parts taken as they come, and notices', async () => {
    const scored = await apiOf(upload, bearer)
    const forms: ScoreOptions = { kinds: ['form-accepted', 'part-header-accepted'] }
    const { sabotages, share, skipped } = await scoreOf(scored, forms)
    expect(skipped).toEqual([])
    expect(share).toBe(1)
    const told = sabotages.map(({ kind, says, outcome }) => `${kind} ${says}: ${outcome}`)
    expect(told).toEqual(
      expect.arrayContaining([
        'form-accepted takes bodies that break required of the body: noticed',
        'form-accepted takes bodies that break maximum of size: noticed',
        'form-accepted takes bodies that break type of size: noticed',
        'form-accepted takes bodies that break required of place: noticed',
        // Whatever a form holds there is a text.
        'form-accepted takes bodies that break type of note: permitted',
        'part-header-accepted takes bodies without header X-Sum of part file: noticed',
        'part-header-accepted takes bodies that break pattern of header X-Sum of part file: noticed',
        'part-header-accepted takes bodies that break type of header X-Size of part file: noticed',
      ]),
    )
  })

  it.each(['form-accepted', 'part-header-accepted'] as const)(
    'is lower for %s without the check that looks at the status',
    async kind => {
      const without = all.filter(id => id !== 'status-expected')
      const { share } = await scoreOf(await apiOf(upload, bearer), { kinds: [kind], checks: without })
      expect(share).toBe(0)
    },
  )

  it('expects nobody to tell a key from another where the document says only that there is one', async () => {
    const keyed = await apiOf(`
components: { securitySchemes: { key: { type: apiKey, in: header, name: Authorization } } }
paths:
  /things:
    get:
      operationId: readThings
      security: [{ key: [] }]
      responses: { '200': { description: Things }, '401': { description: Who are you? } }
`)
    const { sabotages } = await scoreOf(keyed, { kinds: ['credentials-ignored'] })
    expect(sabotages).toMatchObject([{ says: 'lets in who shows no credentials', outcome: 'noticed' }])
  })

  it('ends where it is told to, with what it has', async () => {
    const stop = new AbortController()
    const scored = await scoreOf(await apiOf(small, bearer), {
      signal: stop.signal,
      onSabotage: ({ tried }) => {
        if (tried === 3) stop.abort()
      },
    })
    expect(scored.interrupted).toBe(true)
    expect(scored.sabotages).toHaveLength(3)
  })

  it('leaves out an operation that the check complains of without a sabotage, and says so', async () => {
    const broken = await apiOf(small, bearer)
    const mock = new Mock(broken).handler
    const teapot = async () => ({
      ...(await mock({ method: 'GET', target: '/', headers: [], body: Buffer.alloc(0) })),
      status: 418,
    })
    const { sabotages, skipped } = await scoreContract(broken, teapot)
    expect(sabotages).toEqual([])
    expect(skipped).toMatchObject([{ what: 'readThing', why: expect.stringContaining('answered 418') }])
  })

  it('has names of its kinds that say what they break', () => {
    expect(kinds.length).toBeGreaterThanOrEqual(18)
    expect(new Set(kinds.map(({ id }) => id)).size).toBe(kinds.length)
  })
})
