import type { Finding } from '../finding/index.ts'
import type { Exchange } from '../http/index.ts'
import type { Api, Operation } from '../model/index.ts'
import type { Asker } from './asker.ts'

/** Statuses of a path that nobody serves. */
const strange = new Set([0, 404, 405])

/** Operations that are looked for: one may be there and know none of the ids. */
const maxSought = 5

/** Tells a target that knows nothing from one that serves the document below a path of `servers`. */
export class Elsewhere {
  readonly #api: Api
  readonly #asker: Asker
  #paths: readonly string[]
  #sought = 0
  #isFound = false

  /** @param base the path that every request has in front of what the document says, without a closing slash */
  constructor(api: Api, asker: Asker, base = '') {
    this.#api = api
    this.#asker = asker
    this.#paths = api.basePaths.filter(path => !base.endsWith(path))
  }

  /** Whether it was found, so that to ask for more here would say nothing. */
  get isFound(): boolean {
    return this.#isFound
  }

  /** The target knows what it is asked for. */
  settle(): void {
    this.#paths = []
  }

  /** Asks below the paths of `servers` for what is not there. */
  async seek(operation: Operation, { request, response }: Exchange): Promise<Finding | undefined> {
    if (response.status !== 404 || this.#sought >= maxSought) return undefined
    this.#sought += 1
    // The query may hold credentials.
    const [pathname = ''] = request.target.split('?')
    for (const path of this.#paths) {
      const moved = { ...request, target: `${path}${request.target}` }
      const says = `below ${path}`
      const made = {
        says,
        id: `${operation.id}/examples`,
        operation,
        request: moved,
        expects: [],
        tells: 'nothing',
      } as const
      const [found] = await this.#asker.askAll([made])
      const status = found?.response.status ?? 0
      if (strange.has(status)) continue
      this.#isFound = true
      return {
        code: 'target-elsewhere',
        severity: 'error',
        check: 'answered',
        operation: operation.id,
        message: `${request.method} ${pathname} is answered with 404, and ${path}${pathname} with ${status}: the target serves the document below ${path}`,
        help: `Add ${path} to the address that is checked, or take it from servers.`,
        pointer: '#/servers',
        position: this.#api.document.locate('#/servers'),
        status: 404,
      }
    }
    return undefined
  }
}
