import type { Operation, Resource } from '../model/index.ts'

/** The operations that create what others need in their paths, the outermost first. */
export function leadingTo(operations: readonly Operation[], resources: readonly Resource[]): Operation[] {
  const inPath = operations.flatMap(({ parameters }) => parameters.filter(({ in: place }) => place === 'path'))
  const names = new Set(inPath.map(({ name }) => name))
  return resources
    .filter(({ parameter }) => names.has(parameter))
    .map(({ create }) => create)
    .sort((a, b) => a.path.length - b.path.length)
}
