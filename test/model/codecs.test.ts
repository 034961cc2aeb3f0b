import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { encodeBody } from '../../src/model/index.ts'
import { operationOf, refusals, request } from '../kit/index.ts'

/** An operation that takes one media type, of this schema and with this encoding. */
function taking(mediaType: string, schema: string, encoding = '{}') {
  return operationOf(
    `requestBody:
  required: true
  content:
    ${JSON.stringify(mediaType)}: { schema: ${schema.replaceAll('\n', ' ')}, encoding: ${encoding} }
`,
  )
}

/** What a body is understood as, or why it is refused. */
async function understood(
  mediaType: string,
  schema: string,
  body: string | Uint8Array,
  { encoding = '{}', contentType = mediaType } = {},
): Promise<unknown> {
  const operation = await taking(mediaType, schema, encoding)
  const sent = request('POST /things', { headers: { 'Content-Type': contentType }, body })
  const reading = operation.read(sent, {})
  return reading.faults.length > 0 ? reading.faults.map(({ reason }) => reason) : { value: reading.body }
}

const formType = 'application/x-www-form-urlencoded'
const person = `{ type: object, required: [name], properties: {
  name: { type: string }, age: { type: integer }, tags: { type: array, items: { type: string } },
  ids: { type: array, items: { type: integer } }, on: { type: boolean },
  address: { type: object, properties: { city: { type: string }, zip: { type: integer } } } } }`

describe('a form', () => {
  it.each([
    ['name=a&age=7&on=true', '{}', { value: { name: 'a', age: 7, on: true } }],
    ['name=a+b%20c', '{}', { value: { name: 'a b c' } }],
    ['name=a&tags=x&tags=y', '{}', { value: { name: 'a', tags: ['x', 'y'] } }],
    ['name=a&tags=x', '{}', { value: { name: 'a', tags: ['x'] } }],
    ['name=a&tags[]=x&tags[]=y', '{}', { value: { name: 'a', tags: ['x', 'y'] } }],
    ['name=a&ids[0]=1&ids[1]=2', '{}', { value: { name: 'a', ids: [1, 2] } }],
    ['name=a&address=%7B%22zip%22%3A1%7D', '{}', { value: { name: 'a', address: { zip: 1 } } }],
    ['name=a&address[city]=b&address[zip]=1', '{}', { value: { name: 'a', address: { city: 'b', zip: 1 } } }],
    [
      'name=a&address[zip]=1',
      '{ address: { style: deepObject, explode: true } }',
      { value: { name: 'a', address: { zip: 1 } } },
    ],
    ['name=a&ids=1,2', '{ ids: { style: form, explode: false } }', { value: { name: 'a', ids: [1, 2] } }],
    ['name=a&ids=1%7C2', '{ ids: { style: pipeDelimited, explode: false } }', { value: { name: 'a', ids: [1, 2] } }],
    ['name=a&more=1&more=2&x[y]=3', '{}', { value: { name: 'a', more: ['1', '2'], x: { y: '3' } } }],
    ['__proto__=1&name=a', '{}', { value: JSON.parse('{"name":"a","__proto__":"1"}') }],
    ['age=x', '{}', ['name: is required', 'age: must be integer']],
    ['name=a&address=x', '{}', ['address: must be object']],
    ['name=a&address[zip]=x', '{}', ['address.zip: must be integer']],
    ['name=%zz', '{}', ['body: has a field "name" that is not valid percent-encoding']],
    ['', '{}', ['body: is required']],
  ])('%s with the encoding %s', async (body, encoding, expected) => {
    expect(await understood(formType, person, body, { encoding })).toEqual(expected)
  })

  it.each(['{}', '{ cut: { style: deepObject, explode: true } }'])(
    'has a text where the schema allows lists and that text, with the encoding %s',
    async encoding => {
      const lines = `{ type: object, properties: { cut: { anyOf: [
        { type: array, items: { type: object, properties: { id: { type: integer } } } }, { enum: ['', all] }] } } }`
      const sent = (body: string) => understood(formType, lines, body, { encoding })
      expect(await sent('cut=all')).toEqual({ value: { cut: 'all' } })
      expect(await sent('cut=')).toEqual({ value: { cut: '' } })
      expect(await sent('cut[0][id]=1')).toEqual({ value: { cut: [{ id: 1 }] } })
    },
  )

  it('of a great many fields is refused', async () => {
    const body = 'a=1&'.repeat(200_000)
    expect(await understood(formType, person, body)).toEqual(['body: has more than 10000 fields'])
  })

  it('that is said to be a text is not judged', async () => {
    expect(await understood(formType, '{ type: string, format: uuid }', 'a=1')).toEqual({ value: undefined })
  })

  it('nested without end is refused', async () => {
    const body = `name=a&address${'[x]'.repeat(100_000)}=1`
    expect(await understood(formType, person, body)).toEqual(['body: has a field "address" that is nested too deeply'])
  })
})

const boundary = 'multipart/form-data; boundary=xx'

function parts(...sent: readonly (readonly [head: string, body: string])[]): string {
  return `${sent.map(([head, body]) => `--xx\r\n${head}\r\n\r\n${body}\r\n`).join('')}--xx--\r\n`
}

const field = (name: string, more = ''): string => `Content-Disposition: form-data; name="${name}"${more}`

describe('a multipart form', () => {
  it('has a text where the schema allows lists and that text', async () => {
    const schema = `{ type: object, properties: { ids: { anyOf: [
      { type: array, items: { type: integer } }, { enum: [all] }] } } }`
    expect(await multipart(parts([field('ids'), 'all']), schema)).toEqual({ value: { ids: 'all' } })
    expect(await multipart(parts([field('ids'), '1']), schema)).toEqual({ value: { ids: [1] } })
  })

  const multipart = (body: string | Uint8Array, schema = person, encoding = '{}', contentType = boundary) =>
    understood('multipart/form-data', schema, body, { encoding, contentType })

  it('has values by the schema', async () => {
    const body = parts(
      [field('name'), 'größe'],
      [field('age'), '7'],
      [field('tags'), 'x'],
      [field('tags'), 'y'],
      [field('address'), '{"zip":1}'],
    )
    expect(await multipart(body)).toEqual({
      value: { name: 'größe', age: 7, tags: ['x', 'y'], address: { zip: 1 } },
    })
  })

  it('may have names in brackets', async () => {
    const body = parts(
      [field('name'), 'a'],
      [field('ids[]'), '1'],
      [field('ids[]'), '2'],
      [field('address[city]'), 'b'],
      [field('address[zip]'), '3'],
    )
    expect(await multipart(body)).toEqual({ value: { name: 'a', ids: [1, 2], address: { city: 'b', zip: 3 } } })
    const own = '{ type: object, properties: { "ids[]": { type: array, items: { type: integer } } } }'
    expect(await multipart(parts([field('ids[]'), '1']), own)).toEqual({ value: { 'ids[]': [1] } })
    expect(await multipart(parts([field(`ids${'[]'.repeat(50)}`), '1']))).toEqual([
      'body: has a part "ids" that is nested too deeply',
    ])
  })

  it('that a browser makes is understood', async () => {
    const form = new FormData()
    form.append('name', 'a "b"')
    form.append('ids', '1')
    form.append('file "1"', new Blob([Uint8Array.from([0, 255, 13, 10])], { type: 'image/png' }), 'ö.png')
    const sent = new Request('http://localhost', { method: 'POST', body: form })
    const body = new Uint8Array(await sent.arrayBuffer())
    expect(await multipart(body, person, '{}', sent.headers.get('content-type') ?? '')).toEqual({
      value: { name: 'a "b"', ids: [1], 'file "1"': '\u0000\u00ff\r\n' },
    })
  })

  const upload =
    '{ type: object, required: [file], properties: { file: { type: string, format: binary, maxLength: 3 } } }'

  it('takes a file, whose length counts bytes', async () => {
    const file = field('file', '; filename="a.bin"\r\nContent-Type: application/octet-stream')
    expect(await multipart(parts([file, 'ab']), upload)).toEqual({ value: { file: 'ab' } })
    expect(await multipart(parts([file, 'öö']), upload)).toEqual([expect.stringMatching(/^file: .*3 characters/)])
    expect(await multipart(parts([field('x'), '']), upload)).toEqual(['file: is required'])
  })

  it('has parts of the media types that the document says', async () => {
    const picture = field('file', '; filename="a"\r\nContent-Type: image/png')
    const encoding = '{ file: { contentType: "image/png, image/jpeg" } }'
    expect(await multipart(parts([picture, 'ab']), upload, encoding)).toEqual({ value: { file: 'ab' } })
    const gif = field('file', '; filename="a"\r\nContent-Type: image/gif')
    expect(await multipart(parts([gif, 'ab']), upload, encoding)).toEqual([
      'body: has a part "file" that is image/gif where the document says image/png or image/jpeg',
    ])
  })

  it('has the headers that the document says', async () => {
    const encoding = '{ file: { headers: { X-Sum: { required: true, schema: { type: string } } } } }'
    expect(await multipart(parts([field('file'), 'ab']), upload, encoding)).toEqual([
      'X-Sum (header of part file): is required',
    ])
    expect(await multipart(parts([field('file', '\r\nx-sum: 1'), 'ab']), upload, encoding)).toEqual({
      value: { file: 'ab' },
    })
  })

  describe('with headers of its parts', () => {
    const limited = `{ file: { headers: {
      X-Size: { schema: { type: integer, maximum: 9 } },
      X-Tags: { schema: { type: array, items: { enum: [a, b] } } },
      X-Meta: { content: { application/json: { schema: { type: object, required: [on] } } } },
      Content-Type: { required: true, schema: { const: text/never } } } } }`
    const sent = async (schema: string, ...heads: string[]) => {
      const operation = await taking('multipart/form-data', schema, limited.replaceAll('\n', ' '))
      const body = parts(...heads.map(head => [field('file', head), 'ab'] as const))
      return operation.read(request('POST /things', { headers: { 'Content-Type': boundary }, body }), {}).faults
    }

    it.each([
      ['\r\nX-Size: 9\r\nX-Tags: a, b\r\nX-Meta: {"on":1}', []],
      ['', []],
      ['\r\nX-Size: ten', ['X-Size (header of part file): must be integer (sent: "ten")']],
      ['\r\nX-Tags: a,c', ['X-Tags[1] (header of part file): must be one of "a", "b" (sent: "a,c")']],
      ['\r\nX-Meta: {}', ['X-Meta.on (header of part file): is required (sent: "{}")']],
      [
        `\r\nX-Size: ${'1'.repeat(100)}`,
        [expect.stringMatching(/^X-Size \(header of part file\): .* \(sent: "1{80}…"\)$/)],
      ],
    ])('a part with %j is refused for %j', async (head, reasons) => {
      expect((await sent(upload, head)).map(({ reason }) => reason)).toEqual(reasons)
    })

    it('the clause and the part of several are named', async () => {
      const several = '{ type: object, properties: { file: { type: array, items: { type: string } } } }'
      expect(await sent(several, '\r\nX-Size: 1', '\r\nX-Size: 10')).toEqual([
        {
          kind: 'invalid',
          reason: 'X-Size (header of part file[1]): must be <= 9 (sent: "10")',
          pointer: expect.stringMatching(/encoding\/file\/headers\/X-Size\/schema\/maximum$/),
        },
      ])
    })
  })

  it('with a part that says it is JSON and is none is refused', async () => {
    const body = parts([field('address', '\r\nContent-Type: application/json'), '{"zip":'])
    expect(await multipart(body)).toEqual(['body: has a part "address" that is not valid JSON'])
  })

  it.each([
    ['--yy\r\n', 'body: does not contain its boundary "--xx"'],
    ['x', 'body: does not contain its boundary "--xx"'],
    [`--xx\r\n${field('name')}\r\n\r\na\r\n`, 'body: ends before its closing boundary "--xx--"'],
    [`--xx\r\n${field('name')}\r\n--xx--`, 'body: has no empty line after the header of part 1'],
    ['--xx\r\nnonsense\r\n\r\na\r\n--xx--', 'body: has a header that cannot be read in part 1'],
    ['--xx\r\nX-A: b\r\n\r\na\r\n--xx--', 'body: has no name in the Content-Disposition of part 1'],
    [`--xx\r\nX: ${'a'.repeat(20_000)}\r\n\r\na\r\n--xx--`, 'body: has a header of more than 16384 bytes in part 1'],
    [parts(...Array.from({ length: 1_001 }, () => [field('a'), ''] as const)), 'body: has more than 1000 parts'],
  ])('that is malformed is refused with the reason: %j', async (body, reason) => {
    expect(await multipart(body)).toEqual([reason])
  })

  it('without a boundary is refused', async () => {
    expect(await multipart('--xx--', person, '{}', 'multipart/form-data')).toEqual([
      'body: has no boundary: its Content-Type must name one',
    ])
  })

  it('may have text around its parts, and lines that only begin like the boundary', async () => {
    const body = `preamble\r\n--xx  \r\n${field('name')}\r\n\r\n--xxy\r\n--xx-\r\n\r\n--xx--\r\nepilogue`
    expect(await multipart(body)).toEqual({ value: { name: '--xxy\r\n--xx-\r\n' } })
  })

  it('with an empty part is understood', async () => {
    expect(await multipart(`--xx\r\n${field('name')}\r\n\r\n\r\n--xx--`)).toEqual({ value: { name: '' } })
    expect(await multipart('--xx--', '{ type: object }')).toEqual({ value: {} })
  })

  it('of hostile bytes is refused before the test runs out of time', async () => {
    for (const body of ['--xx\r\n'.repeat(170_000), '\r\n--x'.repeat(200_000), `--xx${' '.repeat(1_000_000)}`]) {
      expect(await multipart(body)).toEqual([expect.stringMatching(/^body: /)])
    }
  })
})

describe('other bodies', () => {
  it.each([
    ['text/plain', '{ type: integer }', '7', { value: 7 }],
    ['text/plain', '{ type: string, maxLength: 2 }', 'abc', [expect.stringMatching(/^body: /)]],
    ['text/csv', '{ type: string }', 'a,b', { value: 'a,b' }],
    ['text/csv', '{ type: array, items: {} }', 'a,b', { value: undefined }],
    ['application/octet-stream', '{ type: string, format: binary }', Buffer.from([0xff]), { value: undefined }],
    ['image/png', '{ type: object }', Buffer.from([0xff]), { value: undefined }],
    ['application/xml', '{ type: object, required: [a] }', '<a/>', { value: undefined }],
    ['application/soap+xml', '{ type: object, required: [a] }', '<a/>', { value: undefined }],
    ['text/xml', '{ type: object, required: [a] }', '<a/>', { value: undefined }],
    ['Application/JSON; Charset="UTF-8"', '{ type: integer }', '7', { value: 7 }],
  ])('%s of the schema %s', async (mediaType, schema, body, expected) => {
    expect(await understood(mediaType, schema, body)).toEqual(expected)
  })

  it('of a multipart without names is a list', async () => {
    const body = '--xx\r\nContent-Type: application/json\r\n\r\n{"a":1}\r\n--xx\r\n\r\nb\r\n--xx--'
    const contentType = 'multipart/mixed; boundary="xx"'
    expect(await understood('multipart/mixed', '{ type: array, items: {} }', body, { contentType })).toEqual({
      value: [{ a: 1 }, 'b'],
    })
  })
})

describe('the coding of a body', () => {
  const json = Buffer.from('{"name":"a"}')
  const coded = async (coding: string, body: Uint8Array) => {
    const operation = await taking('application/json', person)
    return operation.read(
      request('POST /things', { headers: { 'Content-Encoding': coding, 'Content-Type': 'application/json' }, body }),
      {},
    )
  }

  it.each<[string, Uint8Array]>([
    ['gzip', gzipSync(json)],
    ['X-GZIP', gzipSync(json)],
    ['deflate', deflateSync(json)],
    ['deflate', deflateRawSync(json)],
    ['br', brotliCompressSync(json)],
    ['gzip, br', brotliCompressSync(gzipSync(json))],
    ['identity', json],
    ['identity, gzip', gzipSync(json)],
  ])('%s is taken off', async (coding, body) => {
    expect(await coded(coding, body)).toMatchObject({ body: { name: 'a' }, faults: [] })
  })

  it('that makes a great many bytes of few is refused', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024))
    expect((await coded('gzip', bomb)).faults).toMatchObject([
      { kind: 'too-large', reason: 'body: is longer than 10485760 bytes when decoded' },
    ])
  })

  it.each([
    [
      'gzip, gzip, gzip, gzip, gzip',
      'encoding',
      'Content-Encoding: gzip is not supported, send gzip, deflate, br or none',
    ],
    ['zstd', 'encoding', 'Content-Encoding: zstd is not supported, send gzip, deflate, br or none'],
    ['br', 'syntax', 'body: is not br, as Content-Encoding says'],
  ])('%s is refused as %s', async (coding, kind, reason) => {
    expect((await coded(coding, json)).faults).toMatchObject([{ kind, reason }])
  })
})

describe('what is written', () => {
  it.each([
    [formType, person, '{}', { name: 'a b&c', age: 7, tags: ['x', 'y'], address: { zip: 1 } }],
    [formType, person, '{ address: { style: deepObject, explode: true } }', { name: 'a', address: { zip: 1 } }],
    [formType, person, '{ ids: { style: form, explode: false } }', { name: 'a', ids: [1, 2] }],
    ['multipart/form-data', person, '{}', { name: 'ö', age: 7, tags: ['x', 'y'], address: { zip: 1 } }],
    ['multipart/form-data', person, '{ name: { contentType: text/plain } }', { name: 'ö' }],
    ['multipart/form-data', person, '{ name: { contentType: application/json } }', { name: 'ö "7"' }],
    ['multipart/form-data', person, '{ address: { headers: { X-A: { schema: {} } } } }', { name: 'a', address: {} }],
    ['application/json', person, '{}', { name: 'a' }],
    ['text/plain', '{ type: integer }', '{}', 7],
  ])('as %s is read back as what it was', async (mediaType, schema, encoding, value) => {
    const operation = await taking(mediaType, schema, encoding)
    const shape = operation.requestBody?.content[0]?.shape
    const { contentType, bytes } = encodeBody(mediaType, value, shape)
    const sent = request('POST /things', { headers: { 'Content-Type': contentType }, body: bytes })
    expect(refusals(operation, sent)).toEqual([])
    expect(operation.read(sent, {}).body).toEqual(value)
  })

  it.each([
    [
      '{ type: object, xml: { name: pet } }',
      { id: 1, name: 'a<b&"c"' },
      '<pet><id>1</id><name>a&lt;b&amp;"c"</name></pet>',
    ],
    [
      '{ type: object, xml: { name: pet }, properties: { id: { type: integer, xml: { attribute: true } } } }',
      { id: 1, name: '' },
      '<pet id="1"><name/></pet>',
    ],
    [
      '{ type: object, xml: { name: pet, prefix: p, namespace: "http://e.com/a?b&c" } }',
      {},
      '<p:pet xmlns:p="http://e.com/a?b&amp;c"/>',
    ],
    [
      '{ xml: { name: r }, properties: { animals: { type: array, items: { type: string } } } }',
      { animals: ['a', 'b'] },
      '<r><animals>a</animals><animals>b</animals></r>',
    ],
    [
      '{ xml: { name: r }, properties: { animals: { type: array, xml: { name: aliens }, items: { type: string, xml: { name: animal } } } } }',
      { animals: ['a', 'b'] },
      '<r><animal>a</animal><animal>b</animal></r>',
    ],
    [
      '{ xml: { name: r }, properties: { animals: { type: array, xml: { wrapped: true }, items: { type: string } } } }',
      { animals: ['a', 'b'] },
      '<r><animals><animals>a</animals><animals>b</animals></animals></r>',
    ],
    [
      '{ xml: { name: r }, properties: { animals: { type: array, xml: { name: aliens, wrapped: true }, items: { type: string, xml: { name: animal } } } } }',
      { animals: ['a', 'b'] },
      '<r><aliens><animal>a</animal><animal>b</animal></aliens></r>',
    ],
    ['{ type: array, items: { type: integer } }', [1, 2], '<root><item>1</item><item>2</item></root>'],
    ['{ type: object }', { '1 a': 'x\u0000', ö: null }, '<root><_1_a>x\uFFFD</_1_a><ö/></root>'],
  ])('as XML of the schema %s', async (schema, value, expected) => {
    const operation = await taking('application/xml', schema)
    const { bytes } = encodeBody('application/xml', value, operation.requestBody?.content[0]?.shape)
    expect(Buffer.from(bytes).toString()).toBe(`<?xml version="1.0" encoding="UTF-8"?>\n${expected}\n`)
  })
})
