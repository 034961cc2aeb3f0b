// @ts-check
/** By hand: node:http, Ajv for the body, an answer that echoes it. `node ajv-http.mjs PORT` */
import { createServer } from 'node:http'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { badRequest, createWebhook, unauthorized } from './answers.mjs'

const port = Number(process.argv[2])
const path = /^\/api\/v2\/instance\/([^/]+)\/webhook$/
const validate = new Ajv2020({ allErrors: true }).compile({
  type: 'object',
  required: ['name', 'url'],
  properties: { name: { type: 'string' }, url: { type: 'string' }, enabled: { type: 'boolean' } },
})
let created = 0

createServer((request, response) => {
  /** @type {Buffer[]} */
  const chunks = []
  request.on('data', chunk => chunks.push(chunk))
  request.on('end', () => {
    const { status, json } = answer(request, Buffer.concat(chunks))
    const body = Buffer.from(JSON.stringify(json))
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'content-length': body.length })
    response.end(body)
  })
}).listen(port, '127.0.0.1')

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {Buffer} body
 */
function answer(request, body) {
  const instanceId = path.exec(request.url ?? '')?.[1]
  if (request.method !== 'POST' || !instanceId) return { status: 404, json: {} }
  if (!request.headers.authorization?.startsWith('Bearer ')) return { status: 401, json: unauthorized }
  const wanted = JSON.parse(body.toString())
  if (!validate(wanted)) return { status: 400, json: badRequest((validate.errors ?? []).map(toReason)) }
  created += 1
  return { status: 201, json: createWebhook(/** @type {any} */ (wanted), instanceId, `webhook-${created}`) }
}

/**
 * @param {import('ajv').ErrorObject} error
 */
function toReason({ instancePath, message }) {
  return `${instancePath || 'body'} ${message}`
}
