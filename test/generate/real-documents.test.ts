import { existsSync } from 'node:fs'
import path from 'node:path'
import SwaggerParser from '@apidevtools/swagger-parser'
import { Ajv, type ValidateFunction } from 'ajv'
import Ajv2020 from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { describe, expect, it } from 'vitest'
import { hash, sample } from '../../src/generate/index.ts'
import { isJson, parseMediaType } from '../../src/http/index.ts'
import { Api, loadDocument } from '../../src/index.ts'
import { Part } from '../../src/model/index.ts'

const folder = process.env.CONTRATO_DOCUMENTS ?? '../shared/documents'

/** Operations that are taken of each document, spread evenly over it. */
const taken = Number(process.env.TAKEN ?? 25)

/** Shares of valid values, of all 2xx JSON responses; those that contradict themselves are counted as well. */
const goals = [
  { file: 'museum.yaml', share: 1 },
  { file: 'discord.json', share: 0.99 },
  { file: 'box.json', share: 0.99 },
  { file: 'stripe.yaml', share: 0.99 },
  { file: 'digitalocean.yaml', share: 0.99 },
  { file: 'github.json', share: 0.99 },
] as const

/** The validator of this test: another reading of the document than that of the model, with 3.0 understood natively. */
async function judgeOf(file: string): Promise<(pointer: string) => ValidateFunction> {
  const root = (await SwaggerParser.bundle(file)) as unknown as { openapi: string }
  const old = root.openapi.startsWith('3.0')
  const options = { strict: false, validateSchema: false, unicodeRegExp: false, logger: false } as const
  const ajv = old ? new Ajv({ ...options, ignoreKeywordsWithRef: true }) : new Ajv2020.default(options)
  addFormats.default(ajv as never)
  withoutExamples(root)
  if (old) understand30(root)
  ajv.addSchema(root, 'doc:')
  return pointer =>
    ajv.compile({ $ref: `doc:${pointer.split('/').map(encodeURIComponent).join('/').replace('%23', '#')}` })
}

/** Examples may hold what looks like a schema with an identifier. */
function withoutExamples(node: unknown, inProperties = false): void {
  if (typeof node !== 'object' || node === null) return
  const object = node as Record<string, unknown>
  if (!inProperties) for (const name of ['example', 'examples']) delete object[name]
  for (const [name, member] of Object.entries(object)) withoutExamples(member, name === 'properties' && !inProperties)
}

/** What 3.0 says otherwise than JSON Schema: booleans as exclusive bounds, and `nullable`. */
function understand30(node: unknown): void {
  if (typeof node !== 'object' || node === null) return
  for (const member of Object.values(node)) understand30(member)
  const schema = node as Record<string, unknown>
  for (const name of ['exclusiveMinimum', 'exclusiveMaximum'])
    if (typeof schema[name] === 'boolean') delete schema[name]
  if (typeof schema.nullable !== 'boolean') return
  const { nullable, ...rest } = schema
  for (const name of Object.keys(schema)) delete schema[name]
  Object.assign(schema, nullable ? { anyOf: [rest, { type: 'null' }] } : rest)
}

describe('values for the success responses of real documents', () => {
  for (const { file, share } of goals) {
    const absolute = path.resolve(folder, file)
    const absent = !existsSync(absolute)
    it.skipIf(absent)(
      absent ? `${file}: skipped, there is no ${absolute}` : `${file}: at least ${share * 100} of 100 are valid`,
      { timeout: 120_000 },
      async ({ annotate }) => {
        const document = await loadDocument(absolute)
        const api = new Api(document)
        const validatorAt = await judgeOf(absolute)
        const step = Math.max(1, Math.floor(api.operations.length / taken))
        const invalid: string[] = []
        let valid = 0
        for (const operation of api.operations.filter((_, at) => at % step === 0)) {
          for (const response of operation.responses.filter(({ status }) => status.startsWith('2'))) {
            for (const { mediaType, schema } of response.content) {
              if (schema === undefined || !isJson(parseMediaType(mediaType)?.essence ?? '')) continue
              const part = Part.of(document.root).at(schema.pointer)
              if (part === undefined) throw new Error(`no part at ${schema.pointer}`)
              const made = sample(schema, part, hash(operation.id))
              const validate = validatorAt(schema.pointer)
              if (made.kind === 'made' && validate(made.value)) valid += 1
              else
                invalid.push(
                  `${operation.id} ${response.status}: ${made.kind === 'made' ? JSON.stringify(validate.errors?.slice(0, 2)) : made.says}`,
                )
            }
          }
        }
        const all = valid + invalid.length
        const table = [`${valid} of ${all} are valid`, ...invalid].join('\n  ')
        await annotate(table)
        expect(valid / all, table).toBeGreaterThanOrEqual(share)
      },
    )
  }
})
