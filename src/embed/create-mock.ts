import { type Document, loadDocument, shippedDocument } from '../document/index.ts'
import type { Delivery, EventsOptions, SubscriptionTold, Trigger, Triggered } from '../events/index.ts'
import { fetchFace, type Handler, noBytes } from '../http/index.ts'
import { Mock, type MockOptions, Uniques } from '../mock/index.ts'
import { Api, type CredentialOptions, type Match } from '../model/index.ts'
import {
  defaultBodyLimit,
  type Listening,
  type Middleware,
  makeApp,
  middleware,
  type ServeOptions,
  type Site,
  serve,
} from '../server/index.ts'
import { type Asked, Calls, followed } from './calls.ts'
import type { Among, Mocks } from './mocks.ts'
import type { Reset } from './reset.ts'
import { openState } from './state.ts'

type Known = Exclude<Match, { kind: 'unknown-path' }>

export type CreateMockOptions = MockOptions &
  CredentialOptions & {
    /** How the mock calls back. */
    readonly events?: EventsOptions
    /**
     * `memory`: what is created is remembered, so that it is read, listed, changed and removed as one thing.
     *
     * A Redis (`redis://`, `rediss://` or `unix://`): the same, and who asked for events and what was sent, together with
     * every mock of the same Redis and document, in whichever process; needs `bullmq` and `ioredis`. It sends what all of them
     * accepted once it listens, or is asked for an event itself. That Redis is away or back is told to `onNotice`.
     */
    readonly state?: string
  }

/** A mock in this process: a function first, a server second. */
export type MockServer = AsyncDisposable & {
  readonly api: Api
  /** Answers plain data. */
  readonly handler: Handler
  /** Answers as `fetch` would, without a port; for clients that take a `fetch`. A path alone will do as address. */
  readonly fetch: typeof fetch
  /** Where it listens. Throws before {@link MockServer.listen}. */
  readonly url: string
  /** Listens; by default on a free port of 127.0.0.1. */
  listen(options?: ServeOptions): Promise<Listening>
  /** A handler for an Express app of your own; what the document does not know goes to the next one. */
  middleware(): Middleware
  /**
   * Emits an event to everybody who asked for it; resolves when every delivery was tried once.
   *
   * @throws Trouble when the document has no such event, or does not allow the payload
   */
  trigger(event: string, how?: Omit<Trigger, 'event'>): Promise<Triggered>
  /** What was sent, with every attempt; with `state`, of the orders that this mock took. */
  readonly deliveries: readonly Delivery[]
  /** Who asked for events, in one session or in any. */
  subscriptions(session?: string): Promise<readonly SubscriptionTold[]>
  /** The time that retries go by. */
  readonly clock: {
    /** Moves on, as `5m` or milliseconds; what falls due on the way is sent and waited for. */
    advance(duration: string | number): Promise<void>
  }
  /**
   * Forgets what is remembered: things that were created, who asked for events, what was sent and is to be; with `forget` only
   * some of it, with `session` only what is in that. What else remembers in the same Redis forgets it too.
   *
   * @throws Trouble with exit code 4 when the store cannot be reached
   */
  reset(how?: Reset): Promise<void>
  close(): Promise<void>
}

/**
 * Makes a mock of a document.
 *
 * @param document path of an OpenAPI file, or a loaded document; by default the shipped webhook document
 * @throws Trouble when the document or the state cannot be used: exit code 2 for what is no address, 3 when no Redis answers
 *   there, 4 for one that cannot be used or without the packages that speak with it
 * @example
 * await using mock = await createMock('openapi/webhook.yaml')
 * const client = createWebhookClient({ baseUrl: 'http://mock', fetch: mock.fetch })
 */
export async function createMock(
  document: string | Document = shippedDocument(),
  options: CreateMockOptions = {},
): Promise<MockServer> {
  const loaded = typeof document === 'string' ? await loadDocument(document) : document
  const api = new Api(loaded, options)
  const state =
    options.state === undefined ? undefined : await openState(options.state, [loaded], options, options.onNotice)
  const mock = new Mock(
    api,
    state === undefined
      ? options
      : { uniques: new Uniques(state.share), remembered: { shelves: state.things, name: '0' }, ...options },
  )
  const { seed, events } = options
  const calls = new Calls([api], { ...(seed !== undefined && { seed }), ...events }, state?.store, state?.things)
  try {
    if (events !== undefined || state?.store.isShared === true) await calls.load()
  } catch (error) {
    await calls.close()
    throw error
  }
  const site = followedMock(mock, calls)
  const listening: Listening[] = []
  const close = async (): Promise<void> => {
    await Promise.all([calls.close(), ...listening.splice(0).map(server => server.close())])
  }
  const ask: Handler = async request => {
    const match = site.find(request.method, request.target, request.headers)
    return match === undefined ? site.missing(request) : site.reply(match, request)
  }
  const handler: Handler = request => {
    const tooLong = request.body.length > defaultBodyLimit
    const answer = ask(tooLong ? { ...request, body: noBytes, bodyLimit: defaultBodyLimit } : request)
    return request.method === 'HEAD' ? answer.then(response => ({ ...response, body: noBytes })) : answer
  }
  const answer = fetchFace(handler)
  return {
    api,
    handler,
    fetch: async (input, init) => {
      const request = new Request(absolute(input), init)
      return unlessAborted(request.signal, () => answer(request))
    },
    get url() {
      const [first] = listening
      if (first === undefined) throw new Error('the mock does not listen yet: call `await mock.listen()` first')
      return first.url
    },
    listen: async listenOptions => {
      const server = await listenTo(mock, listenOptions, calls)
      listening.push(server)
      return server
    },
    middleware: () => middleware(site),
    trigger: (event, how) => calls.trigger({ ...how, event }),
    get deliveries() {
      return calls.delivered
    },
    subscriptions: session => calls.subscriptions(session),
    clock: { advance: duration => calls.advance(duration) },
    reset: async ({ session, ...how } = {}) => {
      await calls.reset(how, session)
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

/**
 * Serves a mock, or several as one, together with the Express app that stands behind.
 *
 * @param calls the events that they send; without it they send none
 */
export async function listenTo(served: Mock | Mocks, options: ServeOptions = {}, calls?: Calls): Promise<Listening> {
  if (calls?.isShared) {
    const { warmUp } = await import('./warm.ts')
    const mocks = served instanceof Mock ? [served] : served.all
    for (const { api } of mocks) await warmUp(api, operation => calls.follows(operation))
  }
  const listening = await listenAs(served, { ...options, isReady: calls?.isShared === true }, calls)
  calls?.bind(options.host ?? '127.0.0.1', listening.port)
  return listening
}

function listenAs(served: Mock | Mocks, options: ServeOptions, calls: Calls | undefined): Promise<Listening> {
  // Passing through the mocks costs a little, and most servers have one that stays.
  if (served instanceof Mock) {
    const site = calls === undefined ? served : followedMock(served, calls)
    return serve<Known>(site, () => makeApp<Known>(site, () => served.api.document.root, options, calls), options)
  }
  const documents = (): unknown[] => served.all.map(({ api }) => api.document.root)
  const document = (): unknown => (served.all.length === 1 ? documents()[0] : documents())
  const askedIn = ({ mock, match }: Among): Asked | undefined =>
    match.kind === 'found' ? { at: served.all.indexOf(mock), match } : undefined
  const site = calls === undefined ? served : followed(served, calls, askedIn)
  return serve<Among>(site, () => makeApp<Among>(site, document, options, calls), options)
}

/** A mock whose exchanges are followed, if any of its operations asks for events. */
function followedMock(mock: Mock, calls: Calls): Site<Known> {
  if (!calls.areAsked) return mock
  return followed<Known>(mock, calls, match => (match.kind === 'found' ? { at: 0, match } : undefined))
}

/** Clients without a base URL ask for a path, which a page would resolve against its own address. */
function absolute(input: string | URL | Request): string | URL | Request {
  return typeof input === 'string' && input.startsWith('/') ? `http://mock${input}` : input
}

async function unlessAborted<T>(signal: AbortSignal, answer: () => Promise<T>): Promise<T> {
  signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    answer()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', abort))
  })
}
