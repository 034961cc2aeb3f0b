import { isUtf8 } from 'node:buffer'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import express, { type ErrorRequestHandler, type Request, type Response } from 'express'

type Hook = Record<string, unknown> & { webhookId: string; instanceInstanceId: string; createdAt: string }

/** CodeChat once more, as an Express application of a few lines: ids that count, no events in a webhook, a limit of its own. */
export async function startExpress(token: string): Promise<AsyncDisposable & { readonly url: string }> {
  const hooks: Hook[] = []
  const app = express()
  app.disable('x-powered-by')
  const refuse = (response: Response, statusCode: number, error: string, ...message: string[]): void => {
    response.status(statusCode).json({ statusCode, error, message })
  }
  app.use((request, response, next) => {
    if (/^bearer\s+(.*)$/i.exec(request.get('authorization') ?? '')?.[1] === token) return next()
    response.set('WWW-Authenticate', 'Bearer')
    refuse(response, 401, 'Unauthorized', 'no')
  })
  // Left to itself, body-parser takes no bytes for an empty object and mends what is no UTF-8.
  const verify = (_request: unknown, _response: unknown, bytes: Buffer): void => {
    if (!isUtf8(bytes)) throw new Error('no UTF-8')
  }
  app.use((request, response, next) => {
    if (request.get('content-length') === '0') return refuse(response, 400, 'Bad Request', 'no body')
    next()
  })
  app.use(express.json({ limit: '50kb', type: 'application/json', verify }))

  const faultsOf = (body: unknown, needed: readonly string[], types: Readonly<Record<string, string>>): string[] => {
    if (typeof body !== 'object' || body === null || Array.isArray(body)) return ['the body must be an object']
    const fields = body as Record<string, unknown>
    const missing = needed.filter(name => !Object.hasOwn(fields, name)).map(name => `${name} is missing`)
    const wrong = Object.entries(types).filter(
      ([name, type]) => Object.hasOwn(fields, name) && typeof fields[name] !== type,
    )
    return [...missing, ...wrong.map(([name, type]) => `${name} must be a ${type}`)]
  }
  const base = '/api/v2/instance/:instanceId/webhook'
  const found = ({ params }: Request): Hook | undefined =>
    hooks.find(hook => hook.instanceInstanceId === params.instanceId && hook.webhookId === params.webhookId)

  app.post(base, (request, response) => {
    const faults = faultsOf(request.body, ['name', 'url'], { name: 'string', url: 'string', enabled: 'boolean' })
    if (faults.length > 0) return refuse(response, 400, 'Bad Request', ...faults)
    const { name, url, enabled = false } = request.body as Record<string, unknown>
    const now = new Date().toISOString()
    const { instanceId: instanceInstanceId } = request.params
    const webhookId = `${hooks.length + 1}-${randomBytes(4).toString('hex')}`
    const hook: Hook = { webhookId, name, url, enabled, createdAt: now, updatedAt: now, instanceInstanceId }
    hooks.push(hook)
    response.status(201).json(hook)
  })
  app.get(base, (request, response) => {
    response.json(hooks.filter(hook => hook.instanceInstanceId === request.params.instanceId))
  })
  app.get(`${base}/:webhookId`, (request, response) => {
    const hook = found(request)
    if (hook === undefined) return refuse(response, 400, 'Bad Request', 'not here')
    response.json(hook)
  })
  app.put(`${base}/:webhookId`, (request, response) => {
    const faults = faultsOf(request.body, ['name'], { name: 'string', url: 'string', enabled: 'boolean' })
    const hook = found(request)
    if (faults.length > 0 || hook === undefined) return refuse(response, 400, 'Bad Request', ...faults, 'no')
    const { name, url = hook.url, enabled = hook.enabled } = request.body as Record<string, unknown>
    response.status(201).json(Object.assign(hook, { name, url, enabled, updatedAt: new Date().toISOString() }))
  })
  app.patch(`${base}/:webhookId/events`, (request, response) => {
    const { body } = request
    const faults = faultsOf(body, [], Object.fromEntries(flags.map(name => [name, 'boolean'])))
    const hook = found(request)
    if (faults.length > 0 || hook === undefined) return refuse(response, 400, 'Bad Request', ...faults, 'no')
    const sent = Object.fromEntries(flags.filter(name => Object.hasOwn(body, name)).map(name => [name, body[name]]))
    const now = new Date().toISOString()
    const before = (hook.WebhookEvents ?? { webhookEventsId: `e${hook.webhookId}`, createdAt: now }) as object
    hook.WebhookEvents = { ...before, ...sent, updatedAt: now }
    response.json(hook.WebhookEvents)
  })
  app.use((_, response) => refuse(response, 404, 'Not Found', 'no such thing'))
  const failed: ErrorRequestHandler = (error: { statusCode?: number }, _request, response, _next) => {
    const tooLong = error.statusCode === 413
    refuse(response, tooLong ? 413 : 400, 'Bad Request', 'the body cannot be read')
  }
  app.use(failed)

  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

const flags = [
  ...['qrcodeUpdate', 'stateInstance', 'messagesSet', 'messagesUpsert', 'messagesUpdate', 'sendMessage', 'contactsSet'],
  ...['contactsUpsert', 'contactsUpdate', 'presenceUpdate', 'chatsSet', 'chatsUpdate', 'chatsUpsert', 'chatsDelete'],
  ...['groupsUpsert', 'groupUpdate', 'groupParticipantsUpdate', 'connectionUpdate', 'newJwt'],
]
