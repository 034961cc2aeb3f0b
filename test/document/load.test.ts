import { mkdir, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadDocument, shippedDocument } from '../../src/document/index.ts'
import { documentIn, documentOf, folderWith, troubleIn, troubleOf } from '../kit/index.ts'

const head = "openapi: 3.1.0\ninfo: { title: Test, version: '1' }\n"
const withPaths = `${head}paths: {}\n`

/** A document whose one schema is a reference. */
function referring(ref: string): string {
  return `${head}components:\n  schemas:\n    Thing:\n      $ref: ${JSON.stringify(ref)}\n`
}

describe('the entry file', () => {
  it('may be YAML', async () => {
    const document = await documentIn({ 'openapi.yaml': withPaths })
    expect(document.version).toBe('3.1.0')
    expect(document.root).toEqual({ openapi: '3.1.0', info: { title: 'Test', version: '1' }, paths: {} })
  })

  it('may be JSON, whatever its name', async () => {
    const json = { openapi: '3.0.3', info: { title: 'Test', version: '1' }, paths: {} }
    const document = await documentIn({ 'openapi.txt': JSON.stringify(json) })
    expect(document.root).toEqual(json)
  })

  it('may be YAML in flow style, which starts as JSON does', async () => {
    const document = await documentIn({
      'openapi.yaml': "{ openapi: 3.1.0, info: { title: T, version: '1' }, paths: {} }",
    })
    expect(document.version).toBe('3.1.0')
  })

  it.each(['YAML', 'JSON'])('may start with a byte order mark, in %s', async kind => {
    const text = kind === 'YAML' ? withPaths : '{"openapi":"3.1.0","info":{"title":"T","version":"1"},"paths":{}}'
    expect((await documentIn({ openapi: `\ufeff${text}` })).version).toBe('3.1.0')
  })

  it('may end its lines as Windows does', async () => {
    const document = await documentIn({ 'openapi.yaml': withPaths.replaceAll('\n', '\r\n') })
    expect(document.root.paths).toEqual({})
  })

  it('is the shipped document when that is named', async () => {
    expect((await loadDocument(shippedDocument())).version).toMatch(/^3\.1/)
  })

  it('is named in the trouble when it is not there', async () => {
    expect(await troubleIn({}, 'nowhere.yaml')).toEqual([
      {
        code: 'document-not-found',
        message: 'Cannot read the document nowhere.yaml: there is no such file',
        at: undefined,
      },
    ])
  })

  it('must not be a folder', async () => {
    expect(await troubleIn({ 'api/openapi.yaml': withPaths }, 'api')).toEqual([
      { code: 'document-not-found', message: 'Cannot read the document api: it is a folder', at: undefined },
    ])
  })

  it('must not be larger than 20 MiB', async () => {
    const large = `${withPaths}#${' '.repeat(20 * 1024 * 1024)}`
    expect(await troubleIn({ 'openapi.yaml': large })).toEqual([
      {
        code: 'document-too-large',
        message: `Cannot read the document openapi.yaml: it has ${large.length} bytes, more than 20971520`,
        at: undefined,
      },
    ])
  })
})

describe('what is no document', () => {
  it.each([
    ['an empty file', '', 'openapi.yaml is not an OpenAPI document: it has no "openapi" field'],
    ['only comments', '# later\n', 'openapi.yaml is not an OpenAPI document: it has no "openapi" field'],
    ['a text', 'hello', 'openapi.yaml is not an OpenAPI document: it has no "openapi" field'],
    ['null', 'null', 'openapi.yaml is not an OpenAPI document: it has no "openapi" field'],
    ['a list', '[]', 'openapi.yaml is not an OpenAPI document: it has no "openapi" field'],
    ['something else', 'services: {}\n', 'openapi.yaml is not an OpenAPI document: it has no "openapi" field'],
  ])('%s is not taken for one', async (_, text, message) => {
    expect(await troubleIn({ 'openapi.yaml': text })).toEqual([
      { code: 'document-unsupported', message, at: 'openapi.yaml:1:1' },
    ])
  })

  it.each([
    ["swagger: '1.2'", 'swagger: "1.2"'],
    ['openapi: 3.3.0', 'openapi: "3.3.0"'],
    ['openapi: 30', 'openapi: 30'],
    ['openapi: 4.0.0', 'openapi: "4.0.0"'],
    ['openapi: [3, 1, 0]', 'openapi: [3,1,0]'],
  ])('a version that is not read is named with its place: %s', async (line, stated) => {
    expect(await troubleIn({ 'openapi.yaml': `info: {}\n${line}\n` })).toEqual([
      {
        code: 'document-unsupported',
        message: `openapi.yaml states ${stated}, which contrato does not read`,
        at: 'openapi.yaml:2:1',
      },
    ])
  })
})

describe('a text that is not YAML or JSON', () => {
  const notValid = 'openapi.yaml is not valid YAML or JSON:'

  it.each([
    ['a tab as indentation', `${head}paths:\n\t/a: {}\n`, '4:1'],
    ['an indentation that does not match', `${head}paths:\n    /a: {}\n  /b: {}\n`, '5:3'],
    ['a quote that is not closed', `openapi: "3.1.0\ninfo: {}\n`, '2:1'],
    ['a key that comes twice', `${head}paths: {}\npaths: {}\n`, '4:1'],
    ['an alias without an anchor', `${head}paths: *nowhere\n`, '3:9'],
    ['a second document', `${withPaths}---\nopenapi: 3.1.0\n`, '4:1'],
    ['a second document behind a marked first', `# one\n---\n${withPaths}---\nopenapi: 3.1.0\n`, '6:1'],
  ])('is named with its line and column: %s', async (_, text, place) => {
    const [finding] = await troubleIn({ 'openapi.yaml': text })
    expect(finding).toMatchObject({ code: 'document-syntax', at: `openapi.yaml:${place}` })
    expect(finding?.message).toContain(notValid)
  })

  it('counts lines that end as on Windows', async () => {
    const text = `${head}paths:\n\t/a: {}\n`.replaceAll('\n', '\r\n')
    expect(await troubleIn({ 'openapi.yaml': text })).toMatchObject([{ at: 'openapi.yaml:4:1' }])
  })

  it('does not count a byte order mark as a column', async () => {
    expect(await troubleIn({ 'openapi.yaml': '\ufeff*nowhere' })).toMatchObject([{ at: 'openapi.yaml:1:2' }])
  })

  it.each([
    ['a trailing comma', '{\n  "openapi": "3.1.0",\n}', '3:1', 'a comma stands before the closing }'],
    [
      'a comma that is missing',
      '{\n  "openapi": "3.1.0"\n  "info": {}\n}',
      '3:3',
      "Expected ',' or '}' after property value",
    ],
    ['a word that is no value', '{\n  "openapi": nope\n}', '2:14', "Unexpected token 'o'"],
    ['a bracket too many', '{\n  "openapi": "3.1.0"\n}}', '3:2', 'Unexpected non-whitespace character after JSON'],
    ['an end that comes too early', '{\n  "openapi": ', '2:14', 'Unexpected end of JSON input'],
    ['a line break in a string', '{ "openapi": "3.1\n.0" }', '1:18', 'Bad control character in string literal'],
  ])('is named with its place in JSON: %s', async (_, text, place, says) => {
    expect(await troubleIn({ 'openapi.yaml': text })).toEqual([
      { code: 'document-syntax', message: `${notValid} ${says}`, at: `openapi.yaml:${place}` },
    ])
  })

  it('is named when it is not UTF-8', async () => {
    const latin1 = Buffer.from(`${head}# caf\u00e9\n`, 'latin1')
    expect(await troubleIn({ 'openapi.yaml': latin1 })).toEqual([
      { code: 'document-syntax', message: `${notValid} the bytes are not UTF-8`, at: 'openapi.yaml:3:6' },
    ])
  })

  it('is named when it is UTF-16', async () => {
    const utf16 = Buffer.from(`\ufeff${withPaths}`, 'utf16le')
    expect(await troubleIn({ 'openapi.yaml': utf16 })).toMatchObject([
      { code: 'document-syntax', message: `${notValid} the bytes are not UTF-8` },
    ])
  })

  it('is named when it is in a file that is referenced', async () => {
    expect(
      await troubleIn({ 'openapi.yaml': referring('sub/thing.yaml'), 'sub/thing.yaml': 'type: object\n\tx: 1' }),
    ).toMatchObject([{ code: 'document-syntax', at: 'sub/thing.yaml:2:1' }])
  })
})

describe('anchors', () => {
  it('stand for what they name, and merge', async () => {
    const document = await documentOf(
      `${head}components:\n  schemas:\n    A: &a { type: object }\n    B: *a\n    C: { <<: *a, title: C }\n`,
    )
    expect(document.root.components).toEqual({
      schemas: { A: { type: 'object' }, B: { type: 'object' }, C: { type: 'object', title: 'C' } },
    })
  })

  it('must not multiply into more than can be walked', async () => {
    const levels = Array.from({ length: 12 }, (_, at) => {
      const item = at === 0 ? 'x' : `*l${at - 1}`
      return `  l${at}: &l${at} [${Array(10).fill(item).join(', ')}]\n`
    })
    const [finding] = await troubleIn({ 'openapi.yaml': `${withPaths}x-bomb:\n${levels.join('')}` })
    expect(finding).toMatchObject({ code: 'document-too-large' })
  })

  it('must not contain themselves', async () => {
    const [finding] = await troubleIn({ 'openapi.yaml': `${withPaths}x-self: &self { again: *self }\n` })
    expect(finding).toMatchObject({ code: 'document-too-large' })
  })
})

describe('nesting', () => {
  it.each([
    ['YAML', (depth: number) => `${withPaths}x-deep: ${'['.repeat(depth)}${']'.repeat(depth)}`],
    ['JSON', (depth: number) => `{"openapi":"3.1.0","x-deep":${'['.repeat(depth)}${']'.repeat(depth)}}`],
  ])('is refused beyond what can be walked, in %s', async (_, make) => {
    const [finding] = await troubleIn({ 'openapi.yaml': make(100_000) })
    expect(finding).toMatchObject({
      code: 'document-too-large',
      message: expect.stringContaining('openapi.yaml is too large'),
    })
  })

  it('is read as deep as documents go', async () => {
    const document = await documentOf(`${withPaths}x-deep: ${'['.repeat(90)}${']'.repeat(90)}`)
    expect(JSON.stringify(document.root['x-deep'])).toHaveLength(180)
  })
})

describe('a reference', () => {
  it('is followed into other files, and inside them', async () => {
    const document = await documentIn({
      'openapi.yaml': referring('schemas/thing.yaml#/Thing'),
      'schemas/thing.yaml': 'Thing: { type: object, properties: { part: { $ref: "part.yaml" } } }\n',
      'schemas/part.yaml': 'type: integer\n',
    })
    expect(document.root.components).toEqual({
      schemas: { Thing: { type: 'object', properties: { part: { type: 'integer' } } } },
    })
    expect(document.files.map(file => path.basename(file))).toEqual(['openapi.yaml', 'thing.yaml', 'part.yaml'])
  })

  it('may lead back to where it came from', async () => {
    const document = await documentIn({
      'openapi.yaml': referring('tree.yaml'),
      'tree.yaml': 'type: object\nproperties: { next: { $ref: "openapi.yaml#/components/schemas/Thing" } }\n',
    })
    const [properties] = [resolve(document.root, 'components', 'schemas', 'Thing', 'properties')]
    expect(properties).toEqual({ next: { $ref: '#/components/schemas/Thing' } })
  })

  it('of path items that lead to each other are told once', async () => {
    const text = `${head}paths:\n  /a: { $ref: '#/paths/~1b' }\n  /b: { $ref: '#/paths/~1a' }\n`
    const told = await troubleIn({ 'openapi.yaml': text })
    expect(told.map(({ code, at }) => `${code} ${at}`)).toEqual([
      'reference-missing openapi.yaml:4:9',
      'reference-missing openapi.yaml:5:9',
    ])
  })

  it('may go in a circle between files', async () => {
    const document = await documentIn({
      'openapi.yaml': referring('a.yaml'),
      'a.yaml': 'type: object\nproperties: { b: { $ref: "b.yaml" } }\n',
      'b.yaml': 'type: object\nproperties: { a: { $ref: "a.yaml" } }\n',
    })
    expect(resolve(document.root, 'components', 'schemas', 'Thing', 'properties', 'b', 'properties')).toEqual({
      a: { $ref: '#/components/schemas/Thing' },
    })
  })

  it('may lead to an empty object, which is a schema', async () => {
    const document = await documentIn({ 'openapi.yaml': referring('any.yaml'), 'any.yaml': '{}' })
    expect(document.root.components).toEqual({ schemas: { Thing: {} } })
  })

  it('may lead to a path item', async () => {
    const document = await documentIn({
      'openapi.yaml': `${head}paths:\n  /things: { $ref: things.yaml }\n`,
      'things.yaml': 'get: { responses: { default: { description: All } } }\n',
    })
    expect(document.root.paths).toEqual({ '/things': { get: { responses: { default: { description: 'All' } } } } })
  })

  it('is named with its line when it leads nowhere in its own file', async () => {
    expect(await troubleIn({ 'openapi.yaml': referring('#/components/schemas/Thnig') })).toEqual([
      {
        code: 'reference-missing',
        message:
          '$ref #/components/schemas/Thnig leads nowhere: openapi.yaml has nothing at #/components/schemas/Thnig',
        at: 'openapi.yaml:6:7',
      },
    ])
  })

  it.each([
    [
      'to itself',
      "    A: { $ref: '#/components/schemas/A' }\n",
      ['$ref #/components/schemas/A leads back to itself, and to nothing else'],
    ],
    [
      'to another that refers to it',
      "    A: { $ref: '#/components/schemas/B' }\n    B: { $ref: '#/components/schemas/A' }\n",
      [
        '$ref #/components/schemas/B leads back to itself by way of #/components/schemas/A, and to nothing else',
        '$ref #/components/schemas/A leads back to itself by way of #/components/schemas/B, and to nothing else',
      ],
    ],
  ])('is dead when it leads %s', async (_, schemas, expected) => {
    const document = await documentIn({ 'openapi.yaml': `${head}paths: {}\ncomponents:\n  schemas:\n${schemas}` })
    const told = document.imperfections.map(({ message }) => message)
    expect(told).toEqual(expected)
    expect(document.imperfections[0]).toMatchObject({ code: 'reference-missing', severity: 'warning' })
    expect(document.imperfections[0]?.position).toMatchObject({ line: 6, column: 10 })
    expect(document.root.components).toMatchObject({ schemas: { A: {} } })
  })

  it('is dead when files lead to each other and to nothing else', async () => {
    const document = await documentIn({
      'openapi.yaml': `${head}paths: {}\ncomponents: { schemas: { A: { $ref: a.yaml } } }\n`,
      'a.yaml': '$ref: b.yaml\n',
      'b.yaml': '$ref: a.yaml\n',
    })
    expect(document.imperfections.map(({ code }) => code)).toEqual(['reference-missing'])
  })

  it('is named with its line when the file is not there', async () => {
    expect(await troubleIn({ 'openapi.yaml': referring('thnig.yaml') })).toEqual([
      {
        code: 'reference-missing',
        message: '$ref thnig.yaml leads nowhere: there is no file thnig.yaml',
        at: 'openapi.yaml:6:7',
      },
    ])
  })

  it('is named in the file that holds it', async () => {
    const files = {
      'openapi.yaml': referring('sub/thing.yaml'),
      'sub/thing.yaml': 'type: array\nitems:\n  $ref: "#/Nope"\n',
    }
    expect(await troubleIn(files)).toEqual([
      {
        code: 'reference-missing',
        message: '$ref #/Nope leads nowhere: sub/thing.yaml has nothing at #/Nope',
        at: 'sub/thing.yaml:3:3',
      },
    ])
  })

  it('is named with all others that are wrong', async () => {
    const text = `${head}components:\n  schemas:\n    A: { $ref: '#/no' }\n    B: { $ref: b.yaml }\n    C: { $ref: '../c.yaml' }\n`
    const found = await troubleIn({ 'openapi.yaml': text })
    expect(found.map(({ code, at }) => [code, at])).toEqual([
      ['reference-missing', 'openapi.yaml:5:10'],
      ['reference-missing', 'openapi.yaml:6:10'],
      ['reference-refused', 'openapi.yaml:7:10'],
    ])
  })

  it('into an empty file names that file', async () => {
    expect(await troubleIn({ 'openapi.yaml': referring('thing.yaml'), 'thing.yaml': '' })).toEqual([
      {
        code: 'document-syntax',
        message: 'thing.yaml is not valid YAML or JSON: the file is empty',
        at: 'thing.yaml:1:1',
      },
    ])
  })

  it('to a file that is too large says so', async () => {
    const [finding] = await troubleIn({
      'openapi.yaml': referring('thing.yaml'),
      'thing.yaml': `#${' '.repeat(20 * 1024 * 1024)}`,
    })
    expect(finding).toMatchObject({ code: 'document-too-large' })
  })
})

describe('a reference out of the folder', () => {
  it.each([
    ['../secret.yaml'],
    ['./sub/../../secret.yaml'],
    ['%2e%2e/secret.yaml'],
    ['/etc/passwd'],
    ['file:///etc/passwd'],
    ['file://host/etc/passwd'],
    ['http://127.0.0.1:9/schema.yaml'],
    ['https://example.com/schema.yaml'],
    ['//example.com/schema.yaml'],
    ['data:application/json,{}'],
    ['HTTP://example.com/schema.yaml'],
  ])('is refused with its line: %s', async ref => {
    const folder = await folderWith({ 'secret.yaml': 'type: object\n', 'api/openapi.yaml': referring(ref) })
    expect(await troubleOf(path.join(folder, 'api/openapi.yaml'))).toEqual([
      {
        code: 'reference-refused',
        message: `$ref ${ref} leaves the folder of the document, .`,
        at: 'openapi.yaml:6:7',
      },
    ])
  })

  it('is refused when a link leads there', async () => {
    const folder = await folderWith({ 'secret.yaml': 'type: object\n', 'api/openapi.yaml': referring('inside.yaml') })
    await symlink('../secret.yaml', path.join(folder, 'api/inside.yaml'))
    expect(await troubleOf(path.join(folder, 'api/openapi.yaml'))).toMatchObject([
      { code: 'reference-refused', at: 'openapi.yaml:6:7' },
    ])
  })

  it('is refused from a file further in, though that file is allowed', async () => {
    const files = {
      'secret.yaml': 'type: object\n',
      'api/openapi.yaml': referring('sub/thing.yaml'),
      'api/sub/thing.yaml': '$ref: ../../secret.yaml\n',
    }
    expect(await troubleIn(files, 'api/openapi.yaml')).toMatchObject([
      { code: 'reference-refused', at: 'api/sub/thing.yaml:1:1' },
    ])
  })

  it('is told from one that stays inside though it goes up and down', async () => {
    const files = { 'openapi.yaml': referring('sub/../thing.yaml'), 'thing.yaml': 'type: object\n' }
    expect((await documentIn(files)).root.components).toEqual({ schemas: { Thing: { type: 'object' } } })
  })

  it('is told from a file whose name starts with two dots', async () => {
    const files = { 'openapi.yaml': referring('..data/thing.yaml'), '..data/thing.yaml': 'type: object\n' }
    expect((await documentIn(files)).root.components).toEqual({ schemas: { Thing: { type: 'object' } } })
  })
})

describe('a document that is reached through a link', () => {
  it('reads the files that lie beside what the link leads to', async () => {
    const folder = await folderWith({
      'mount/..2024/openapi.yaml': referring('thing.yaml'),
      'mount/..2024/thing.yaml': 'type: object\n',
    })
    await symlink('..2024', path.join(folder, 'mount/..data'))
    await symlink('..data/openapi.yaml', path.join(folder, 'mount/openapi.yaml'))
    await symlink('..data/thing.yaml', path.join(folder, 'mount/thing.yaml'))
    const document = await loadDocument(path.join(folder, 'mount/openapi.yaml'))
    expect(document.root.components).toEqual({ schemas: { Thing: { type: 'object' } } })
  })
})

describe('a folder name', () => {
  it.each(['with space', '50% off', '100%25', 'größe 日本', 'a#b', 'what?', "it's", 'a+b&c', 'x%2Fy', '[brackets]'])(
    'may be unusual: %s',
    async name => {
      const folder = await folderWith({})
      const inside = path.join(folder, name)
      await mkdir(inside)
      await writeFile(path.join(inside, 'openapi.yaml'), referring('./parts/a thing.yaml#/Thing'))
      await mkdir(path.join(inside, 'parts'))
      await writeFile(path.join(inside, 'parts/a thing.yaml'), 'Thing: { $ref: "other.yaml" }\n')
      await writeFile(path.join(inside, 'parts/other.yaml'), 'type: object\n')
      const document = await loadDocument(path.join(inside, 'openapi.yaml'))
      expect(document.root.components).toEqual({ schemas: { Thing: { type: 'object' } } })
      expect(document.files).toEqual([
        path.join(inside, 'openapi.yaml'),
        path.join(inside, 'parts/a thing.yaml'),
        path.join(inside, 'parts/other.yaml'),
      ])
    },
  )
})

it.each(['with space', '100%25', 'a#b', 'what?'])(
  'a reference that leads nowhere is told from one that leaves, in %s',
  async name => {
    const files = { [`${name}/openapi.yaml`]: referring('nowhere.yaml') }
    expect(await troubleIn(files)).toMatchObject([{ code: 'reference-missing', at: `${name}/openapi.yaml:6:7` }])
  },
)

describe('what a literal value holds', () => {
  const about = (member: string) => `${head}components:\n  schemas:\n    Thing: { type: object, ${member} }\n`

  it.each([
    ['a schema example', 'examples: [{ $ref: "#/nowhere" }]'],
    ['a default', 'default: { $ref: "#/nowhere" }'],
    ['a const', 'const: { $ref: "nowhere.yaml" }'],
    ['an enum', 'enum: [{ $ref: "https://example.com/x" }]'],
    ['an extension', 'x-origin: { $ref: "../elsewhere.yaml", n: 1 }'],
  ])('may look like a reference: %s', async (_, member) => {
    const before = about(member)
    const document = await documentIn({ 'openapi.yaml': before })
    const [, [name = '', written] = []] = Object.entries(
      resolve(document.root, 'components', 'schemas', 'Thing') as object,
    )
    expect(JSON.stringify({ [name]: written })).toMatch(/\$ref/)
  })

  it('may look like a reference in an example of a body, and is kept as it stands', async () => {
    const text = `${head}paths:
  /schemas:
    get:
      responses:
        '200':
          description: A schema
          content:
            application/json:
              example: { items: { $ref: '#/$defs/Item' }, title: List }
              schema: { type: object }
        '201':
          description: Another
          content:
            application/json:
              examples: { one: { value: { $ref: ./one.json } } }
`
    const document = await documentOf(text)
    const responses = resolve(document.root, 'paths', '/schemas', 'get', 'responses')
    expect(resolve(responses, '200', 'content', 'application/json', 'example')).toEqual({
      items: { $ref: '#/$defs/Item' },
      title: 'List',
    })
    expect(resolve(responses, '201', 'content', 'application/json', 'examples')).toEqual({
      one: { value: { $ref: './one.json' } },
    })
  })

  it('is replaced where its reference does lead to a file, as authors expect', async () => {
    const document = await documentIn({
      'openapi.yaml': about('example: { $ref: thing.json }'),
      'thing.json': '{"id": 1}',
    })
    expect(document.root.components).toEqual({ schemas: { Thing: { type: 'object', example: { id: 1 } } } })
  })

  it('does not excuse a real reference beside it', async () => {
    const text = about('default: { $ref: "#/nowhere" }, properties: { default: { $ref: "#/nowhere" } }')
    expect(await troubleIn({ 'openapi.yaml': text })).toMatchObject([
      { code: 'reference-missing', at: 'openapi.yaml:5:85' },
    ])
  })

  it('may hold a $id, which leaves references alone', async () => {
    const text = `${head}components:
  schemas:
    Thing:
      $id: https://example.com/thing.json
      type: object
      properties: { part: { $ref: '#/components/schemas/Part' } }
      examples: [{ $id: 7 }, { $id: x }]
    Part: { type: object, examples: [{ $id: x }] }
`
    const document = await documentOf(text)
    expect(document.root.components).toEqual({
      schemas: {
        Thing: {
          $id: 'https://example.com/thing.json',
          type: 'object',
          properties: { part: { $ref: '#/components/schemas/Part' } },
          examples: [{ $id: 7 }, { $id: 'x' }],
        },
        Part: { type: 'object', examples: [{ $id: 'x' }] },
      },
    })
  })
})

describe('a document that breaks the specification', () => {
  it.each([
    [
      'a field that is misspelt',
      'paths:\n  /a:\n    gett: {}\n',
      '"gett" is not a field that may stand in paths › /a',
      '5:5',
    ],
    [
      'a field that is missing',
      'paths:\n  /a:\n    get:\n      responses:\n        "200": {}\n',
      '"description" is missing in paths › /a › get › responses › 200',
      '7:9',
    ],
    [
      'a value of another type',
      'paths:\n  /a:\n    get:\n      deprecated: maybe\n',
      'paths › /a › get › deprecated must be boolean, not "maybe"',
      '6:7',
    ],
    [
      'a name with a space',
      'components:\n  schemas:\n    A B: {}\n',
      '"A B" may not be a name in components › schemas: it must match pattern "^[a-zA-Z0-9._-]+$"',
      '5:5',
    ],
    [
      'a version that is a number',
      'paths: {}\n',
      'info › version must be string, not 1',
      '2:22',
      head.replace("'1'", '1'),
    ],
    ['an info that is missing', 'paths: {}\n', '"info" is missing in the document', '1:1', 'openapi: 3.1.0\n'],
    ['a path without a slash', 'paths:\n  a: {}\n', '"a" is no path', '4:3'],
  ])('is named with its place: %s', async (_, text, message, place, start = head) => {
    expect(await troubleIn({ 'openapi.yaml': start + text })).toEqual([
      { code: 'document-imperfect', message, at: `openapi.yaml:${place}` },
    ])
  })

  it('is named in the file where it stands', async () => {
    const files = {
      'openapi.yaml': `${head}paths:\n  /a: { $ref: "paths/a.yaml" }\n`,
      'paths/a.yaml': 'get:\n  respones: {}\n',
    }
    expect(await troubleIn(files)).toEqual([
      {
        code: 'document-imperfect',
        message: '"respones" is not a field that may stand in paths › /a › get',
        at: 'paths/a.yaml:2:3',
      },
    ])
  })

  it('is judged by the version it states: 3.0 wants responses, 3.1 does not', async () => {
    const text = 'paths: { /a: { get: {} } }\n'
    expect(await troubleIn({ 'openapi.yaml': head + text })).toEqual([])
    expect(await troubleIn({ 'openapi.yaml': head.replace('3.1.0', '3.0.3') + text })).toMatchObject([
      { code: 'document-imperfect', message: '"responses" is missing in paths › /a › get' },
    ])
  })
})

function resolve(value: unknown, ...names: string[]): unknown {
  return names.reduce<unknown>((found, name) => (found as Record<string, unknown> | undefined)?.[name], value)
}
