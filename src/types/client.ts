// Nothing here may import from node: this file is bundled for browsers too.
import createClient, {
  type Client,
  type ClientOptions,
  type FetchOptions,
  type FetchResponse,
  type ParseAs,
} from 'openapi-fetch'
import type { components, operations, paths } from '../../openapi/webhook.d.ts'

export type { components, operations, paths }

type Method = 'get' | 'post' | 'put' | 'patch'

type PathWith<M extends Method> = {
  [P in keyof paths]: paths[P] extends { [K in M]: object } ? P : never
}[keyof paths]

/**
 * A call that refuses fields which the document does not name. openapi-fetch's own signature infers its options from
 * the argument, and so lets a misspelt optional field pass.
 */
type Call<M extends Method> = <P extends PathWith<M>, As extends ParseAs = 'json'>(
  path: P,
  options: FetchOptions<paths[P][M]> & { parseAs?: As },
) => Promise<FetchResponse<NonNullable<paths[P][M]>, { parseAs: As }, `${string}/${string}`>>

/** A client that knows the paths, bodies and answers of the shipped document. */
export type WebhookClient = Omit<Client<paths>, Uppercase<Method> | 'DELETE' | 'HEAD' | 'OPTIONS' | 'TRACE'> & {
  readonly [M in Method as Uppercase<M>]: Call<M>
}

export type WebhookClientOptions = ClientOptions & {
  /** The token of the instance, sent as `Authorization: Bearer …`. */
  readonly token?: string | undefined
}

/**
 * Makes a client for CodeChat's webhook endpoints, or for a mock of them.
 *
 * @example
 * const client = createWebhookClient({ baseUrl: 'http://127.0.0.1:4010', token: 'secret' })
 * const { data, error } = await client.POST('/api/v2/instance/{instanceId}/webhook', {
 *   params: { path: { instanceId: 'acme-support-br' } },
 *   body: { name: 'Support inbox', url: 'https://hooks.acme.example/codechat', enabled: true },
 * })
 */
export function createWebhookClient({ token, ...options }: WebhookClientOptions = {}): WebhookClient {
  const client = createClient<paths>(options)
  if (token !== undefined) {
    client.use({
      onRequest: ({ request }) => {
        // What a single call says about its own credentials counts more than what was said once for all.
        if (!request.headers.has('authorization')) request.headers.set('authorization', `Bearer ${token}`)
      },
    })
  }
  // The same functions; the type only says less of what they take.
  return client as WebhookClient
}
