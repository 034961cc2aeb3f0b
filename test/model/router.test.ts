import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Router } from '../../src/model/router.ts'
import { apiOf } from '../kit/index.ts'

/** What a path leads to among these templates: the template and what stood for its expressions. */
function find(templates: readonly string[], path: string): [string, ...string[]] | undefined {
  const router = new Router<string>()
  for (const template of templates) router.at(template, () => template)
  const route = router.find(path)
  return route && [route.leaf, ...route.values]
}

describe('a path', () => {
  it.each([
    [['/'], '/', ['/']],
    [['/a'], '/a', ['/a']],
    [['/a'], '/A', undefined],
    [['/a'], '/a/', undefined],
    [['/a/'], '/a', undefined],
    [['/a'], '//a', undefined],
    [['/a'], 'a', undefined],
    [['/a'], '', undefined],
    [['/a/{id}'], '/a/1', ['/a/{id}', '1']],
    [['/a/{id}'], '/a/', undefined],
    [['/a/{id}'], '/a/1/2', undefined],
    [['/a/{id}'], '/a/b%2Fc', ['/a/{id}', 'b%2Fc']],
    [['/a/{id}'], '/a/%zz', ['/a/{id}', '%zz']],
    [['/a/{id}'], '/a/größe', ['/a/{id}', 'größe']],
    [['/a/{id}'], '/a/{id}', ['/a/{id}', '{id}']],
    [['/a/{id}'], '/a/__proto__', ['/a/{id}', '__proto__']],
    [['/größe'], '/gr%C3%B6%C3%9Fe', ['/größe']],
    [['/a b'], '/a%20b', ['/a b']],
    [['/100%'], '/100%', ['/100%']],
  ] as const)('of %j: %s leads to %j', (templates, path, route) => {
    expect(find(templates, path)).toEqual(route)
  })
})

describe('a segment of several parts', () => {
  it.each([
    [['/{a}.{b}'], '/x.y', ['/{a}.{b}', 'x', 'y']],
    [['/{a}.{b}'], '/x.y.z', ['/{a}.{b}', 'x.y', 'z']],
    [['/{a}.{b}'], '/.y', undefined],
    [['/{a}.{b}'], '/x.', undefined],
    [['/{a}.{b}'], '/..x', ['/{a}.{b}', '.', 'x']],
    [['/{a}.{b}'], '/xy', undefined],
    [['/{id}:cancel'], '/1:cancel', ['/{id}:cancel', '1']],
    [['/{id}:cancel'], '/1:cancel:cancel', ['/{id}:cancel', '1:cancel']],
    [['/{id}:cancel'], '/:cancel', undefined],
    [['/v{major}.{minor}-{tag}'], '/v1.2-rc-3', ['/v{major}.{minor}-{tag}', '1', '2-rc', '3']],
    [['/{a}{b}'], '/xyz', ['/{a}{b}', 'xy', 'z']],
    [['/{a}{b}{c}'], '/xy', undefined],
    [['/{a}..{b}'], '/x...y', ['/{a}..{b}', 'x.', 'y']],
    [['/pre{a}'], '/pre', undefined],
    [['/aa{x}aa'], '/aaa', undefined],
  ] as const)('of %j: %s leads to %j', (templates, path, route) => {
    expect(find(templates, path)).toEqual(route)
  })
})

describe('of the ways to divide a segment', () => {
  const textOf = (schemas: Readonly<Record<string, string>>, template: string): string => {
    const parameters = Object.entries(schemas).map(
      ([name, schema]) => `{ name: ${name}, in: path, required: true, schema: ${schema} }`,
    )
    return `paths:
  '${template}':
    get: { parameters: [${parameters.join(', ')}], responses: { default: { description: Done } } }
`
  }
  const text = '{ type: string }'

  it.each([
    ['the last that there is', '/{name}.{ext}', { name: text, ext: text }, '/report.tar.gz', ['report.tar', 'gz']],
    [
      'the last that the schemas accept',
      '/{name}.{ext}',
      { name: text, ext: '{ enum: [gz, tar.gz] }' },
      '/a.tar.gz',
      ['a.tar', 'gz'],
    ],
    [
      'one that the schemas accept',
      '/{name}.{ext}',
      { name: '{ pattern: "^[^.]+$" }', ext: text },
      '/a.tar.gz',
      ['a', 'tar.gz'],
    ],
    [
      'one that all of them accept',
      '/v{major}.{minor}-{tag}',
      { major: '{ type: integer }', minor: '{ type: integer }', tag: text },
      '/v1.2-rc-3',
      ['1', '2', 'rc-3'],
    ],
    [
      'the last where none is accepted',
      '/{a}-{b}',
      { a: '{ type: integer }', b: '{ type: integer }' },
      '/x-y-z',
      ['x-y', 'z'],
    ],
    [
      'one in each segment',
      '/{a}.{b}/{c}:{d}',
      { a: '{ const: x }', b: text, c: text, d: '{ const: y:z }' },
      '/x.1.2/w:y:z',
      ['x', '1.2', 'w', 'y:z'],
    ],
  ] as const)('%s is taken: %s', async (_, template, schemas, path, values) => {
    const api = await apiOf(textOf(schemas, template))
    const match = api.match('GET', path)
    expect(match.kind === 'found' && Object.values(match.params)).toEqual(values)
  })

  it('there are not too many to be looked at', async () => {
    const schema = '{ type: integer }'
    const api = await apiOf(textOf({ a: schema, b: schema, c: schema, d: schema }, '/{a}.{b}-{c}.{d}'))
    const path = `/${'.-'.repeat(8000)}`
    expect(api.match('GET', `${path}x.y`).kind).toBe('found')
    expect(api.match('GET', `/${'.'.repeat(8000)}`).kind).toBe('unknown-path')
  })
})

describe('of several templates', () => {
  it.each([
    ['a literal wins, whatever the order', ['/a/{id}', '/a/b'], '/a/b', ['/a/b']],
    ['more text wins over less', ['/{id}', '/{id}.json', '/{a}.{b}'], '/x.json', ['/{id}.json', 'x']],
    ['a literal that ends nowhere is given up', ['/a/b/c', '/{x}/b/d'], '/a/b/d', ['/{x}/b/d', 'a']],
    ['so is a pattern', ['/{a}.{b}/x', '/{c}/y'], '/1.2/y', ['/{c}/y', '1.2']],
    ['so are several', ['/{a}/{b}/1', '/{c}/x/2', '/{d}/{e}/3'], '/q/x/3', ['/{d}/{e}/3', 'q', 'x']],
    ['names may differ', ['/a/{x}/b', '/a/{y}/c'], '/a/1/c', ['/a/{y}/c', '1']],
  ] as const)('%s', (_, templates, path, route) => {
    expect(find(templates, path)).toEqual(route)
  })

  it('those that differ in names only are one', () => {
    const router = new Router<string[]>()
    router.at('/a/{x}', () => []).push('first')
    router.at('/a/{y}', () => []).push('second')
    expect(router.find('/a/1')?.leaf).toEqual(['first', 'second'])
  })
})

describe('whatever the templates', () => {
  const word = fc.stringMatching(/^[a-zA-Z0-9_-]{1,4}$/)
  const part = fc.oneof(
    word.map(text => ({ template: text, path: text, values: [] as string[] })),
    fc
      .record({ before: fc.constantFrom('', 'v', 'a.'), after: fc.constantFrom('', ':go'), value: word })
      .map(({ before, after, value }) => ({
        template: `${before}{p}${after}`,
        path: before + value + after,
        values: [value],
      })),
  )
  const route = fc.array(part, { minLength: 1, maxLength: 5 })

  it('a path that is made from one is found', () => {
    fc.assert(
      fc.property(fc.array(route, { minLength: 1, maxLength: 8 }), fc.nat(), (routes, pick) => {
        const chosen = routes[pick % routes.length] ?? []
        const templates = routes.map(parts => `/${parts.map(({ template }) => template).join('/')}`)
        const path = `/${chosen.map(({ path }) => path).join('/')}`
        const [leaf = '', ...values] = find(templates, path) ?? []
        // Another template may fit better; put into it, what was found makes the path again.
        const again = leaf.replaceAll('{p}', () => values.shift() ?? '')
        expect([again, values]).toEqual([path, []])
      }),
    )
  })

  it('no path makes it crash', () => {
    fc.assert(
      fc.property(fc.array(route, { maxLength: 5 }), fc.string(), (routes, path) => {
        const templates = routes.map(parts => `/${parts.map(({ template }) => template).join('/')}`)
        const found = find(templates, `/${path}`)
        expect(found === undefined || templates.includes(found[0])).toBe(true)
      }),
    )
  })
})

describe('the operation', () => {
  const done = '{ responses: { default: { description: Done } } }'
  const text = `servers:
  - url: https://api.example.com/v1
  - url: /relative/
  - url: 'https://{host}/{stage}/api'
    variables:
      host: { default: example.com, enum: [example.com, example.org] }
      stage: { default: live, enum: [live, test] }
  - url: nested
paths:
  /things:
    get: { operationId: list, responses: { default: { description: D } } }
    post: { operationId: create, responses: { default: { description: D } } }
    x-note: nothing
  /things/{id}:
    get: { operationId: read, responses: { default: { description: D } } }
  /things/{thing}:
    delete: { operationId: remove, responses: { default: { description: D } } }
  /files:
    servers: [{ url: https://files.example.com/upload }]
    put: { operationId: upload, responses: { default: { description: D } } }
  /tags:
    put: { operationId: tag, servers: [{ url: 'https://tags.example.com/t' }], responses: { default: { description: D } } }
  x-extension: { get: ${done} }
`
  async function match(method: string, target: string): Promise<unknown> {
    const found = (await apiOf(text)).match(method, target)
    if (found.kind === 'found') return [found.operation.id, { ...found.params }]
    return found.kind === 'wrong-method' ? [found.path, found.allow] : found.kind
  }

  it.each([
    ['GET', '/things', ['list', {}]],
    ['GET', '/things?x=/y', ['list', {}]],
    ['GET', 'http://127.0.0.1:4010/things', ['list', {}]],
    ['GET', '/v1/things', ['list', {}]],
    ['GET', '/relative/things/7', ['read', { id: '7' }]],
    ['GET', '/live/api/things', ['list', {}]],
    ['GET', '/test/api/things', ['list', {}]],
    ['GET', '/nested/things', ['list', {}]],
    ['PUT', '/upload/files', ['upload', {}]],
    ['PUT', '/t/tags', ['tag', {}]],
    ['HEAD', '/things', ['list', {}]],
    ['DELETE', '/things/7', ['remove', { thing: '7' }]],
    ['PATCH', '/things/7', ['/things/{id}', ['GET', 'DELETE', 'HEAD', 'OPTIONS']]],
    ['HEAD', '/files', ['/files', ['PUT', 'OPTIONS']]],
    ['get', '/things', ['/things', ['GET', 'POST', 'HEAD', 'OPTIONS']]],
    ['GET', '/v1', 'unknown-path'],
    ['GET', '/v1things', 'unknown-path'],
    ['GET', '/v2/things', 'unknown-path'],
    ['GET', '/things/', 'unknown-path'],
    ['OPTIONS', '*', 'unknown-path'],
    ['GET', '/x-extension', 'unknown-path'],
  ])('for %s %s is %j', async (method, target, expected) => {
    expect(await match(method, target)).toEqual(expected)
  })

  it('behind a base path is preferred to one that swallows the base path', async () => {
    const api = await apiOf(`servers: [{ url: /api }]
paths:
  /users: { get: { operationId: users, responses: { default: { description: D } } } }
  /{owner}/{repo}: { get: { operationId: repo, responses: { default: { description: D } } } }
`)
    expect(api.match('GET', '/api/users')).toMatchObject({ operation: { id: 'users' } })
    expect(api.match('GET', '/acme/users')).toMatchObject({ operation: { id: 'repo' } })
  })

  it('that was meant is named when the path is unknown', async () => {
    const api = await apiOf(text)
    expect(api.match('GET', '/thing/7')).toEqual({ kind: 'unknown-path' })
    expect(api.nearest('GET', '/thing/7')).toEqual([])
    expect(api.nearest('GET', '/things/7/parts')).toEqual([
      { operation: 'GET /things/{id}', why: 'the path has 3 segments where the document has 2' },
      { operation: 'DELETE /things/{thing}', why: 'the path has 3 segments where the document has 2' },
    ])
    expect(api.nearest('GET', '/things/')).toMatchObject([
      { why: 'segment 2 ({id}) is empty' },
      { why: 'segment 2 ({thing}) is empty' },
      {},
    ])
  })

  it('has method and path for a name when the document gives none', async () => {
    const api = await apiOf(`paths: { /a: { get: ${done} } }`)
    expect(api.operations.map(({ id, method, path, pointer }) => ({ id, method, path, pointer }))).toEqual([
      { id: 'GET /a', method: 'GET', path: '/a', pointer: '#/paths/~1a/get' },
    ])
    expect(api.operation('GET /a')).toBe(api.operations[0])
    expect(api.operation('nope')).toBeUndefined()
  })

  it('of a referenced path item is found', async () => {
    const api = await apiOf(`paths: { /a: { $ref: '#/components/pathItems/A' } }
components: { pathItems: { A: { get: ${done} } } }
`)
    expect(api.match('GET', '/a')).toMatchObject({ kind: 'found', operation: { path: '/a' } })
  })
})
