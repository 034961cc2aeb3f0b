// @ts-check
/**
 * What is asked of every server, and what counts as an answer.
 * The webhook address is the discard port of this machine: a mock that delivers callbacks reaches nobody.
 */

/**
 * @typedef {'valid' | '400' | '401' | 'same' | 'different'} ScenarioId
 *
 * @typedef {object} Scenario
 * @property {ScenarioId} id
 * @property {string} title
 * @property {number} status the only right status
 * @property {Buffer} request the whole request as sent, head and body
 * @property {(request: Buffer) => Buffer} [next] makes each request another one; without it all are the same
 * @property {(body: any) => boolean} truthful whether the body of the answer speaks of this very request
 */

const NAME = 'Order updates for the Lisbon warehouse, second shift'
const HOOK = 'http://127.0.0.1:9/hook'
const NUMBERED = 'Order updates number 0000000000'
const AUTHORIZATION = { authorization: 'Bearer x' }

/** @type {Scenario[]} */
export const scenarios = [
  {
    id: 'valid',
    title: 'valid create: 201',
    status: 201,
    request: createRequest({ name: NAME, url: HOOK, enabled: true }, AUTHORIZATION),
    truthful: body =>
      body.name === NAME &&
      body.url === HOOK &&
      body.enabled === true &&
      body.instanceInstanceId === 'inst-1' &&
      typeof body.webhookId === 'string',
  },
  {
    id: '400',
    title: 'url missing: 400',
    status: 400,
    request: createRequest({ name: NAME, enabled: true }, AUTHORIZATION),
    truthful: body => body.statusCode === 400 && JSON.stringify(body.message).includes('url'),
  },
  {
    id: '401',
    title: 'no credentials: 401',
    status: 401,
    request: createRequest({ name: NAME, url: HOOK, enabled: true }, {}),
    truthful: body => body.statusCode === 401 && Array.isArray(body.message),
  },
  {
    id: 'same',
    title: 'made up, the same request: 201',
    status: 201,
    request: createRequest({ name: NAME, url: HOOK, enabled: true }, AUTHORIZATION),
    truthful: isWebhook,
  },
  {
    id: 'different',
    title: 'made up, all different: 201',
    status: 201,
    request: createRequest({ name: NUMBERED, url: HOOK, enabled: true }, AUTHORIZATION),
    next: numbered,
    truthful: isWebhook,
  },
]

/** @type {Scenario} */
export const validCreate = scenario('valid')

/**
 * @param {ScenarioId} id
 * @returns {Scenario}
 */
function scenario(id) {
  const found = scenarios.find(one => one.id === id)
  if (!found) throw new Error(`no such scenario: ${id}`)
  return found
}

/**
 * @param {object} json the body
 * @param {Record<string, string>} headers beside the three every request has
 * @returns {Buffer}
 */
function createRequest(json, headers) {
  const body = Buffer.from(JSON.stringify(json))
  const fields = { host: '127.0.0.1', 'content-type': 'application/json', 'content-length': body.length, ...headers }
  const head = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.concat([Buffer.from(`POST /api/v2/instance/inst-1/webhook HTTP/1.1\r\n${head.join('')}\r\n`), body])
}

/**
 * @param {any} body
 */
function isWebhook(body) {
  return typeof body.webhookId === 'string' && typeof body.enabled === 'boolean' && typeof body.url === 'string'
}

let count = 0

/**
 * @param {Buffer} request with a number of ten digits in it
 * @returns {Buffer} with a number that no request had before
 */
function numbered(request) {
  const copy = Buffer.from(request)
  count += 1
  copy.write(String(count).padStart(10, '0'), copy.indexOf('0000000000'), 'latin1')
  return copy
}
