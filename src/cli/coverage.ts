import type { Handler } from '../http/index.ts'
import type { Api } from '../model/index.ts'
import type { Coverage } from '../report/index.ts'

/** The same handler, and what it has answered to each operation so far. */
export function covering(
  api: Api,
  target: Handler,
  wanted: (operation: string) => boolean,
): { readonly target: Handler; readonly coverage: () => Coverage[] } {
  const statuses = new Map(
    api.operations
      .filter(({ id }) => wanted(id))
      .map(({ id, responses }) => {
        const exact = responses.map(({ status }) => status).filter(status => /^\d{3}$/.test(status))
        return [id, new Map(exact.map(status => [status, 0]))]
      }),
  )
  return {
    target: async request => {
      const response = await target(request)
      const match = api.match(request.method, request.target, request.headers)
      const counts = match.kind === 'found' ? statuses.get(match.operation.id) : undefined
      const status = String(response.status)
      counts?.set(status, (counts.get(status) ?? 0) + 1)
      return response
    },
    coverage: () =>
      api.operations.flatMap(({ id: operation, method, path }) => {
        const counts = statuses.get(operation)
        return counts === undefined ? [] : [{ operation, method, path, statuses: Object.fromEntries(counts) }]
      }),
  }
}
