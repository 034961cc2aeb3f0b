import { describe, expect, it } from 'vitest'
import { type ContractOptions, type ContractRun, runContract } from '../../src/contract/index.ts'
import type { HttpRequest, HttpResponse } from '../../src/http/index.ts'
import { Mock } from '../../src/mock/index.ts'
import { apiOf } from '../kit/index.ts'

const properties = `
                name: { type: string, minLength: 2, maxLength: 10 }
                count: { type: integer, minimum: 1, maximum: 9 }
                isOpen: { type: boolean }
                kind: { enum: [ small, large ] }
                mail: { type: string, format: email }
                code: { type: string, pattern: '^[A-Z]{3}$' }
                tags: { type: array, minItems: 2, maxItems: 3, items: { enum: [ a, b, c ] } }
                place: { type: object, required: [ x ], additionalProperties: false, properties: { x: { type: number }, y: { type: [ number, 'null' ] } } }`

const described = (mediaType: string, encoding = ''): string => `
paths:
  /things:
    post:
      operationId: makeThing
      security: []
      requestBody:
        required: true
        content:
          ${mediaType}:
            ${encoding}
            schema:
              type: object
              required: [ name, count ]
              additionalProperties: false
              properties: ${properties}
      responses:
        '201': { description: Made., content: { application/json: { schema: { type: object }, example: {} } } }
        '400': { description: Wrong. }
`

const multipart = described('multipart/form-data')
const urlencoded = described('application/x-www-form-urlencoded')
const inBrackets = described(
  'application/x-www-form-urlencoded',
  'encoding: { place: { style: deepObject, explode: true } }',
)

type Form = Readonly<Record<string, unknown>>

/** Runs against the mock, but for some forms with another status; keeps the clauses that each request breaks. */
async function runWith(
  text: string,
  options: ContractOptions,
  statusFor: (form: Form) => number | undefined = () => undefined,
): Promise<ContractRun & { readonly forms: readonly Form[]; readonly clauses: readonly string[] }> {
  const api = await apiOf(text)
  const [operation] = api.operations
  const mock = new Mock(api)
  const forms: Form[] = []
  const clauses: string[] = []
  const target = async (request: HttpRequest): Promise<HttpResponse> => {
    const { body, faults } = operation?.read(request, {}) ?? { body: {}, faults: [] }
    forms.push((body ?? {}) as Form)
    clauses.push(
      [...new Set(faults.map(({ pointer }) => pointer?.split('/schema/')[1] ?? 'the body itself'))].join(' and '),
    )
    const status = statusFor((body ?? {}) as Form)
    if (status === undefined) return await mock.handler(request)
    return { status, headers: ['content-type', 'application/json'], body: Buffer.from('{}') }
  }
  const curl = ({ body }: HttpRequest): string => Buffer.from(body).toString()
  return { ...(await runContract(api, target, { curl, ...options })), forms, clauses }
}

/** Every clause that a form can break; that a text is a number it cannot say. */
const breakable = [
  ...['required', 'additionalProperties', 'properties/name/minLength', 'properties/name/maxLength'],
  ...['properties/count/type', 'properties/count/minimum', 'properties/count/maximum', 'properties/isOpen/type'],
  ...['properties/kind/enum', 'properties/mail/format', 'properties/code/pattern', 'properties/tags/minItems'],
  ...['properties/tags/maxItems', 'properties/tags/items/enum', 'properties/place/type', 'properties/place/required'],
  ...['properties/place/additionalProperties', 'properties/place/properties/x/type'],
  'properties/place/properties/y/type',
]

describe.each([
  ['multipart/form-data', multipart],
  ['application/x-www-form-urlencoded', urlencoded],
  ['a form with objects in brackets', inBrackets],
])('%s', (_, text) => {
  it('has each clause of its fields broken alone, as far as a form can say so', async () => {
    const { findings, clauses } = await runWith(text, { phases: ['invalid'] })
    expect(findings).toEqual([])
    expect(clauses).toEqual(expect.arrayContaining(breakable))
    expect(clauses).not.toContain('')
    // A member in other letters is one that is missing and one too many; a text of five letters fits no pattern of three.
    const several = clauses.filter(each => each.includes(' and '))
    expect(several.filter(each => !/required.*additionalProperties|additionalProperties.*required/.test(each))).toEqual(
      [],
    )
  })

  it('may say yes, no and nothing as browsers do', async () => {
    const { forms } = await runWith(text, { phases: ['invalid'] })
    expect(forms.filter(({ count, isOpen }) => count === '' || isOpen === '1' || isOpen === '')).toEqual([])
    expect(forms.some(({ isOpen }) => isOpen === 'text')).toBe(true)
  })

  it('that is taken with a broken field is told with what is broken, and made small by chance', async () => {
    const isBad = ({ kind }: Form): boolean => kind !== undefined && kind !== 'small' && kind !== 'large'
    const options = { phases: ['examples', 'invalid', 'random'] } as const
    const { findings } = await runWith(text, options, form => (isBad(form) ? 201 : undefined))
    expect(findings.map(({ message }) => message)).toEqual([
      'makeThing answered 201 to kind as a string that is not listed, which calls for 400',
    ])
    expect(findings[0]?.curl).toContain('not-small')
    const alone = await runWith(text, { phases: ['random'], seed: 4 }, form => (isBad(form) ? 201 : undefined))
    expect(alone.findings.length).toBeGreaterThan(0)
    for (const { curl } of alone.findings) expect(curl).not.toMatch(/mail|code|tags|place/)
  })

  it('is drawn by chance, and taken by the mock', async () => {
    const { findings, forms, clauses } = await runWith(text, { phases: ['random'] })
    expect(findings).toEqual([])
    expect(forms.length).toBeGreaterThan(18)
    expect(clauses.filter(each => each === '').length).toBeGreaterThan(8)
    expect(clauses.filter(each => each !== '').length).toBeGreaterThan(5)
  })
})

it('a file of a form keeps its bytes where another part is broken, and is held to its own length', async () => {
  const { findings, clauses } = await runWith(
    described('multipart/form-data', 'encoding: { name: { contentType: image/png } }'),
    { phases: ['invalid'] },
  )
  expect(findings).toEqual([])
  expect(clauses).toEqual(
    expect.arrayContaining(['properties/name/minLength', 'properties/name/maxLength', 'required']),
  )
})
