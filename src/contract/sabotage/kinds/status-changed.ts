import { always, defineKind, isOf } from '../sabotage.ts'

/** Statuses that servers give for one another, by their class. */
const others: Readonly<Record<string, readonly number[]>> = {
  '2': [200, 201, 202, 203],
  '3': [302, 307, 200],
  '4': [400, 422, 401, 403, 404, 409, 418],
  '5': [500, 502, 503],
  d: [418, 599],
}

export const statusChanged = defineKind({
  id: 'status-changed',
  says: 'an answer has a status that is not documented',
  *plan(_api, operation) {
    for (const response of operation.responses) {
      const near = others[response.status[0]?.toLowerCase() ?? ''] ?? []
      const other = near.find(status => operation.responseFor(status) === undefined)
      const status = other ?? 418
      yield {
        says: `answers ${status} in the place of ${response.status}`,
        pointer: `${operation.pointer}/responses`,
        status: response.status,
        ...(other === undefined && { isForbidden: false }),
        ...always(passing =>
          isOf(passing, response)
            ? { response: { ...passing.response, status }, isForbidden: other !== undefined }
            : undefined,
        ),
      }
    }
  },
})
