import type { Operation } from './operation.ts'

/** An operation that a request may have meant, with why it did not match. */
export type Near = { readonly operation: string; readonly why: string }

const maxNear = 3

/** The operations whose templates come closest to a path, best first. */
export function nearest(method: string, path: string, operations: readonly Operation[]): Near[] {
  const segments = path.split('/').slice(1)
  return operations
    .map(operation => ({ operation, ...compare(segments, operation.path.split('/').slice(1)) }))
    .filter(({ alike }) => alike > 0)
    .sort((a, b) => b.alike - a.alike || Number(b.operation.method === method) - Number(a.operation.method === method))
    .slice(0, maxNear)
    .map(({ operation, why }) => ({ operation: `${operation.method} ${operation.path}`, why }))
}

/** How much of a template a path fits, and the first thing that does not. */
function compare(segments: readonly string[], template: readonly string[]): { alike: number; why: string } {
  let alike = 0
  let why: string | undefined
  for (const [at, wanted] of template.entries()) {
    const given = segments[at]
    if (given === undefined) break
    if (wanted === given) alike += 2
    else if (wanted.includes('{') && given !== '') alike += 1
    else
      why ??=
        given === ''
          ? `segment ${at + 1} (${wanted}) is empty`
          : `segment ${at + 1} is "${given}" where the document has "${wanted}"`
  }
  // A path that shares placeholders only is not near.
  const shared = template.some((wanted, at) => wanted !== '' && wanted === segments[at])
  if (segments.length !== template.length) {
    alike -= Math.abs(segments.length - template.length)
    why ??= `the path has ${segments.length} segments where the document has ${template.length}`
  }
  return { alike: shared ? alike : 0, why: why ?? 'another method' }
}
