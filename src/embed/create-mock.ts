import { type Document, loadDocument, shippedDocument } from '../document/index.ts'
import { fetchFace, type Handler, noBytes } from '../http/index.ts'
import { Mock, type MockOptions } from '../mock/index.ts'
import { Api, type CredentialOptions } from '../model/index.ts'
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
import type { Mocks } from './mocks.ts'

export type CreateMockOptions = MockOptions & CredentialOptions

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
  close(): Promise<void>
}

/**
 * Makes a mock of a document.
 *
 * @param document path of an OpenAPI file, or a loaded document; by default the shipped webhook document
 * @throws Trouble when the document cannot be used
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
  const mock = new Mock(api, options)
  const listening: Listening[] = []
  const close = async (): Promise<void> => {
    await Promise.all(listening.splice(0).map(server => server.close()))
  }
  const handler: Handler = request => {
    const tooLong = request.body.length > defaultBodyLimit
    const answer = mock.handler(tooLong ? { ...request, body: noBytes, bodyLimit: defaultBodyLimit } : request)
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
      const server = await listenTo(mock, listenOptions)
      listening.push(server)
      return server
    },
    middleware: () => middleware(mock),
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Serves a mock, or several as one, together with the Express app that stands behind. */
export function listenTo(served: Mock | Mocks, options: ServeOptions = {}): Promise<Listening> {
  // Passing through the mocks costs a little, and most servers have one that stays.
  if (served instanceof Mock) return listenAs(served, () => served.api.document.root, options)
  const documents = (): unknown[] => served.all.map(({ api }) => api.document.root)
  return listenAs(served, () => (served.all.length === 1 ? documents()[0] : documents()), options)
}

function listenAs<Found>(site: Site<Found>, document: () => unknown, options: ServeOptions): Promise<Listening> {
  return serve(site, () => makeApp(site, document, options), options)
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
