import type { Headers, HttpRequest, HttpResponse } from '../http/index.ts'
import type { Mock } from '../mock/index.ts'
import { type Match, type Operation, targetOf } from '../model/index.ts'
import type { Site } from '../server/index.ts'

type Known = Exclude<Match, { kind: 'unknown-path' }>

/** Who answers is decided when the request comes, so that one under way is finished by the mock it came to. */
export type Among = { readonly mock: Mock; readonly match: Known }

/**
 * Mocks of several documents as one site, each of which may be replaced while it is served. The first document that
 * describes path and method answers.
 */
export class Mocks implements Site<Among> {
  readonly #mocks: Mock[]

  constructor(mocks: readonly Mock[]) {
    this.#mocks = [...mocks]
  }

  get all(): readonly Mock[] {
    return this.#mocks
  }

  replace(at: number, mock: Mock): void {
    this.#mocks[at] = mock
  }

  find(method: string, target: string, headers: Headers = []): Among | undefined {
    let refusing: Among | undefined
    for (const mock of this.#mocks) {
      const match = mock.find(method, target, headers)
      if (match?.kind === 'found') return { mock, match }
      if (match !== undefined) refusing = refusing === undefined ? { mock, match } : allowingBoth(refusing, match)
    }
    return refusing
  }

  reply({ mock, match }: Among, request: HttpRequest): HttpResponse | Promise<HttpResponse> {
    return mock.reply(match, request)
  }

  missing(request: HttpRequest): HttpResponse {
    const [first, ...others] = this.#mocks
    if (first === undefined) throw new Error('there is no document to serve')
    return first.missing(request, others)
  }
}

/** A path of two documents has the methods of both. */
function allowingBoth({ mock, match: first }: Among, second: Known): Among {
  if (first.kind !== 'wrong-method' || second.kind !== 'wrong-method') return { mock, match: first }
  return { mock, match: { ...first, allow: [...new Set([...first.allow, ...second.allow])] } }
}

/** An operation that an earlier document answers in the place of its own. */
export type Shadowed = {
  readonly operation: Operation
  readonly by: Mock
  /** Paths of the servers of its document below which it is reached all the same. */
  readonly reachedBelow: readonly string[]
}

/** The operations of a document that another, which is asked first, answers. */
export function shadowedBy(first: Mock, second: Mock): Shadowed[] {
  const shadowed: Shadowed[] = []
  for (const operation of second.api.operations) {
    // What stands in braces fits a placeholder of the other document and none of its literals.
    if (!answers(first, operation, '')) continue
    const reachedBelow = second.api.basePaths.filter(base => base !== '' && !answers(first, operation, base))
    shadowed.push({ operation, by: first, reachedBelow })
  }
  return shadowed
}

function answers({ api }: Mock, { method, path }: Operation, base: string): boolean {
  const { path: sent, query } = targetOf(path)
  const match = api.match(method, `${base}${sent}${query.length > 0 ? `?${query.join('&')}` : ''}`)
  return match.kind === 'found' && match.operation.method === method
}
