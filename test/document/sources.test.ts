import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { DocumentTrouble, loadDocument } from '../../src/document/index.ts'
import { documentIn, folderWith, troubleOf } from '../kit/index.ts'

const head = "openapi: 3.1.0\ninfo: { title: Test, version: '1' }\n"

function referring(ref: string): string {
  return `${head}components:\n  schemas:\n    Thing:\n      $ref: ${JSON.stringify(ref)}\n`
}

/** A server on a free port of this machine; its address without a path. */
async function serving(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A server of these texts by path. */
function servingFiles(files: Readonly<Record<string, string>>): Promise<string> {
  return serving((request, response) => {
    const text = files[request.url ?? '']
    response.statusCode = text === undefined ? 404 : 200
    response.end(text ?? '')
  })
}

async function failureOf(address: string): Promise<DocumentTrouble> {
  const error = await loadDocument(address).catch((caught: unknown) => caught)
  if (error instanceof DocumentTrouble) return error
  throw new Error(`${address} did not fail as documents do`)
}

describe('a document at an address', () => {
  it('is read with the files below its folder, which positions name by their address', async () => {
    const origin = await servingFiles({
      '/api/openapi.yaml': referring('parts/thing.yaml#/Thing'),
      '/api/parts/thing.yaml': 'Thing:\n  type: object\n',
    })
    const document = await loadDocument(`${origin}/api/openapi.yaml`)
    expect(document.root.components).toEqual({ schemas: { Thing: { type: 'object' } } })
    expect(document.locate('#/components/schemas/Thing/type')).toEqual({
      file: `${origin}/api/parts/thing.yaml`,
      line: 2,
      column: 3,
    })
  })

  it.each(['../secret.yaml', '/secret.yaml', 'file:///etc/passwd', 'http://127.0.0.1:9/x.yaml', '..%2fsecret.yaml'])(
    'does not read what lies elsewhere: %s',
    async ref => {
      const asked: string[] = []
      const origin = await serving((request, response) => {
        asked.push(request.url ?? '')
        response.end(referring(ref))
      })
      expect(await troubleOf(`${origin}/api/openapi.yaml`)).toMatchObject([{ code: 'reference-refused' }])
      expect(asked).toEqual(['/api/openapi.yaml'])
    },
  )

  it('may be redirected on its host, and not to another', async () => {
    const origin = await serving((request, response) => {
      if (request.url === '/other') response.writeHead(302, { location: 'http://localhost:9/openapi.yaml' })
      if (request.url === '/old') response.writeHead(301, { location: '/new' })
      response.end(request.url === '/new' ? `${head}paths: {}\n` : '')
    })
    expect((await loadDocument(`${origin}/old`)).version).toBe('3.1.0')
    const trouble = await failureOf(`${origin}/other`)
    expect(trouble.message).toContain('it is redirected to another host, http://localhost:9')
    expect(trouble.exitCode).toBe(2)
  })

  it('that is not there says so with the status', async () => {
    const trouble = await failureOf(`${await servingFiles({})}/openapi.yaml`)
    expect(trouble.message).toContain('the server answers 404')
    expect(trouble.exitCode).toBe(2)
  })

  it('whose server does not answer is unreachable', async () => {
    const trouble = await failureOf('http://127.0.0.1:9/openapi.yaml')
    expect(trouble.message).toMatch(/^Cannot read the document http:\/\/127\.0\.0\.1:9\/openapi\.yaml: /)
    expect(trouble.exitCode).toBe(3)
  })

  it('must not be larger than 20 MiB', async () => {
    const origin = await serving((_, response) => {
      response.end(Buffer.alloc(20 * 1024 * 1024 + 1, 32))
    })
    expect((await failureOf(`${origin}/openapi.yaml`)).findings[0]?.code).toBe('document-too-large')
  })

  it('must not be named with credentials, and they are not repeated', async () => {
    const trouble = await failureOf('http://me:secret@127.0.0.1:9/openapi.yaml')
    expect(trouble.message).not.toContain('secret')
  })
})

describe('a reference to a host', () => {
  it('is followed when the host is allowed, and only then', async () => {
    const origin = await servingFiles({ '/deep/thing.yaml': 'type: object\n' })
    const { host } = new URL(origin)
    const folder = await folderWith({ 'openapi.yaml': referring(`${origin}/deep/thing.yaml`) })
    const file = path.join(folder, 'openapi.yaml')
    expect(await troubleOf(file)).toMatchObject([{ code: 'reference-refused', at: 'openapi.yaml:6:7' }])
    expect(await troubleOf(file, folder, { allowRemoteRefs: ['127.0.0.1'] })).toMatchObject([
      { code: 'reference-refused' },
    ])
    const document = await loadDocument(file, { allowRemoteRefs: [host] })
    expect(document.root.components).toEqual({ schemas: { Thing: { type: 'object' } } })
  })
})

describe('a text that has no file', () => {
  it('refers to files from where its name says', async () => {
    const folder = await folderWith({ 'thing.yaml': 'type: object\n' })
    const document = await loadDocument(path.join(folder, 'stdin'), { text: referring('thing.yaml') })
    expect(document.root.components).toEqual({ schemas: { Thing: { type: 'object' } } })
  })
})

describe('a reference that leads nowhere', () => {
  const text = `${head}paths:
  /a:
    get:
      parameters: [{ $ref: '#/components/parameters/Gone' }]
      responses:
        '200':
          description: A
          content: { application/json: { schema: { $ref: '#/components/schemas/Gone' } } }
`
  it('is told as an imperfection, and a schema there allows everything', async () => {
    const document = await documentIn({ 'openapi.yaml': text })
    expect(document.imperfections.map(({ code, severity, position }) => [code, severity, position?.line])).toEqual([
      ['reference-missing', 'warning', 6],
      ['reference-missing', 'warning', 10],
    ])
    expect(JSON.stringify(document.root)).toContain('"schema":{}')
  })

  it('in a file of several is one too', async () => {
    const document = await documentIn({
      'openapi.yaml': referring('parts.yaml#/Thing'),
      'parts.yaml': 'Thing:\n  type: object\n  properties: { a: { $ref: "#/Gone" }, b: { type: string } }\n',
    })
    expect(document.imperfections).toMatchObject([{ code: 'reference-missing', position: { line: 3 } }])
    expect(document.root.components).toEqual({
      schemas: { Thing: { type: 'object', properties: { a: {}, b: { type: 'string' } } } },
    })
  })

  it('through another reference is told from one that leads somewhere', async () => {
    const document = await documentIn({
      'openapi.yaml': `${head}components:\n  schemas:\n    A: { $ref: '#/components/schemas/B' }\n    B: { properties: { x: { type: string } } }\n    C: { $ref: '#/components/schemas/A/properties/x' }\n`,
    })
    expect(document.imperfections).toEqual([])
    expect(JSON.stringify(document.root.components)).toContain('"C":{"$ref":"#/components/schemas/B/properties/x"}')
  })
})

describe('what cannot be understood', () => {
  it.each([
    ['paths: 5\n', 'paths must be an object, not 5', 3],
    ['paths: { /a: [] }\n', 'paths › /a must be an object, not []', 3],
    [
      'paths:\n  /a:\n    get: { parameters: [{ in: query }] }\n',
      'paths › /a › get › parameters › 0 must have a text as "name"',
      5,
    ],
    ['components:\n  schemas: [1]\n', 'components › schemas must be an object, not [1]', 4],
  ])('makes a document invalid: %j', async (text, message, line) => {
    const folder = await folderWith({ 'openapi.yaml': head + text })
    const trouble = await failureOf(path.join(folder, 'openapi.yaml'))
    expect(trouble.findings).toMatchObject([{ code: 'document-invalid', message, position: { line } }])
    expect(trouble.exitCode).toBe(2)
  })
})

it('anchors, twice or misspelt, keep no schema from being used, and references follow them', async () => {
  const document = await documentIn({
    'openapi.yaml': `${head}components:\n  schemas:\n    A: { $anchor: a, type: string }\n    B: { $anchor: a }\n    C: { $anchor: '1 b' }\n    D: { $ref: '#a' }\n`,
  })
  expect(document.root.components).toEqual({
    schemas: { A: { type: 'string' }, B: {}, C: {}, D: { $ref: '#/components/schemas/A' } },
  })
})
