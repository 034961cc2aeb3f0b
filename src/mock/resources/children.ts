import { type Operation, percentEncoded, type Resource } from '../../model/index.ts'
import type { Shelves } from '../../store/index.ts'
import { type Path, parentsIn, pathValue, sharedBy, shelfOf, shelvesBelow } from './place.ts'
import type { Kept } from './resources.ts'

/** The resource of the thing that an operation is below, the nearest one; `undefined` where nobody creates what it is below. */
export function parentOf(own: Resource, { path }: Operation, resources: readonly Resource[]): Resource | undefined {
  let nearest: { readonly resource: Resource; readonly length: number } | undefined
  for (const resource of resources) {
    const item = itemOf(resource)
    if (resource === own || item === undefined || !path.startsWith(`${item}/`)) continue
    if (nearest === undefined || item.length > nearest.length) nearest = { resource, length: item.length }
  }
  return nearest?.resource
}

/** The path of one thing. */
function itemOf({ read, remove }: Resource): string | undefined {
  return read?.path ?? remove?.path
}

/**
 * Takes away what was created below a thing that is removed, and what was created below that.
 *
 * @param resources all of the document
 * @param path that of the request which removes the thing
 */
export async function removeBelow(
  shelves: Shelves<Kept>,
  name: string,
  resources: readonly Resource[],
  parent: Resource,
  path: Path,
): Promise<void> {
  const item = itemOf(parent)
  if (item === undefined) return
  for (const child of resources) {
    if (child === parent || !child.create.path.startsWith(`${item}/`)) continue
    if (sharedBy(child).includes(parent.parameter)) {
      await shelves.clear(shelvesBelow(name, child, path, parentsIn(item)))
      continue
    }
    // Its own operations do not say what it was created below, so that all of its kind stand on one shelf.
    const shelf = shelfOf(name, child, path)
    for (const { parents, thing } of await shelves.all(shelf)) {
      if (!parentsIn(item).every(each => parents[each] === pathValue(path, each))) continue
      const id = String(thing[child.id])
      await shelves.change(shelf, id, () => undefined)
      const params = { ...parents, [child.parameter]: percentEncoded(id) }
      await removeBelow(shelves, name, resources, child, { reading: { ...path.reading, path: {} }, params })
    }
  }
}
