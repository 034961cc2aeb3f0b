import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { whyNotXml } from '../../src/model/codecs/xml-check.ts'
import { type Element, writeXml } from '../../src/model/codecs/xml-writer.ts'
import { decodeBody, encodeBody } from '../../src/model/index.ts'
import { operationOf } from '../kit/index.ts'

describe('well-formed XML', () => {
  it.each([
    '<a/>',
    '\ufeff<?xml version="1.0"?>\n<!-- one - two --><a b="1" c=\'&lt;>"\' ><b>x &amp; y</b ><c/></a>\n<!-- end -->',
    '<a><![CDATA[ <&]]>\u00e9</a>',
    '<soap:Envelope xmlns:soap="urn:x"><soap:Body>&#x20;</soap:Body></soap:Envelope>',
    '<größe>1</größe>',
    '<!DOCTYPE a [ <!ENTITY b "<c>"> ]><a>&b;</a>',
    '<?xml version="1.0" encoding="ISO-8859-1"?><a',
  ])('%s is taken', text => {
    expect(decodeBody('application/xml', Buffer.from(text))).toEqual({ kind: 'opaque' })
  })

  it.each([
    ['', 'Root element is missing or invalid (line 1, column 1)'],
    ['text', 'Root element is missing or invalid (line 1, column 1)'],
    ['{"a":1}', 'Root element is missing or invalid (line 1, column 1)'],
    ['<a><b></a>', 'Missing end tag for element b (line 1, column 7)'],
    ['<a>', 'Missing end tag for element a (line 1, column 4)'],
    ['<a/><b/>', 'Extra content at the end of the document (line 1, column 5)'],
    ['<a>1 & 2</a>', 'Unterminated reference (a reference must end with `;`) (line 1, column 8)'],
    ['<a>&nbsp;</a>', "Named entity isn't defined: &nbsp; (line 1, column 4)"],
    ['<a>1 < 2</a>', 'Missing end tag for element a (line 1, column 6)'],
    ['<a b/>', 'Attribute value expected (line 1, column 5)'],
    ['<a b=1/>', 'Attribute value expected (line 1, column 6)'],
    ['<a b="1" b="2"/>', 'Duplicate attribute: b (line 1, column 15)'],
    ['<a b="<"/>', 'Unescaped `<` is not allowed in an attribute value (line 1, column 7)'],
    ['<a b="1"c="2"/>', 'Unclosed start tag for element `a` (line 1, column 9)'],
    ['<a><!-- </a>', 'Unclosed comment (line 1, column 8)'],
    ['<a><!-- one -- two --></a>', "The string `--` isn't allowed inside a comment (line 1, column 13)"],
    ['<a>\u0001</a>', 'Invalid character (line 1, column 4)'],
  ])('is not %j: %s', (text, says) => {
    expect(whyNotXml(text)).toBe(says)
  })

  it('may be long, and may not be nested without end', () => {
    expect(whyNotXml(`<a b="1">${'<b/>'.repeat(100_000)}${'&amp;'.repeat(50_000)}</a>`)).toBeUndefined()
    expect(whyNotXml('<b>'.repeat(100_000))).toBe('it is nested too deeply to be read')
  })
})

it('what is written is well-formed, whatever the names and texts', () => {
  const { element } = fc.letrec<{ element: Element }>(tie => ({
    element: fc.record({
      name: fc.string(),
      attributes: fc.array(fc.tuple(fc.string(), fc.string()), { maxLength: 3 }),
      content: fc.oneof({ depthSize: 'small' }, fc.string(), fc.array(tie('element'), { maxLength: 3 })),
    }),
  }))
  fc.assert(
    fc.property(element, root => {
      expect(whyNotXml(writeXml(root))).toBeUndefined()
    }),
  )
})

describe('a value as XML', () => {
  it.each([
    [
      'a prefix without a namespace gets one',
      '{ type: object, xml: { name: a, prefix: p } }',
      {},
      '<p:a xmlns:p="urn:p"/>',
    ],
    [
      'a prefix that is declared around it needs no other',
      '{ xml: { name: a, prefix: p, namespace: "urn:x" }, properties: { b: { type: string, xml: { prefix: p } } } }',
      { b: '1' },
      '<p:a xmlns:p="urn:x"><p:b>1</p:b></p:a>',
    ],
    [
      'the node types of 3.2',
      '{ xml: { name: a }, properties: { b: { type: string, xml: { nodeType: attribute } }, c: { type: string, xml: { nodeType: text } } } }',
      { b: '1', c: 'x<y' },
      '<a b="1">x&lt;y</a>',
    ],
    [
      'an array that is an element, as 3.2 says it',
      '{ xml: { name: r }, properties: { list: { type: array, xml: { nodeType: element }, items: { type: string, xml: { name: one } } } } }',
      { list: ['x', 'y'] },
      '<r><list><one>x</one><one>y</one></list></r>',
    ],
  ])('%s', async (_, schema, value, expected) => {
    const operation = await operationOf(`requestBody: { content: { application/xml: { schema: ${schema} } } }`)
    const { bytes } = encodeBody('application/xml', value, operation.requestBody?.content[0]?.shape)
    expect(Buffer.from(bytes).toString()).toBe(`<?xml version="1.0" encoding="UTF-8"?>\n${expected}\n`)
  })
})
