import { describe, expect, it } from 'vitest'
import { apiOf } from '../kit/index.ts'

/** What requests and answers of a schema are refused for, beside these components. */
async function judges(schema: string, components: string) {
  const api = await apiOf(`openapi: 3.1.0
info: { title: t, version: '1' }
paths:
  /things:
    post:
      requestBody: { required: true, content: { application/json: { schema: ${schema} } } }
      responses: { '200': { description: ok, content: { application/json: { schema: ${schema} } } } }
components:
  schemas:
${components}`)
  const [operation] = api.operations
  const request = operation?.requestBody?.content[0]?.schema
  const response = operation?.responses[0]?.content[0]?.schema
  const told = (judge: typeof request, value: unknown) => {
    const found = judge?.mismatches(value).map(({ at, says }) => `${at} ${says}`)
    expect(judge?.accepts(value)).toBe(found?.length === 0)
    return found
  }
  return { asked: (value: unknown) => told(request, value), answered: (value: unknown) => told(response, value) }
}

const ref = (name: string) => `{ $ref: '#/components/schemas/${name}' }`

describe('a schema that others extend', () => {
  const pets = (more = '', cat = '', kind = '{ type: string }') => `
    Pet: { type: object, required: [kind, name], properties: { kind: ${kind}, name: { type: string }, friend: ${ref('Pet')} },
      discriminator: { propertyName: kind${more} } }
    Cat: { allOf: [${ref('Pet')}, { type: object, required: [lives], properties: { lives: { type: integer }${cat} } }] }
    Lion: { allOf: [${ref('Cat')}, { type: object, required: [pride] }] }
    Dog: { allOf: [${ref('Pet')}, { type: object, required: [bark], properties: { bark: { type: boolean } } }] }
`
  it.each([
    [{ kind: 'Cat', name: 'a', lives: 9 }, []],
    [{ kind: 'Pet', name: 'a' }, []],
    [{ kind: 'Cat', name: 'a' }, ['/lives is required where kind is "Cat"']],
    [{ kind: 'Cat', lives: 9 }, ['/name is required where kind is "Cat"']],
    [{ kind: 'Lion', name: 'a', lives: 9 }, ['/pride is required where kind is "Lion"']],
    [{ kind: 'Bird', name: 'a' }, ['/kind must be "Cat", "Dog", "Lion" or "Pet"']],
    [{ kind: '__proto__', name: 'a' }, ['/kind must be "Cat", "Dog", "Lion" or "Pet"']],
    [{ name: 'a' }, ['/kind is required']],
    [{ kind: 7, name: 'a' }, ['/kind must be string']],
    [
      { kind: 'Cat', name: 'a', lives: 9, friend: { kind: 'Dog', name: 'b' } },
      ['/friend/bark is required where kind is "Dog"'],
    ],
  ])('is the heir that %j names', async (value, expected) => {
    const { asked, answered } = await judges(ref('Pet'), pets())
    expect(asked(value)?.toSorted()).toEqual(expected)
    expect(answered(value)?.toSorted()).toEqual(expected)
  })

  it.each([
    ['a mapping by name', pets(', mapping: { mieze: Cat }'), 'mieze'],
    ['a mapping by reference', pets(", mapping: { mieze: '#/components/schemas/Cat' }"), 'mieze'],
    ['what an heir lists', pets('', ', kind: { const: mieze }'), 'mieze'],
    ['its own name, which its base lists', pets('', '', '{ enum: [Cat, Dog, Lion, Pet] }'), 'Cat'],
  ])('knows an heir by %s', async (_, components, kind) => {
    const { asked } = await judges(ref('Pet'), components)
    expect(asked({ kind, name: 'a' })).toEqual([`/lives is required where kind is "${kind}"`])
    expect(asked({ kind, name: 'a', lives: 1 })).toEqual([])
  })

  it('is also meant where a reference stands alone in an allOf', async () => {
    const { asked } = await judges(`{ allOf: [${ref('Pet')}] }`, pets())
    expect(asked({ kind: 'Cat', name: 'a' })).toEqual(['/lives is required where kind is "Cat"'])
  })

  it('takes names that it lists and no heir bears', async () => {
    const { asked } = await judges(ref('Pet'), pets('', '', '{ enum: [Cat, Fish] }'))
    expect(asked({ kind: 'Fish', name: 'a' })).toEqual([])
  })

  it('is asked once for each level of a value, however deep that is', async () => {
    const { asked } = await judges(ref('Pet'), pets())
    let value: unknown = { kind: 'Cat', name: 'a', lives: 1 }
    for (let depth = 0; depth < 200; depth += 1) value = { kind: 'Lion', name: 'a', lives: 1, pride: 1, friend: value }
    expect(asked(value)).toEqual([])
  })

  it('that says nothing of a schema that nobody extends is as if it were not there', async () => {
    const { asked } = await judges(ref('A'), '    A: { type: object, discriminator: { propertyName: kind } }\n')
    expect(asked({ kind: 'whatever' })).toEqual([])
  })

  it('may be extended in a circle', async () => {
    const { asked } = await judges(
      ref('A'),
      `    A: { allOf: [${ref('B')}], discriminator: { propertyName: kind } }\n    B: { type: object, allOf: [${ref('C')}] }\n    C: { type: object, properties: { a: ${ref('A')} } }\n`,
    )
    expect(asked({ kind: 'B' })).toEqual([])
  })
})

describe('a union with a discriminator', () => {
  const kinds = (cat: string, dog: string) => `
    Cat: { type: object, properties: { kind: ${cat}, lives: { type: integer } } }
    Dog: { type: object, properties: { kind: ${dog}, bark: { type: boolean } } }
`
  const free = kinds('{ type: string }', '{ type: string }')
  const union = (keyword: string, more = '') =>
    `{ ${keyword}: [${ref('Cat')}, ${ref('Dog')}], discriminator: { propertyName: kind${more} } }`

  it('is decided for a request where two branches match', async () => {
    const { asked, answered } = await judges(union('oneOf'), free)
    expect(asked({ kind: 'Cat' })).toEqual([])
    // Who judges without the discriminator would refuse it.
    expect(answered({ kind: 'Cat' })).toEqual([' must match only one of the 2 forms that are allowed'])
    expect(answered({ kind: 'Cat', bark: 1 })).toEqual([])
    expect(answered({ kind: 'Cat', lives: 'x' })).toEqual(['/lives must be integer where kind is "Cat"'])
  })

  it.each(['oneOf', 'anyOf'])(
    '%s refuses a name that there is not, and what another branch would take',
    async keyword => {
      const { asked, answered } = await judges(union(keyword), free)
      for (const told of [asked, answered]) {
        expect(told({ kind: 'Bird' })).toEqual(['/kind must be "Cat" or "Dog"'])
        expect(told({ kind: 'Dog', bark: 'loud', lives: 1 })).toEqual(['/bark must be boolean where kind is "Dog"'])
      }
    },
  )

  it.each([
    ['a mapping by file', ', mapping: { mieze: ./schemas/Cat.yaml }', free, 'mieze'],
    ['what a branch lists', '', kinds('{ enum: [mieze] }', '{ enum: [hasso] }'), 'mieze'],
    ['the name that is listed by both', '', kinds('{ enum: [Cat, Dog] }', '{ enum: [Cat, Dog] }'), 'Cat'],
  ])('knows a branch by %s', async (_, more, components, kind) => {
    const { asked } = await judges(union('oneOf', more), components)
    expect(asked({ kind })).toEqual([])
    expect(asked({ kind, lives: 'x' })).toEqual([`/lives must be integer where kind is "${kind}"`])
  })

  it('takes what a mapping of 3.2 says of the rest', async () => {
    const { asked } = await judges(union('oneOf', ', defaultMapping: Cat'), free)
    expect(asked({ kind: 'Bird', lives: 1 })).toEqual([])
    expect(asked({ lives: 'x' })).toEqual(['/lives must be integer where kind is undefined'])
  })

  it('is judged as without it where the value names nothing, or branches have no names', async () => {
    const { asked } = await judges(union('anyOf'), free)
    expect(asked({})).toEqual([])
    const inline = `{ anyOf: [${ref('Cat')}, { type: object, required: [fins] }], discriminator: { propertyName: kind } }`
    const { asked: open } = await judges(inline, free)
    expect(open({ kind: 'Fish', fins: 2 })).toEqual([])
    expect(open({ kind: 'Cat', lives: 'x', fins: 2 })).toEqual(['/lives must be integer where kind is "Cat"'])
  })

  it('sees what its branch has evaluated', async () => {
    const closed = `{ unevaluatedProperties: false, ${union('oneOf').slice(1)}`
    const { asked } = await judges(closed, free)
    expect(asked({ kind: 'Cat', lives: 1 })).toEqual([])
    expect(asked({ kind: 'Cat', bark: true })).toEqual(['/bark is not allowed'])
  })
})
