import { describe, expect, it } from 'vitest'
import { profiles } from '../../src/events/index.ts'
import { rules } from '../../src/lint/index.ts'
import { broken, lint, lintFiles, sound, told } from './kit.ts'

it('finds nothing in a document without a fault', async () => {
  expect(await lint(sound)).toEqual([])
})

it('has a code of its own for every rule', () => {
  expect(new Set(rules.map(({ code }) => code)).size).toBe(rules.length)
})

describe('example-invalid', () => {
  it('finds a named example of an answer', async () => {
    expect(await lint(broken('id: a1, state: open', 'id: a1, state: 7'))).toEqual([
      'api.yaml:19:43 error example-invalid: The example "one" of listOrders 200 does not match its schema: [0].state must be string, [0].state must be one of "open", "closed"',
    ])
  })

  it('finds the example of a request', async () => {
    expect(await lint(broken('example: { state: open }', 'example: { state: gone }'))).toEqual([
      'api.yaml:27:24 error example-invalid: The example {"state":"gone"} of createOrder request does not match its schema: state must be one of "open", "closed"',
    ])
  })

  it('finds the example of a parameter', async () => {
    expect(await lint(broken('example: 10', 'example: ten'))).toEqual([
      'api.yaml:9:64 error example-invalid: The example "ten" of parameter limit of listOrders does not match its schema: must be integer',
    ])
  })

  it('finds the example of a header', async () => {
    expect(await lint(broken('example: 2', 'example: two'))).toEqual([
      'api.yaml:14:51 error example-invalid: The example "two" of header X-Total of listOrders 200 does not match its schema: must be integer',
    ])
  })

  it('finds the example of a callback', async () => {
    expect(await lint(broken('example: { sum: 7 }', 'example: { sum: much }'))).toEqual([
      'api.yaml:44:32 error example-invalid: The example {"sum":"much"} of onPaid request does not match its schema: sum must be number',
    ])
  })

  it('finds the example of a webhook', async () => {
    const webhooks = `webhooks:
  cancelled:
    post:
      requestBody:
        content: { application/json: { schema: { type: string }, example: 5 } }
      responses: { '200': { description: Received. } }
components:`
    expect(await lint(broken('components:', webhooks))).toEqual([
      'api.yaml:51:66 error example-invalid: The example 5 of POST cancelled request does not match its schema: must be string',
    ])
  })

  it('finds the example of a schema', async () => {
    expect(await lint(broken('examples: [ ABC ]', 'examples: [ ABC, abc ]'))).toEqual([
      'api.yaml:56:69 error example-invalid: The example "abc" of code in Order does not match its schema: must match the pattern ^[A-Z]+$',
    ])
  })

  it('finds the one example of a schema of 3.0 where it was written', async () => {
    const old = sound.replace('3.1.0', '3.0.3').replace('examples: [ ABC ]', 'example: abc')
    expect(await lint(old)).toEqual([
      'api.yaml:56:52 error example-invalid: The example "abc" of code in Order does not match its schema: must match the pattern ^[A-Z]+$',
    ])
  })

  it('finds false, zero and null where they are wrong', async () => {
    expect(await lint(broken('example: { sum: 7 }', 'example: false'))).toEqual([
      'api.yaml:44:21 error example-invalid: The example false of onPaid request does not match its schema: must be object',
    ])
    expect(await lint(broken('example: { sum: 7 }', 'example: 0'))).toEqual([
      'api.yaml:44:21 error example-invalid: The example 0 of onPaid request does not match its schema: must be object',
    ])
    expect(await lint(broken('example: { sum: 7 }', 'example: null'))).toEqual([
      'api.yaml:44:21 error example-invalid: The example null of onPaid request does not match its schema: must be object',
    ])
  })

  it('says once what is wrong with an example that two answers share', async () => {
    const shared = `examples: { one: { $ref: '#/components/examples/One' } }`
    const text = broken('examples:\n                one: { value: [ { id: a1, state: open } ] }', shared)
      .replace(
        "{ schema: { $ref: '#/components/schemas/Order' } }\n          x-",
        `{ schema: { $ref: '#/components/schemas/Order' }, ${shared} }\n          x-`,
      )
      .replace("type: array, items: { $ref: '#/components/schemas/Order' }", "$ref: '#/components/schemas/Order'")
      .replace('  schemas:', '  examples: { One: { value: { id: 7, state: open } } }\n  schemas:')
    expect(await lint(text)).toEqual([
      'api.yaml:48:31 error example-invalid: The example "one" of listOrders 200 does not match its schema: id must be string',
    ])
  })

  it('says once what is wrong with a schema of another file that many reference', async () => {
    const findings = await lintFiles({
      'api.yaml': broken('{ type: integer }, example: 10', "{ $ref: 'limit.yaml', description: How many. }").replace(
        'X-Total: { schema: { type: integer }, example: 2 }',
        "X-Total: { schema: { $ref: 'limit.yaml', description: Of so many. } }",
      ),
      'limit.yaml': 'type: integer\nexamples: [ ten ]\n',
    })
    expect(told(findings)).toEqual([
      'limit.yaml:2:13 error example-invalid: The example "ten" of parameter limit of listOrders does not match its schema: must be integer',
    ])
  })

  it('points at the first wrong thing and lists three', async () => {
    const wrong = "example: { state: 1, code: 2, id: 3, url: 'x' }"
    expect(await lint(broken('example: { state: open }', wrong))).toEqual([
      'api.yaml:27:43 error example-invalid: The example {"state":1,"code":2,"id":3,"url":"x"} of createOrder request does not match its schema: id must be string, state must be string, state must be one of "open", "closed", and 1 more',
    ])
  })

  it('does not ask a request for what is read only, and an answer for what is write only', async () => {
    expect(await lint(broken('example: { state: open }', 'example: {}'))).toEqual([
      'api.yaml:27:13 error example-invalid: The example {} of createOrder request does not match its schema: state is required',
    ])
    expect(await lint(broken('id: a1, state: open', 'state: open'))).toEqual([
      'api.yaml:19:33 error example-invalid: The example "one" of listOrders 200 does not match its schema: [0].id is required',
    ])
    const writeOnly = broken('readOnly: true', 'writeOnly: true')
    expect(await lint(writeOnly.replace('id: a1, state: open', 'state: open'))).toEqual([
      'api.yaml:27:13 error example-invalid: The example {"state":"open"} of createOrder request does not match its schema: id is required',
    ])
  })

  it('takes a text of another media type as the body itself', async () => {
    const xml =
      'application/xml:\n            schema: { $ref: "#/components/schemas/Order" }\n            example: <order/>'
    const text = broken(
      'application/json:\n            schema',
      `${xml}\n          application/json:\n            schema`,
    )
    expect(await lint(text)).toEqual([])
    expect(await lint(text.replace('<order/>', '<order>'))).toEqual([
      'api.yaml:27:13 error example-invalid: The example "<order>" of createOrder request (application/xml) is not well-formed XML: Missing end tag for element order (line 1, column 8)',
    ])
  })
})

it('knows the request side of a body among the components', async () => {
  const text = broken(
    `requestBody:
        content:
          application/json:
            schema: { $ref: '#/components/schemas/Order' }
            example: { state: open }`,
    "requestBody: { $ref: '#/components/requestBodies/New' }",
  ).replace(
    '  schemas:',
    "  requestBodies: { New: { content: { application/json: { schema: { $ref: '#/components/schemas/Order' }, example: {} } } } }\n  schemas:",
  )
  expect(await lint(text)).toEqual([
    'api.yaml:45:106 error example-invalid: The example {} of request body New does not match its schema: state is required',
  ])
})

describe('default-invalid', () => {
  it('finds the default of a component', async () => {
    expect(await lint(broken('default: open', 'default: shut'))).toEqual([
      'api.yaml:55:56 error default-invalid: The default "shut" of state in Order does not match its schema: must be one of "open", "closed"',
    ])
  })

  it('finds the default in a callback', async () => {
    expect(await lint(broken('default: 0', "default: '0'"))).toEqual([
      'api.yaml:43:80 error default-invalid: The default "0" of sum in onPaid request does not match its schema: must be number',
    ])
  })

  it('finds the default beside a reference', async () => {
    const text = broken(
      'schema: { type: integer }, example: 10',
      "schema: { $ref: '#/components/schemas/Order', default: 3 }",
    )
    expect(await lint(text)).toEqual([
      'api.yaml:9:83 error default-invalid: The default 3 of parameter limit of listOrders does not match its schema: must be object',
    ])
  })
})

describe('enum-invalid', () => {
  it('finds each value that the type refuses', async () => {
    expect(await lint(broken('enum: [ open, closed ]', 'enum: [ open, 2, 3 ]'))).toEqual([
      'api.yaml:55:46 error enum-invalid: The enum value 2 of state in Order can never occur: must be string',
      'api.yaml:55:49 error enum-invalid: The enum value 3 of state in Order can never occur: must be string',
    ])
  })

  it('finds a null that the type refuses', async () => {
    expect(await lint(broken('enum: [ open, closed ]', 'enum: [ open, null ]'))).toEqual([
      'api.yaml:55:46 error enum-invalid: The enum value null of state in Order can never occur: must be string',
    ])
  })
})

describe('schema-unusable', () => {
  it('finds a pattern that is no regular expression, and not what references it', async () => {
    expect(await lint(broken("pattern: '^[A-Z]+$', examples: [ ABC ]", "pattern: '['"))).toEqual([
      'api.yaml:56:31 error schema-unusable: The schema of code in Order cannot be used: Invalid regular expression: /[/: Unterminated character class',
    ])
  })

  it('finds a keyword of the wrong type', async () => {
    expect(await lint(broken("pattern: '^[A-Z]+$'", 'minLength: short'))).toEqual([
      'api.yaml:56:31 error schema-unusable: The schema of code in Order cannot be used: minLength must be number',
    ])
  })

  it('finds an enum without values, and no other enum', async () => {
    const text = broken("pattern: '^[A-Z]+$', examples: [ ABC ]", 'enum: []')
    expect(await lint(text)).toEqual([
      'api.yaml:56:9 error schema-unsatisfiable: Nothing matches code in Order: its list of values (enum) is empty',
    ])
    expect(await lint(text.replace(/^openapi: .*/m, 'openapi: 3.0.3'))).toEqual([
      expect.stringMatching(/^api.yaml:56:31 error document-imperfect: .* enum must NOT have fewer than 1 items$/),
    ])
  })

  it('finds a type that does not exist', async () => {
    expect(await lint(broken('{ type: string, pattern', '{ type: text, pattern'))).toEqual([
      'api.yaml:56:17 error schema-unusable: The schema of code in Order cannot be used: "text" is no type of JSON Schema',
    ])
  })

  it('finds it in a circle of references', async () => {
    const circle = `Order:
      type: object
      properties: { next: { $ref: '#/components/schemas/Next' } }
    Next:
      patternProperties: { '(': { type: string } }
      properties: { order: { $ref: '#/components/schemas/Order' } }
    Old:`
    expect(await lint(broken('Order:\n', `${circle}\n`))).toEqual([
      'api.yaml:54:28 error schema-unusable: The schema of Next cannot be used: Invalid regular expression: /(/: Unterminated group',
    ])
  })

  it('finds two in one schema', async () => {
    const text = broken(
      "code: { type: string, pattern: '^[A-Z]+$'",
      "more: { pattern: '(' }\n        code: { pattern: '['",
    )
    expect(await lint(text)).toEqual([
      'api.yaml:56:17 error schema-unusable: The schema of more in Order cannot be used: Invalid regular expression: /(/: Unterminated group',
      'api.yaml:57:17 error schema-unusable: The schema of code in Order cannot be used: Invalid regular expression: /[/: Unterminated character class',
    ])
  })
})

describe('operations', () => {
  it('finds one without operationId', async () => {
    expect(
      await lint(broken('operationId: createOrder', 'summary: Order').replace('create: createOrder, ', '')),
    ).toEqual(['api.yaml:21:5 warning operation-id-missing: POST /orders has no operationId'])
  })

  it('finds one without success', async () => {
    expect(await lint(broken("'201':", "'102':"))).toEqual([
      'api.yaml:28:7 error success-missing: createOrder documents no success, only 102, 4XX',
    ])
  })

  it.each(['2XX', '302', 'default'])('takes %s as a success', async status => {
    expect(await lint(broken("'201':", `'${status}':`))).toEqual([])
  })

  it('finds one without a 4xx', async () => {
    const text = broken("        '4XX': { description: A wrong request. }\n    post:", '    post:')
    expect(await lint(text)).toEqual([
      `api.yaml:10:7 warning client-error-missing: listOrders documents no 4xx response, so what it answers to a wrong request is nobody's promise`,
    ])
  })

  it.each(['4XX', '403', 'default'])('takes %s as a client error', async status => {
    const text = broken(
      "'4XX': { description: A wrong request. }\n    post:",
      `'${status}': { description: No. }\n    post:`,
    )
    expect(await lint(text)).toEqual([])
  })

  it('finds those without security when the document states none', async () => {
    expect(await lint(broken('security: [ { key: [] } ]\n', ''))).toEqual([
      'api.yaml:5:5 warning security-missing: listOrders does not say which credentials it takes, nor does the document',
      'api.yaml:20:5 warning security-missing: createOrder does not say which credentials it takes, nor does the document',
    ])
  })

  it('takes an operation that is open to everybody on purpose', async () => {
    const text = broken('security: [ { key: [] } ]\n', '').replaceAll(
      /^ {6}operationId/gm,
      '      security: []\n      operationId',
    )
    expect(await lint(text)).toEqual([])
  })
})

describe('extension-invalid', () => {
  it('finds what is wrong with the relations of an answer', async () => {
    expect(await lint(broken('equal: [ [', 'equals: [ ['))).toEqual([
      'api.yaml:33:25 error extension-invalid: x-contract of createOrder 201: "equals" is unknown here; known are equal, unique and ordered',
    ])
    expect(await lint(broken('$response.body#/state, $request', 'response.body#/state, $request'))).toEqual([
      'api.yaml:33:34 error extension-invalid: x-contract of createOrder 201: "response.body#/state" is not a runtime expression',
    ])
  })

  it('finds an unknown key at the root', async () => {
    expect(await lint(broken('{ resources: {', '{ resource: {'))).toEqual([
      'api.yaml:57:15 error extension-invalid: x-contract: "resource" is unknown; known are resources, delivery',
    ])
  })

  it('finds an unknown role of a resource', async () => {
    expect(await lint(broken('create: createOrder', 'creates: createOrder'))).toEqual([
      'api.yaml:57:45 error extension-invalid: x-contract resource order: "creates" is unknown; known are id, create, list, read, update, replace, remove',
    ])
  })

  it('finds a name that is no operation', async () => {
    expect(await lint(broken('create: createOrder', 'create: makeOrder'))).toEqual([
      'api.yaml:57:45 error extension-invalid: x-contract resource order: create is "makeOrder", which is no operationId of the document',
    ])
  })

  it('finds a condition that is no runtime expression', async () => {
    expect(await lint(broken('when: [ $response.body#/state ]', 'when: [ response.state ]'))).toEqual([
      'api.yaml:46:37 error extension-invalid: x-contract of onPaid: "response.state" is not a runtime expression',
    ])
    expect(await lint(broken('when: [ $response.body#/state ]', 'when: $response.body#/state'))).toEqual([
      'api.yaml:46:29 error extension-invalid: x-contract of onPaid: "when" must be a list of runtime expressions',
    ])
    expect(await lint(broken('when: [ $response.body#/state ]', 'if: []'))).toEqual([
      'api.yaml:46:29 error extension-invalid: x-contract of onPaid: "if" is unknown; known are when',
    ])
  })

  it('finds a condition where no event is', async () => {
    expect(
      await lint(broken('operationId: listOrders', 'operationId: listOrders\n      x-contract: { when: [] }')),
    ).toEqual(['api.yaml:8:21 error extension-invalid: x-contract of listOrders: "when" is unknown; known are causes'])
  })

  it('finds what is wrong with the events that an exchange causes', async () => {
    const causing = (causes: string): Promise<string[]> =>
      lint(broken('operationId: listOrders', `operationId: listOrders\n      x-contract: { causes: ${causes} }`))
    const fault = (says: string): unknown[] => [
      expect.stringMatching(
        new RegExp(`^api\\.yaml:8:\\d+ error extension-invalid: x-contract of listOrders:? ${says}$`),
      ),
    ]
    const set = 'when: [ $response.body#/0 ], set: { id: $response.body#/0/id }'
    expect(await causing(`[ { event: paid, ${set} } ]`)).toEqual([])
    expect(await causing('paid')).toEqual(fault('"causes" must be a list of events'))
    expect(await causing('[ paid ]')).toEqual(fault('must be a map'))
    expect(await causing('[ { event: shipped } ]')).toEqual(
      fault('"shipped" is neither a callback nor a webhook of the document'),
    )
    expect(await causing('[ { event: paid, set: { id: yes } } ]')).toEqual(fault('"yes" is not a runtime expression'))
    expect(await causing('[ { when: [] } ]')).toEqual(fault('"event" is missing'))
    expect(await causing('[ { event: paid, set: { "a..b": $statusCode } } ]')).toEqual(
      fault('"a..b" is no place of a payload, as data.items\\[0\\].name'),
    )
    expect(await causing('[ { event: paid, set: { "a[0].b": $request.query.limit, \'["c.d"]\': $url } } ]')).toEqual([])
    expect(await causing('[ { event: paid, when: [ $request.path.id ] } ]')).toEqual(
      fault('"\\$request.path.id" names no path parameter of the operation; it has none'),
    )
    expect(await causing('[ { event: paid, set: { id: $request.query.limt } } ]')).toEqual(
      fault('"\\$request.query.limt" names no query parameter of the operation; it has .*limit.*'),
    )
    expect(await causing('[ { event: paid, of: [] } ]')).toEqual(fault('"of" is unknown; known are event, when, set'))
  })

  it('finds a way to deliver events that is none, and takes every one that there is', async () => {
    const ways = (delivery: string): Promise<string[]> =>
      lint(broken('resources: {', `delivery: ${delivery}, resources: {`))
    for (const { name } of profiles) expect(await ways(name)).toEqual([])
    expect(await ways('pigeon')).toEqual([
      expect.stringContaining(
        'x-contract: "pigeon" is not a way to deliver events; there are codechat, standard-webhooks, github, stripe',
      ),
    ])
  })

  it('finds an extension that is no map', async () => {
    expect(
      await lint(broken('{ resources: { order: { id: id, create: createOrder, list: listOrders } } }', 'all')),
    ).toEqual(['api.yaml:57:1 error extension-invalid: x-contract must be a map'])
  })
})

it('gives a finding its operation, pointer, position and help', async () => {
  expect(await lintFiles({ 'api.yaml': broken('example: 10', 'example: ten') })).toEqual([
    {
      code: 'example-invalid',
      severity: 'error',
      message: 'The example "ten" of parameter limit of listOrders does not match its schema: must be integer',
      help: 'Correct the example, or the schema if the example shows what is really sent.',
      operation: 'listOrders',
      pointer: '#/paths/~1orders/get/parameters/0/example',
      position: { file: 'api.yaml', line: 9, column: 64 },
    },
  ])
})

describe('operation-unreachable', () => {
  it('finds the operation whose place another takes', async () => {
    const path = `paths:
  /orders/{a}: { get: { operationId: one, responses: { '200': { description: One. }, default: { description: No. } } } }
  /orders/{b}: { get: { operationId: two, responses: { '200': { description: Two. }, default: { description: No. } } } }`
    expect(await lint(broken('paths:', path))).toEqual([
      'api.yaml:5:18 error operation-unreachable: one cannot be reached: its path /orders/{a} is the same as /orders/{b} of two, which answers',
    ])
  })
})

describe('refusal-missing', () => {
  const path = (responses: string, security = '[ { key: [] } ]') => `paths:
  /secret: { get: { operationId: secret, security: ${security}, responses: { '200': { description: One. }, ${responses} } } }`

  it('finds an operation that takes credentials and says nothing of who has none', async () => {
    expect(await lint(broken('paths:', path("'400': { description: No. }")))).toEqual([
      "api.yaml:5:69 warning refusal-missing: secret takes credentials and documents neither 401 nor 403, so what it answers without them is nobody's promise",
    ])
  })

  it.each(['401', '403', '4XX', 'default'])('is content with %s', async status => {
    expect(
      await lint(broken('paths:', path(`'400': { description: No. }, '${status}': { description: No. }`))),
    ).toEqual([])
  })

  it.each(['[]', '[ {}, { key: [] } ]'])('is content where everybody may call: %s', async security => {
    expect(await lint(broken('paths:', path("'400': { description: No. }", security)))).toEqual([])
  })
})

it('names with signs that mean something in a pointer keep their positions', async () => {
  const path = `paths:
  /a%20b/c~d:
    get:
      operationId: odd
      responses:
        '200':
          description: One.
          content: { application/json: { schema: { properties: { 'x/y~%25': { type: string, example: 7 } } } } }
        default: { description: No. }`
  expect(await lint(broken('paths:', path))).toEqual([
    'api.yaml:11:93 error example-invalid: The example 7 of x/y~%25 in odd 200 does not match its schema: must be string',
  ])
})

describe('schema-unsatisfiable', () => {
  const findings = async (schemas: string) => {
    const all = await lint(broken('  schemas:\n', `  schemas:\n${schemas}`))
    return all.map(text => text.replace(/^api\.yaml:/, ''))
  }

  it.each([
    [
      'what requires itself',
      '    Node: { type: object, required: [ next ], properties: { next: { $ref: "#/components/schemas/Node" } } }\n',
      ['50:5 error schema-unsatisfiable: Nothing matches Node: it requires itself, by next'],
    ],
    [
      'a list that has to hold itself',
      '    List: { type: array, minItems: 1, items: { $ref: "#/components/schemas/List" } }\n',
      ['50:5 error schema-unsatisfiable: Nothing matches List: it requires itself, by []'],
    ],
    [
      'what depends on itself',
      '    Self: { anyOf: [ { $ref: "#/components/schemas/Self" }, { type: string } ] }\n',
      ['50:5 error schema-unusable: The schema of Self cannot be used: it consists of itself'],
    ],
    [
      'types that contradict',
      '    Both: { allOf: [ { type: string }, { type: integer } ] }\n',
      ['50:5 error schema-unsatisfiable: Nothing matches Both: it has to be string and integer at once'],
    ],
    [
      'bounds that cross',
      '    Text: { type: string, minLength: 5, allOf: [ { maxLength: 2 } ] }\n',
      ['50:5 error schema-unsatisfiable: Nothing matches Text: minLength 5 is above maxLength 2'],
    ],
    [
      'lists without a common value',
      '    One: { enum: [ a, b ], allOf: [ { enum: [ c ] } ] }\n',
      [
        '50:20 error enum-invalid: The enum value "a" of One can never occur: must be one of "c"',
        '50:23 error enum-invalid: The enum value "b" of One can never occur: must be one of "c"',
        '50:5 error schema-unsatisfiable: Nothing matches One: its lists of values (enum) have no value in common',
      ],
    ],
    [
      'a const of another type',
      '    Fixed: { type: string, const: 7 }\n',
      ['50:28 error schema-unsatisfiable: Nothing matches Fixed: the rest of it refuses its const 7: must be string'],
    ],
  ])('finds %s', async (_, schemas, expected) => {
    expect((await findings(schemas)).sort()).toEqual([...expected].sort())
  })

  it.each([
    '    Node: { type: object, properties: { next: { $ref: "#/components/schemas/Node" } } }\n',
    '    Node: { type: [ object, "null" ], required: [ next ], properties: { next: { $ref: "#/components/schemas/Node" } } }\n',
    '    List: { type: array, items: { $ref: "#/components/schemas/List" } }\n',
    '    Both: { allOf: [ { type: number }, { type: integer } ] }\n',
    '    Some: { type: [ string, "null" ], allOf: [ { type: string } ] }\n',
    '    Node: { type: object, required: [ next ], properties: { next: { oneOf: [ { type: "null" }, { $ref: "#/components/schemas/Node" } ] } } }\n',
  ])('is content with %s', async schemas => {
    expect(await findings(schemas)).toEqual([])
  })
})
