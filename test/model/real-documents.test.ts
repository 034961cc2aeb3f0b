import { describe, expect, it } from 'vitest'
import { loadDocument } from '../../src/document/index.ts'
import { Api, type Operation } from '../../src/model/index.ts'
import { realDocuments, request, troubleOf } from '../kit/index.ts'

const { skip, file } = realDocuments

describe.skipIf(skip)(`the documents of others${skip === false ? '' : ` (${skip})`}`, () => {
  it.each([
    ['museum.yaml', 8],
    ['discord.json', 242],
    ['box.json', 296],
    ['stripe.yaml', 468],
    ['digitalocean.yaml', 659],
    ['github.json', 1223],
  ])(
    '%s is read, with its %i operations, and a sample of them understands requests',
    async (name, count) => {
      const api = new Api(await loadDocument(file(name)))
      expect(api.operations).toHaveLength(count)
      expect(api.operations.filter(operation => !isFound(api, operation)).map(({ id }) => id)).toEqual([])
      for (const operation of every(Math.ceil(count / 8), api.operations)) {
        const sent = request(`${operation.method} ${operation.path}`, { body: '{"' })
        expect(operation.read(sent, {}).faults).toEqual(expect.any(Array))
        for (const { content } of operation.responses) {
          for (const { schema } of content) expect(() => schema?.mismatches({})).not.toThrow()
        }
      }
    },
    60_000,
  )

  it('codechat-v1.yaml breaks the specification, and is told where', async () => {
    const found = await troubleOf(file('codechat-v1.yaml'))
    expect(found.map(({ at, message }) => [at, message])).toEqual([
      ['codechat-v1.yaml:463:5', '"404" is not a field that may stand in paths › /instance/connect/{instanceName}'],
      ['codechat-v1.yaml:1115:19', expect.stringMatching(/^"externalAttributes" is not a field that may stand in /)],
      ['codechat-v1.yaml:1203:19', expect.stringMatching(/^"externalAttributes" is not a field that may stand in /)],
      ['codechat-v1.yaml:2296:17', expect.stringMatching(/^"instanceId" is not a field that may stand in /)],
    ])
  })
})

/** Whether a path that is made from its template leads back to an operation of the same template. */
function isFound(api: Api, operation: Operation): boolean {
  const match = api.match(operation.method, operation.path.replaceAll(/\{[^}]*\}/g, 'x-1'))
  return match.kind === 'found' && match.operation === operation
}

function every<T>(step: number, items: readonly T[]): T[] {
  return items.filter((_, at) => at % step === 0)
}
