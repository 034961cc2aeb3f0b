export { type Middleware, makeApp, middleware } from './app.ts'
export type { Credentials } from './listener.ts'
export { type Listening, type ServeOptions, serve } from './serve.ts'
export { defaultBodyLimit, type Served, type Site, type SiteOptions } from './site.ts'
