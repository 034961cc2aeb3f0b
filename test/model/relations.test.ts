import { describe, expect, it } from 'vitest'
import { operationOf } from '../kit/index.ts'

const pointer = '#/paths/~1things/post/responses/200/x-contract'

/** What is read of an `x-contract`, written as YAML in flow style. */
async function read(contract: string) {
  const operation = await operationOf(`responses: { '200': { description: D, x-contract: ${contract} } }`)
  const [response] = operation.responses
  if (response === undefined) throw new Error('the operation has no response')
  return response
}

describe('the relations of a response', () => {
  it('are read with their places', async () => {
    const { relations, relationFaults } = await read(
      `
      equal: [[$response.body#/name, $request.body#/name], [$response.body#/on, $request.body#/on, default: false]],
      unique: [$response.body#/id],
      ordered: [[$response.body#/from, $response.body#/to]]
    `
        .trim()
        .replace(/^/, '{ ')
        .concat(' }'),
    )
    expect(relationFaults).toEqual([])
    expect(relations).toMatchObject({
      equal: [
        {
          left: { text: '$response.body#/name' },
          right: { text: '$request.body#/name' },
          pointer: `${pointer}/equal/0`,
        },
        { left: { text: '$response.body#/on' }, fallback: { value: false }, pointer: `${pointer}/equal/1` },
      ],
      unique: [{ place: { text: '$response.body#/id' }, pointer: `${pointer}/unique/0` }],
      ordered: [
        {
          first: { text: '$response.body#/from' },
          second: { text: '$response.body#/to' },
          pointer: `${pointer}/ordered/0`,
        },
      ],
    })
    expect(relations.equal[0]?.fallback).toBeUndefined()
  })

  it('are none where nothing is said', async () => {
    const operation = await operationOf('summary: plain')
    expect(operation.responses[0]).toMatchObject({
      relations: { equal: [], unique: [], ordered: [] },
      relationFaults: [],
    })
  })

  it('may have null for a default', async () => {
    const { relations } = await read('{ equal: [[$response.body#/a, $request.body#/a, default: null]] }')
    expect(relations.equal[0]?.fallback).toEqual({ value: null })
  })
})

describe('what cannot be read', () => {
  it.each([
    ['{ equals: [] }', '/equals', '"equals" is unknown here; known are equal, unique and ordered'],
    ['{ equal: {} }', '/equal', '"equal" must be a list'],
    ['{ equal: [$response.body] }', '/equal/0', 'must be [left, right] or [left, right, default: value]'],
    ['{ equal: [[$response.body]] }', '/equal/0', 'must be [left, right] or [left, right, default: value]'],
    ['{ equal: [[name, $statusCode]] }', '/equal/0', '"name" is not a runtime expression'],
    ['{ equal: [[7, $statusCode]] }', '/equal/0', '7 is not a runtime expression'],
    ['{ equal: [[$statusCode, $method, 7]] }', '/equal/0', 'the third item must be `default: value`'],
    ['{ equal: [[$statusCode, $method, { fallback: 7 }]] }', '/equal/0', 'the third item must be `default: value`'],
    ['{ unique: [$response.path.id] }', '/unique/0', '"$response.path.id" is not a runtime expression'],
    ['{ ordered: [[$statusCode]] }', '/ordered/0', 'must be [earlier, later]'],
  ])('is told with its place: %s', async (contract, at, says) => {
    expect((await read(contract)).relationFaults).toEqual([{ pointer: `${pointer}${at}`, says }])
  })

  it('does not keep the rest from being read', async () => {
    const { relations, relationFaults } = await read('{ unique: [nonsense, $response.body#/id] }')
    expect(relations.unique.map(({ place }) => place.text)).toEqual(['$response.body#/id'])
    expect(relationFaults).toHaveLength(1)
  })
})
