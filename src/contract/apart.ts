import type { Ground } from './case.ts'

/** The place below a parent of its own, where things are created and nobody has said which parents there are. */
export function apart(
  { operation, resource, known, given, requestOf, isRefused, valid }: Ground,
  name: string,
): string {
  const [parent] = operation.parameters.filter(({ in: place }) => place === 'path')
  if (resource === undefined || parent === undefined || given.has(parent.name)) return valid.target
  const request = requestOf(operation, new Map(known).set(parent.name, name))
  return isRefused({ ...request, body: valid.body }) ? valid.target : request.target
}
