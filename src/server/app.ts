import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Express } from 'express'
import { type Control, controlRoutes } from './control.ts'
import { answer } from './exchange.ts'
import type { Site, SiteOptions } from './site.ts'

/** Under this path the server speaks of itself. */
const controlPath = '/__contrato'

/**
 * The Express app behind a site: the control routes, those of the events among them, what a user mounts, and the site's own answer for the rest. It is
 * asked only for paths that the site does not know, because passing through it costs several times the answer itself.
 */
export async function makeApp<Found>(
  site: Site<Found>,
  document: () => unknown,
  options: SiteOptions = {},
  control?: Control,
): Promise<Express> {
  // Loading Express takes longer than everything else at the start; most servers never need it.
  const { default: express } = await import('express')
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.get(`${controlPath}/health`, (_request, response) => {
    response.json({ status: 'ok' })
  })
  app.get(`${controlPath}/document`, (_request, response) => {
    response.json(document())
  })
  app.use(controlPath, await controlRoutes(control))
  app.use((request, response) => {
    answer(site, undefined, request, response, options)
  })
  return app
}

/** A handler as Express, Connect and their like take it. */
export type Middleware = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void

/** A site as middleware for an Express app of the user's own; paths it does not know go on to the next handler. */
export function middleware<Found>(site: Site<Found>, options: SiteOptions = {}): Middleware {
  return (request, response, next) => {
    const found = site.find(request.method ?? 'GET', request.url ?? '/', request.rawHeaders)
    if (found === undefined) next()
    else answer(site, found, request, response, options)
  }
}
