// @ts-check
/**
 * A second reading of a document, made without any code of contrato: swagger-parser bundles it, Ajv judges by the schemas
 * as they stand, with what OpenAPI 3.0 says otherwise than JSON Schema understood natively.
 */
import SwaggerParser from '@apidevtools/swagger-parser'
import { Ajv } from 'ajv'
import Ajv2020 from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

/**
 * A documented JSON body of a response.
 *
 * @typedef {object} Promised
 * @property {string} method in capitals
 * @property {string} path the template
 * @property {string} status as documented: a code, a range or `default`
 * @property {number} code to ask for
 * @property {string} mediaType
 * @property {string} pointer to the schema, in the bundle
 *
 * @typedef {object} Reading
 * @property {readonly Promised[]} promises
 * @property {number} operations
 * @property {(promised: Promised, value: unknown) => string | undefined} fault why a body is wrong, `undefined` when it is not
 */

/** @type {readonly string[]} */
const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']

/** Statuses that carry no body, whatever is documented. */
const bodyless = new Set([204, 205, 304])

/**
 * @param {string} file
 * @returns {Promise<Reading>}
 */
export async function readIndependently(file) {
  const root = /** @type {any} */ (await SwaggerParser.bundle(file, { resolve: { http: false } }))
  const old = String(root.openapi).startsWith('3.0')
  const { promises, operations } = enumerate(root)
  withoutExamples(root)
  if (old) understand30(root)
  const options = { strict: false, validateSchema: false, unicodeRegExp: false, logger: false, meta: false }
  const ajv = old ? new Ajv(/** @type {any} */ (options)) : new Ajv2020.default(/** @type {any} */ (options))
  addFormats.default(/** @type {any} */ (ajv))
  ajv.addSchema(root, 'doc:')
  /** @type {Map<string, import('ajv').ValidateFunction>} */
  const compiled = new Map()
  return {
    promises,
    operations,
    fault: ({ pointer }, value) => {
      const validate = compiled.get(pointer) ?? ajv.compile({ $ref: `doc:#${pointer}` })
      compiled.set(pointer, validate)
      if (validate(value)) return undefined
      const [first] = validate.errors ?? []
      return `${first?.instancePath || 'the body'} ${first?.message}`
    },
  }
}

/**
 * @param {any} root
 * @returns {{ promises: Promised[], operations: number }}
 */
function enumerate(root) {
  /** @type {Promised[]} */
  const promises = []
  let operations = 0
  for (const [path, item] of members(root, root.paths)) {
    for (const method of methods) {
      const operation = item.value[method]
      if (typeof operation !== 'object') continue
      operations += 1
      // An answer to HEAD has no body to judge.
      if (method === 'head') continue
      const responses = members(root, operation.responses, `${item.pointer}/${method}/responses`)
      const codes = responses.map(([status]) => status).filter(status => !status.startsWith('x-'))
      for (const [status, response] of responses) {
        const code = codeFor(status, codes)
        if (code === undefined || bodyless.has(code)) continue
        for (const [mediaType, content] of members(root, response.value.content, `${response.pointer}/content`)) {
          if (!/^application\/(.*\+)?json\b/i.test(mediaType) || content.value.schema === undefined) continue
          const pointer = `${content.pointer}/schema`
          promises.push({ method: method.toUpperCase(), path, status, code, mediaType, pointer })
        }
      }
    }
  }
  return { promises, operations }
}

/**
 * A code that leads to what is documented under this status and to nothing else.
 *
 * @param {string} status
 * @param {readonly string[]} documented
 * @returns {number | undefined}
 */
function codeFor(status, documented) {
  if (/^[2-5]\d\d$/.test(status)) return Number(status)
  const range = /^([2-5])XX$/i.exec(status)?.[1]
  if (range === undefined && status !== 'default') return undefined
  const free = Array.from({ length: 100 }, (_, at) => Number(range ?? 5) * 100 + at)
  return free.find(code => !documented.includes(String(code)) && !bodyless.has(code))
}

/**
 * The members of an object with references followed, and where they stand.
 *
 * @param {any} root
 * @param {any} owner
 * @param {string} at
 * @returns {[string, { value: any, pointer: string }][]}
 */
function members(root, owner, at = '/paths') {
  return Object.entries(owner ?? {}).map(([name, member]) => {
    let value = member
    let pointer = `${at}/${encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))}`
    while (typeof value?.$ref === 'string' && value.$ref.startsWith('#/')) {
      pointer = value.$ref.slice(1)
      value = pointer
        .slice(1)
        .split('/')
        .map(token => decodeURIComponent(token).replaceAll('~1', '/').replaceAll('~0', '~'))
        .reduce((/** @type {any} */ here, token) => here?.[token], root)
    }
    return [name, { value: value ?? {}, pointer }]
  })
}

/**
 * Examples may hold what looks like a schema with an identifier.
 *
 * @param {any} node
 */
function withoutExamples(node, inProperties = false) {
  if (typeof node !== 'object' || node === null) return
  if (!inProperties) for (const name of ['example', 'examples']) delete node[name]
  for (const [name, member] of Object.entries(node)) withoutExamples(member, name === 'properties' && !inProperties)
}

/** @type {readonly (readonly [string, string])[]} */
const bounds = [
  ['exclusiveMinimum', 'minimum'],
  ['exclusiveMaximum', 'maximum'],
]

/**
 * What 3.0 says otherwise than JSON Schema: booleans as exclusive bounds, `nullable`, and that
 * nothing beside a reference counts.
 *
 * @param {any} node
 */
function understand30(node, inProperties = false) {
  if (typeof node !== 'object' || node === null) return
  for (const [name, member] of Object.entries(node)) understand30(member, name === 'properties' && !inProperties)
  if (inProperties) return
  if (typeof node.$ref === 'string') for (const name of Object.keys(node)) if (name !== '$ref') delete node[name]
  for (const [exclusive, bound] of bounds) {
    if (typeof node[exclusive] !== 'boolean') continue
    const { [exclusive]: applies, [bound]: value } = node
    delete node[exclusive]
    if (!applies || typeof value !== 'number') continue
    delete node[bound]
    node[exclusive] = value
  }
  if (typeof node.nullable !== 'boolean') return
  const { nullable, ...rest } = node
  for (const name of Object.keys(node)) delete node[name]
  Object.assign(node, nullable ? { anyOf: [rest, { type: 'null' }] } : rest)
}
