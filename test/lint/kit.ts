import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import { loadDocument } from '../../src/document/index.ts'
import type { Finding } from '../../src/finding/index.ts'
import { lintDocument } from '../../src/lint/index.ts'
import { Api } from '../../src/model/index.ts'

/** Lints a document of one or more files, the first its entry; `lint.yaml` is the ruleset beside it. */
export async function lintFiles(files: Record<string, string>, options: { ruleset?: string } = {}): Promise<Finding[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'contrato-lint-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  for (const [name, text] of Object.entries({ 'lint.yaml': 'rules: {}\n', ...files })) {
    await writeFile(path.join(folder, name), text)
  }
  const entry = Object.keys(files).find(name => name !== 'lint.yaml') ?? ''
  const document = await loadDocument(path.join(folder, entry))
  const findings = await lintDocument(document, new Api(document), options)
  return findings.map(finding => JSON.parse(without(folder, JSON.stringify(finding))) as Finding)
}

/** A text with the files of a folder named as seen from there; contrato shows them from where the tests run. */
function without(folder: string, text: string): string {
  const seen = path.relative(process.cwd(), folder)
  return text.replaceAll(`${folder}${path.sep}`, '').replaceAll(`${seen}${path.sep}`, '')
}

/** The findings of one file, each on one line: place, severity, code or rule, message. */
export async function lint(text: string, ruleset = 'rules: {}\n'): Promise<string[]> {
  return told(await lintFiles({ 'api.yaml': text, 'lint.yaml': ruleset }))
}

export function told(findings: readonly Finding[]): string[] {
  return findings.map(({ position, severity, rule, code, message }) => {
    const place = position === undefined ? '' : `${position.file}:${position.line}:${position.column}`
    return `${place} ${severity} ${rule ?? code}: ${message}`
  })
}

/** A document without a fault, with places to break. */
export const sound = `openapi: 3.1.0
info: { title: Orders, version: '1' }
security: [ { key: [] } ]
paths:
  /orders:
    get:
      operationId: listOrders
      parameters:
        - { name: limit, in: query, schema: { type: integer }, example: 10 }
      responses:
        '200':
          description: The orders.
          headers:
            X-Total: { schema: { type: integer }, example: 2 }
          content:
            application/json:
              schema: { type: array, items: { $ref: '#/components/schemas/Order' } }
              examples:
                one: { value: [ { id: a1, state: open } ] }
        '4XX': { description: A wrong request. }
    post:
      operationId: createOrder
      requestBody:
        content:
          application/json:
            schema: { $ref: '#/components/schemas/Order' }
            example: { state: open }
      responses:
        '201':
          description: The order.
          content:
            application/json: { schema: { $ref: '#/components/schemas/Order' } }
          x-contract: { equal: [ [ $response.body#/state, $request.body#/state ] ] }
        '4XX': { description: A wrong request. }
      callbacks:
        paid:
          '{$request.body#/url}':
            post:
              operationId: onPaid
              requestBody:
                content:
                  application/json:
                    schema: { type: object, properties: { sum: { type: number, default: 0 } } }
                    example: { sum: 7 }
              responses: { '200': { description: Received. } }
              x-contract: { when: [ $response.body#/state ] }
components:
  securitySchemes: { key: { type: apiKey, in: header, name: x-key } }
  schemas:
    Order:
      type: object
      required: [ id, state ]
      properties:
        id: { type: string, readOnly: true }
        state: { type: string, enum: [ open, closed ], default: open }
        code: { type: string, pattern: '^[A-Z]+$', examples: [ ABC ] }
x-contract: { resources: { order: { id: id, create: createOrder, list: listOrders } } }
`

/** The sound document with one thing changed. */
export function broken(right: string, wrong: string): string {
  if (sound.split(right).length !== 2) throw new Error(`${right} does not stand once in the sound document`)
  return sound.replace(right, () => wrong)
}
