import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { createMock } from '../../src/index.ts'
import { documentIn, type Files, folderWith, locator, troubleIn } from '../kit/index.ts'

/** A document whose only operation takes and gives a schema. */
function entry(schema: string, more = '', version = '3.1.0'): string {
  return `openapi: ${version}
info: { title: Test, version: '1' }
paths:
  /things:
    post:
      requestBody: { required: true, content: { application/json: { schema: ${schema} } } }
      responses: { '200': { description: Done, content: { application/json: { schema: ${schema} } } } }
${more}`
}

function cat(kind = 'kind'): string {
  return `type: object\nrequired: [${kind}, claws]\nproperties: { ${kind}: { type: string }, claws: { type: integer } }\n`
}

function dog(kind = 'kind'): string {
  return `type: object\nrequired: [${kind}, bark]\nproperties: { ${kind}: { type: string }, bark: { type: string } }\n`
}

/** What a mock answers to each body. */
async function statuses(files: Files, bodies: readonly unknown[]): Promise<number[]> {
  return (await answers(files, bodies)).map(({ status }) => status)
}

async function answers(files: Files, bodies: readonly unknown[]): Promise<{ status: number; body: unknown }[]> {
  const folder = await folderWith(files)
  await using mock = await createMock(path.join(folder, Object.keys(files)[0] ?? ''), { dynamic: true })
  const found: { status: number; body: unknown }[] = []
  for (const body of bodies) {
    const headers = { 'content-type': 'application/json' }
    const response = await mock.fetch('/things', { method: 'POST', headers, body: JSON.stringify(body) })
    found.push({ status: response.status, body: await response.json() })
  }
  return found
}

const aCat = { claws: 1 }
const aDog = { bark: 'wau' }

describe('a discriminator whose branches lie in other files', () => {
  const files = {
    'openapi.yaml': entry(
      '{ $ref: ./schemas/pet.yaml }',
      'components: { schemas: { Bird: { type: object, required: [kind, wings], properties: { kind: { type: string }, wings: { type: integer } } } } }\n',
    ),
    'schemas/pet.yaml': `oneOf:
  - $ref: ./sub/cat.yaml
  - $ref: 'dogs.json#/Dog'
  - $ref: '../openapi.yaml#/components/schemas/Bird'
  - $ref: ./Fish.yaml
discriminator:
  propertyName: kind
  mapping: { cat: ./sub/cat.yaml, hound: 'dogs.json#/Dog', bird: Bird }
`,
    'schemas/sub/cat.yaml': cat().replace('{ type: integer }', '{ $ref: ./claws.yaml }'),
    'schemas/sub/claws.yaml': 'type: integer\nmaximum: 20\n',
    'schemas/dogs.json': JSON.stringify({
      Dog: {
        type: 'object',
        required: ['kind', 'bark'],
        properties: { kind: { type: 'string' }, bark: { $ref: '#/Bark' } },
      },
      Bark: { type: 'string', minLength: 2 },
    }),
    'schemas/Fish.yaml':
      'type: object\nrequired: [kind, fins]\nproperties: { kind: { type: string }, fins: { type: integer } }\n',
  }

  it.each([
    ['a file that refers to its neighbours', { kind: 'cat', claws: 18 }, { kind: 'cat', claws: 99 }],
    ['a part of a file', { kind: 'hound', bark: 'wau' }, { kind: 'hound', bark: 'w' }],
    ['a component', { kind: 'bird', wings: 2 }, { kind: 'bird', fins: 2 }],
    ['a file by its name', { kind: 'Fish', fins: 2 }, { kind: 'Fish', wings: 2 }],
    ['nothing else', { kind: 'hound', bark: 'wau' }, { kind: 'Dog', bark: 'wau' }],
  ])('means %s', async (_, right, wrong) => {
    expect(await statuses(files, [right, wrong])).toEqual([200, 400])
  })

  it('gives what is generated the right names', async () => {
    const bodies = [1, 2, 3, 4, 5, 6, 7, 8].map(claws => ({ kind: 'cat', claws }))
    const made = (await answers(files, bodies)).map(({ body }) => body as Record<string, unknown>)
    const member = { cat: 'claws', hound: 'bark', bird: 'wings', Fish: 'fins' } as const
    for (const body of made) expect(body).toHaveProperty(member[body.kind as keyof typeof member])
    expect(new Set(made.map(({ kind }) => kind)).size).toBeGreaterThan(1)
  })

  it('makes components of them, which stand where they were written', async () => {
    const document = await documentIn(files)
    expect(document.imperfections).toEqual([])
    expect(Object.keys((document.root.components as { schemas: object }).schemas)).toEqual([
      'Bird',
      'cat',
      'Dog',
      'Fish',
    ])
    const at = locator(document)
    expect(at('#/components/schemas/cat')).toBe('schemas/pet.yaml:2:5')
    expect(at('#/components/schemas/cat/properties')).toBe('schemas/sub/cat.yaml:3:1')
    expect(at('#/components/schemas/cat/properties/claws/maximum')).toBe('schemas/sub/claws.yaml:2:1')
    expect(at('#/components/schemas/Dog/properties/bark/minLength')).toMatch(/^schemas\/dogs.json:1:/)
    expect(at('#/components/schemas/Fish/required')).toBe('schemas/Fish.yaml:2:1')
  })

  it('says what is wrong with them where that was written', async () => {
    const wrong = { ...files, 'schemas/sub/cat.yaml': `${cat()}nullable: 5\nxml: 7\n` }
    const old = { ...wrong, 'openapi.yaml': wrong['openapi.yaml'].replace('3.1.0', '3.0.3') }
    expect((await troubleIn(old)).map(({ at }) => at)).toEqual(['schemas/sub/cat.yaml:4:1', 'schemas/sub/cat.yaml:5:1'])
  })
})

describe('a mapping', () => {
  const union = (mapping: string): string =>
    `oneOf: [{ $ref: ./cat.yaml }, { $ref: ./dog.yaml }]\ndiscriminator:\n  propertyName: kind\n  mapping:\n${mapping}`
  const files = (mapping: string, more: Files = {}): Files => ({
    'openapi.yaml': entry('{ $ref: ./schemas/pet.yaml }'),
    'schemas/pet.yaml': union(mapping),
    'schemas/cat.yaml': cat(),
    'schemas/dog.yaml': dog(),
    ...more,
  })

  it.each([
    [
      './nope.yaml',
      'the mapping of "c" to ./nope.yaml leads nowhere: there is no file schemas/nope.yaml',
      'reference-missing',
    ],
    [
      "'cat.yaml#/Nope'",
      'the mapping of "c" to cat.yaml#/Nope leads nowhere: schemas/cat.yaml has nothing at #/Nope',
      'reference-missing',
    ],
    [
      "'#/Nope'",
      'the mapping of "c" to #/Nope leads nowhere: schemas/pet.yaml has nothing at #/Nope',
      'reference-missing',
    ],
    [
      'Nope',
      'the mapping of "c" to Nope leads nowhere: no schema is called so among components.schemas',
      'reference-missing',
    ],
    [
      '../../nope.yaml',
      'the mapping of "c" to ../../nope.yaml leaves the folder of the document, .',
      'reference-refused',
    ],
    [
      'https://example.com/nope',
      'the mapping of "c" to https://example.com/nope leaves the folder of the document, .',
      'reference-refused',
    ],
    [
      '.',
      'the mapping of "c" to . leads nowhere: no schema is called so among components.schemas',
      'reference-missing',
    ],
  ])('to %s, where nothing is, is told with its place, and the others count', async (target, message, code) => {
    const broken = files(`    c: ${target}\n    d: ./dog.yaml\n`)
    expect(await troubleIn(broken)).toEqual([{ code, message, at: 'schemas/pet.yaml:5:5' }])
    const bodies = [
      { kind: 'cat', ...aCat },
      { kind: 'd', ...aDog },
      { kind: 'd', ...aCat },
    ]
    expect(await statuses(broken, bodies)).toEqual([200, 200, 400])
  })

  it('in a document of one file is told as well', async () => {
    const schemas = `components:
  schemas:
    Cat: { type: object }
    Pet:
      oneOf: [{ $ref: '#/components/schemas/Cat' }]
      discriminator: { propertyName: kind, mapping: { a: '#/components/schemas/No', b: No, c: ./no.yaml, d: Cat, e: ./cats/Cat.yaml } }
`
    const told = await troubleIn({ 'openapi.yaml': entry("{ $ref: '#/components/schemas/Pet' }", schemas) })
    expect(told).toEqual(
      [
        ['#/components/schemas/No leads nowhere: openapi.yaml has nothing at #/components/schemas/No', 55],
        ['No leads nowhere: no schema is called so among components.schemas', 85],
        ['./no.yaml leads nowhere: there is no file no.yaml', 92],
      ].map(([text, column], at) => ({
        code: 'reference-missing',
        message: `the mapping of "${'abc'[at]}" to ${text}`,
        at: `openapi.yaml:13:${column}`,
      })),
    )
  })

  it('may name files of which only their names are left, where somebody made one of them', async () => {
    const schemas = `components:
  schemas:
    Cat: ${JSON.stringify({ type: 'object', required: ['claws'] })}
    Dog: ${JSON.stringify({ type: 'object', required: ['bark'] })}
    Pet:
      oneOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }]
      discriminator: { propertyName: kind, mapping: { c: ./schemas/Cat.yaml, d: 'dogs.yaml#/Dog' } }
`
    const joined = { 'openapi.yaml': entry("{ $ref: '#/components/schemas/Pet' }", schemas) }
    expect(await troubleIn(joined)).toEqual([])
    const bodies = [
      { kind: 'c', ...aCat },
      { kind: 'c', ...aDog },
      { kind: 'd', ...aDog },
      { kind: 'Cat', ...aCat },
    ]
    expect(await statuses(joined, bodies)).toEqual([200, 400, 200, 400])
  })

  it('may stand in the document itself, and name files that nothing else does', async () => {
    const schemas = `components:
  schemas:
    Pet: { type: object, required: [kind], properties: { kind: { type: string } }, discriminator: { propertyName: kind, mapping: { cat: ./cat.yaml, dog: dog.yaml } } }
`
    const document = {
      'openapi.yaml': entry("{ $ref: '#/components/schemas/Pet' }", schemas),
      'cat.yaml': cat(),
      'dog.yaml': dog(),
    }
    const bodies = [{ kind: 'cat', ...aCat }, { kind: 'cat', ...aDog }, { kind: 'dog', ...aDog }, { kind: 'bird' }]
    expect(await statuses(document, bodies)).toEqual([200, 400, 200, 400])
    const loaded = await documentIn(document)
    expect(locator(loaded)('#/components/schemas/cat')).toBe('cat.yaml:1:1')
    expect(locator(loaded)('#/components/schemas/dog/properties/bark')).toBe('dog.yaml:3:39')
  })

  it('may name a file that is none of the branches, of which the value has to be one all the same', async () => {
    const unmentioned = files('    bird: ./bird.yaml\n    d: ./dog.yaml\n', { 'schemas/bird.yaml': 'type: object\n' })
    expect(await troubleIn(unmentioned)).toEqual([])
    const bodies = [{ kind: 'bird', ...aCat }, { kind: 'bird' }, { kind: 'd', ...aDog }]
    expect(await statuses(unmentioned, bodies)).toEqual([200, 400, 200])
  })

  it('that cannot be read as YAML is told where it cannot', async () => {
    const broken = files('    bird: ./bird.yaml\n', { 'schemas/bird.yaml': 'type: [\n' })
    expect(await troubleIn(broken)).toMatchObject([{ code: 'document-syntax', at: 'schemas/bird.yaml:2:1' }])
  })

  it('of OpenAPI 3.2 has a default, which may be a file', async () => {
    const fallback = files('    d: ./dog.yaml\n')
    const text = String(fallback['schemas/pet.yaml']).replace('  mapping:', '  defaultMapping: ./cat.yaml\n  mapping:')
    const newer = {
      ...fallback,
      'openapi.yaml': String(fallback['openapi.yaml']).replace('3.1.0', '3.2.0'),
      'schemas/pet.yaml': text,
      'schemas/cat.yaml': cat().replace('kind, ', ''),
    }
    expect(await statuses(newer, [aCat, { kind: 'other', ...aCat }, { kind: 'd', ...aCat }])).toEqual([200, 200, 400])
  })
})

describe('schemas that extend another, each in a file of its own', () => {
  const base = (discriminator: string): string =>
    `type: object\nrequired: [kind]\ndiscriminator: ${discriminator}\nproperties: { kind: { type: string } }\n`
  const heir = (member: string): string =>
    `allOf: [{ $ref: ./pet.yaml }, { type: object, required: [${member}], properties: { ${member}: { type: string } } }]\n`
  const bodies = [{ kind: 'cat', claws: 'a' }, { kind: 'cat', bark: 'a' }, { kind: 'dog', bark: 'a' }, { kind: 'bird' }]

  it.each([
    ['a mapping', '{ propertyName: kind, mapping: { cat: ./cat.yaml, dog: ./dog.yaml } }', '{}'],
    [
      'their names',
      '{ propertyName: kind }',
      '{ anyOf: [{ $ref: ./schemas/cat.yaml }, { $ref: ./schemas/dog.yaml }] }',
    ],
  ])('are meant by %s', async (_, discriminator, any) => {
    const files = {
      'openapi.yaml': entry('{ $ref: ./schemas/pet.yaml }', `components: { schemas: { Any: ${any} } }\n`),
      'schemas/pet.yaml': base(discriminator),
      'schemas/cat.yaml': heir('claws'),
      'schemas/dog.yaml': heir('bark'),
    }
    expect(await troubleIn(files)).toEqual([])
    expect(await statuses(files, bodies)).toEqual([200, 400, 200, 400])
    const made = (await answers(files, [bodies[0], bodies[2], { kind: 'cat', claws: 'b' }])).map(({ body }) => body)
    for (const body of made) expect(body).toHaveProperty((body as { kind: string }).kind === 'cat' ? 'claws' : 'bark')
  })

  it('are meant though nothing refers to them, when they stand beside the one they extend', async () => {
    const schemas = {
      Animal: { $ref: '#/Pet' },
      Pet: { type: 'object', required: ['kind'], discriminator: { propertyName: 'kind' }, properties: { kind: {} } },
      cat: { allOf: [{ $ref: '#/Animal' }, { type: 'object', required: ['claws'] }] },
      dog: { allOf: [{ $ref: '#/Pet' }, { type: 'object', required: ['bark'] }] },
      lion: { allOf: [{ $ref: './pets.json#/cat' }, { type: 'object', required: ['mane'] }] },
    }
    const files = { 'openapi.yaml': entry("{ $ref: './pets.json#/Pet' }"), 'pets.json': JSON.stringify(schemas) }
    const lions = [
      { kind: 'lion', claws: 'a', mane: 'a' },
      { kind: 'lion', mane: 'a' },
    ]
    expect(await statuses(files, [...bodies, ...lions])).toEqual([200, 400, 200, 400, 200, 400])
  })

  it('are components of the document that refer to the other by way of it', async () => {
    const schemas = `components:
  schemas:
    Pet: { $ref: ./schemas/pet.yaml }
    cat: { allOf: [{ $ref: '#/components/schemas/Pet' }, { type: object, required: [claws] }] }
    dog: { $ref: ./schemas/dog.yaml }
`
    const files = {
      'openapi.yaml': entry('{ $ref: ./schemas/pet.yaml }', schemas),
      'schemas/pet.yaml': base('{ propertyName: kind }'),
      'schemas/dog.yaml':
        "allOf: [{ $ref: '../openapi.yaml#/components/schemas/Pet' }, { type: object, required: [bark] }]\n",
    }
    expect(await statuses(files, bodies)).toEqual([200, 400, 200, 400])
    expect(await statuses(files, [{ kind: 'Pet' }, { kind: 'pet' }])).toEqual([200, 200])
  })

  it('are known in Swagger 2.0, too', async () => {
    const text = `swagger: '2.0'
info: { title: Test, version: '1' }
paths:
  /things:
    post:
      consumes: [application/json]
      produces: [application/json]
      parameters: [{ name: body, in: body, required: true, schema: { $ref: ./schemas/pet.yaml } }]
      responses: { '200': { description: Done, schema: { $ref: ./schemas/pet.yaml } } }
definitions:
  Any: { properties: { a: { $ref: ./schemas/cat.yaml }, b: { $ref: './schemas/dog.yaml' } } }
`
    const files = {
      'swagger.yaml': text,
      'schemas/pet.yaml': base('kind'),
      'schemas/cat.yaml': heir('claws'),
      'schemas/dog.yaml': heir('bark'),
    }
    expect(await troubleIn(files)).toEqual([])
    expect(await statuses(files, bodies)).toEqual([200, 400, 200, 400])
    const at = locator(await documentIn(files))
    expect(at('#/components/schemas/dog/allOf/1/properties/bark/type')).toBe('schemas/dog.yaml:1:87')
    expect(at('#/components/schemas/pet/properties/kind')).toBe('schemas/pet.yaml:4:15')
  })
})

describe('discriminators of several files', () => {
  it('may lead in circles', async () => {
    const pet =
      'oneOf: [{ $ref: ./cat.yaml }, { $ref: ./dog.yaml }]\ndiscriminator: { propertyName: kind, mapping: { c: ./cat.yaml } }\n'
    const files = {
      'openapi.yaml': entry('{ $ref: ./pet.yaml }'),
      'pet.yaml': pet,
      'cat.yaml': cat().replace('claws: {', 'friends: { type: array, items: { $ref: ./pet.yaml } }, claws: {'),
      'dog.yaml': dog().replace('bark: {', 'master: { $ref: ./pet.yaml }, chases: { $ref: ./cat.yaml }, bark: {'),
    }
    const right = { kind: 'dog', bark: 'a', master: { kind: 'c', claws: 1, friends: [{ kind: 'dog', bark: 'a' }] } }
    const wrong = { kind: 'dog', bark: 'a', master: { kind: 'c', claws: 1, friends: [{ kind: 'c', bark: 'a' }] } }
    expect(await statuses(files, [right, wrong, { ...right, chases: { kind: 1 } }])).toEqual([200, 400, 400])
    const at = locator(await documentIn(files))
    expect(at('#/components/schemas/cat/properties/friends/items')).toBe('cat.yaml:3:63')
  })

  it('may stand in each other', async () => {
    const files = {
      'openapi.yaml': entry('{ $ref: ./thing.yaml }'),
      'thing.yaml':
        'oneOf: [{ $ref: ./animals/pet.yaml }, { $ref: ./house.yaml }]\ndiscriminator: { propertyName: what, mapping: { p: animals/pet.yaml } }\n',
      'house.yaml': 'type: object\nrequired: [what, doors]\nproperties: { what: { type: string } }\n',
      'animals/pet.yaml':
        'oneOf: [{ $ref: ./cat.yaml }, { $ref: ./dog.yaml }]\ndiscriminator: { propertyName: kind, mapping: { c: ./cat.yaml, d: dog.yaml } }\n',
      'animals/cat.yaml': cat().replace('[', '[what, ').replace('{', '{ what: { type: string },'),
      'animals/dog.yaml': dog().replace('[', '[what, ').replace('{', '{ what: { type: string },'),
    }
    const bodies = [
      { what: 'p', kind: 'c', ...aCat },
      { what: 'p', kind: 'd', ...aCat },
      { what: 'house', doors: 1 },
      { what: 'house', kind: 'c', ...aCat },
    ]
    expect(await statuses(files, bodies)).toEqual([200, 400, 200, 400])
    for (const { body } of await answers(files, [bodies[0], bodies[2], { ...bodies[0], more: 1 }])) {
      expect(['p', 'house']).toContain((body as { what: string }).what)
    }
  })

  it('may call two files by one name, and a component by another', async () => {
    const files = {
      'openapi.yaml': entry(
        '{ $ref: ./a/pet.yaml }',
        'components: { schemas: { other: { $ref: ./b/pet.yaml }, cat: { type: integer }, Hound: { $ref: ./a/dog.yaml } } }\n',
      ),
      'a/pet.yaml': 'oneOf: [{ $ref: ./cat.yaml }, { $ref: ./dog.yaml }]\ndiscriminator: { propertyName: kind }\n',
      'a/cat.yaml': cat(),
      'a/dog.yaml': dog(),
      'b/pet.yaml': 'oneOf: [{ $ref: ./cat.yaml }]\ndiscriminator: { propertyName: kind }\n',
      'b/cat.yaml': 'type: object\n',
    }
    const bodies = [
      { kind: 'cat', ...aCat },
      { kind: 'cat', ...aDog },
      { kind: 'dog', ...aDog },
      { kind: 'Hound', ...aDog },
      { kind: 'cat-2', ...aCat },
    ]
    expect(await statuses(files, bodies)).toEqual([200, 400, 200, 200, 400])
    const { components } = (await documentIn(files)).root as { components: { schemas: object } }
    expect(Object.keys(components.schemas)).toEqual(['other', 'cat', 'Hound', 'cat-2', 'cat-3'])
    for (const { body } of await answers(files, bodies))
      expect(['cat', 'Hound', undefined]).toContain((body as { kind?: string }).kind)
  })

  it('keep the components that stand in a file of their own', async () => {
    const files = {
      'openapi.yaml': entry(
        '{ $ref: ./schemas/pet.yaml }',
        "components: { schemas: { $ref: './schemas/index.yaml' } }\n",
      ),
      'schemas/index.yaml': 'Pet: { $ref: ./pet.yaml }\nCat: { $ref: ./cat.yaml }\nDog: { $ref: ./dog.yaml }\n',
      'schemas/pet.yaml':
        'oneOf: [{ $ref: ./cat.yaml }, { $ref: ./dog.yaml }]\ndiscriminator: { propertyName: kind, mapping: { c: Cat } }\n',
      'schemas/cat.yaml': cat(),
      'schemas/dog.yaml': dog(),
    }
    expect(await troubleIn(files)).toEqual([])
    const bodies = [
      { kind: 'c', ...aCat },
      { kind: 'c', ...aDog },
      { kind: 'Dog', ...aDog },
      { kind: 'dog', ...aDog },
    ]
    expect(await statuses(files, bodies)).toEqual([200, 400, 200, 200])
    const { components } = (await documentIn(files)).root as { components: { schemas: object } }
    expect(Object.keys(components.schemas)).toEqual(['Pet', 'Cat', 'Dog'])
  })
})
