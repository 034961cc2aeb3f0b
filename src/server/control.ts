import { isIP } from 'node:net'
import type { NextFunction, Request, Response, Router } from 'express'
import { exitCodes, Trouble } from '../finding/index.ts'
import { sessionOf } from '../http/index.ts'

/** What can be asked of a running mock about what it remembers and the events that it sends; in one session, where that is named. */
export type Control = {
  subscriptions(session?: string): Promise<unknown>
  events(): Promise<unknown>
  deliveries(session?: string): Promise<unknown>
  /** Emits an event; resolves when every delivery was tried once, or is accepted. */
  trigger(wanted: unknown, until: 'tried' | 'accepted', session?: string): Promise<unknown>
  /** Delivers once more; `undefined` when there is no such delivery. */
  resend(id: string): Promise<unknown>
  /** Moves the time of retries on. */
  advance(duration: unknown): Promise<void>
  /** Forgets what is remembered, or the parts of it that are named; resolves to what that was. */
  reset(wanted?: unknown, session?: string): Promise<unknown>
}

/** Longest body of an order, in bytes. */
const maxOrder = 1024 * 1024

const paths = ['/subscriptions', '/events', '/deliveries', '/deliveries/:id/resend', '/clock', '/reset']

/**
 * The routes of what is remembered and of the events. They take orders from programs of this machine and from pages of this server; a page of another
 * site gets nothing, whichever name it gave this address.
 *
 * @param control without it, the routes say that there are no events
 */
export async function controlRoutes(control: Control | undefined): Promise<Router> {
  const { default: express } = await import('express')
  const router = express.Router()
  router.all(paths, refuseStrangers)
  if (control === undefined) {
    router.all(paths, (_request, response) => {
      const detail = 'Several processes answer here, and none of them knows everybody who asked for events.'
      tell(response, 404, detail, {
        help: 'Let them remember together: contrato mock --workers N --state redis://HOST',
      })
    })
    return router
  }
  router.use(express.json({ limit: maxOrder, strict: false }))
  const answer = (ask: (request: Request) => Promise<unknown>) => async (request: Request, response: Response) => {
    const said = await ask(request)
    if (said === undefined) tell(response, 404, `There is no delivery ${request.params.id}.`)
    else response.json(said)
  }
  router.get(
    '/subscriptions',
    answer(request => control.subscriptions(sessionIn(request))),
  )
  router.get(
    '/events',
    answer(() => control.events()),
  )
  router.get(
    '/deliveries',
    answer(request => control.deliveries(sessionIn(request))),
  )
  router.post('/events', needJson, async (request, response) => {
    // RFC 7240, section 4.1.
    const isAsync = /\brespond-async\b/i.test(request.get('prefer') ?? '')
    const triggered = await control.trigger(request.body, isAsync ? 'accepted' : 'tried', sessionIn(request))
    if (isAsync) response.status(202).set('preference-applied', 'respond-async')
    response.json(triggered)
  })
  router.post(
    '/deliveries/:id/resend',
    answer(request => control.resend(String(request.params.id))),
  )
  router.post(
    '/clock',
    needJson,
    answer(async request => {
      await control.advance(request.body)
      return {}
    }),
  )
  router.delete(
    '/deliveries',
    answer(request => control.reset({ forget: ['subscriptions', 'deliveries'] }, sessionIn(request))),
  )
  const reset = answer(request => control.reset(request.body, sessionIn(request)))
  router.post('/reset', needJsonIfAny, reset)
  router.all(paths, (request, response) => {
    tell(response, 405, `${request.method} is not possible here; the README lists what is.`)
  })
  router.use(tellTrouble)
  return router
}

/** A page may be shown under a name that leads here (DNS rebinding), or send what needs no permission. */
function refuseStrangers(request: Request, response: Response, next: NextFunction): void {
  const { host = '', origin, 'sec-fetch-site': site } = request.headers
  const name = URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname.replace(/^\[(.*)\]$/, '$1') : ''
  const isOurs = isIP(name) > 0 || name === 'localhost' || name.endsWith('.localhost')
  if (!isOurs) {
    tell(response, 403, `Host ${host} is not an address of this machine; use 127.0.0.1 or localhost.`)
    return
  }
  const isSameOrigin = origin === undefined || (URL.canParse(origin) && new URL(origin).host === host)
  const isSameSite = site === undefined || site === 'same-origin' || site === 'none'
  if (isSameOrigin && isSameSite) next()
  else tell(response, 403, `Pages of ${origin ?? 'other sites'} have no say here.`)
}

function needJson(request: Request, response: Response, next: NextFunction): void {
  if (request.is('application/json')) next()
  else tell(response, 415, 'Send the order as application/json.')
}

function sessionIn({ rawHeaders }: Request): string | undefined {
  return sessionOf(rawHeaders)
}

function needJsonIfAny(request: Request, response: Response, next: NextFunction): void {
  if (hasBody(request)) needJson(request, response, next)
  else next()
}

/** RFC 9112, section 6.3; clients that send none may say that its length is 0. */
function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

function tellTrouble(error: unknown, _request: Request, response: Response, next: NextFunction): void {
  if (error instanceof Trouble) {
    const { message, help, findings, exitCode } = error
    tell(response, exitCode === exitCodes.environment ? 503 : 422, message, { help, findings })
    return
  }
  // What the parser of Express objects to says its status.
  const status = typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 500
  if (status >= 400 && status < 500) tell(response, status, error instanceof Error ? error.message : String(error))
  else next(error)
}

/** RFC 9457. */
function tell(response: Response, status: number, detail: string, more: object = {}): void {
  response.status(status).type('application/problem+json')
  response.send(JSON.stringify({ type: 'about:blank', status, detail, ...more }))
}
