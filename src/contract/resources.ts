import { type Api, Part } from '../model/index.ts'

/** Operations that work on the same kind of thing, as `x-contract.resources` declares them. */
export type Resource = {
  readonly name: string
  /** The property of the thing, and the path parameter, that names it. */
  readonly id: string
  readonly create: string | undefined
}

/** The resources that a document declares. */
export function resourcesOf(api: Api): Resource[] {
  const declared = Part.of(api.document.root).get('x-contract')?.get('resources')
  return [...(declared?.entries() ?? [])].flatMap(([name, resource]) => {
    const id = resource.text('id')
    return id === undefined ? [] : [{ name, id, create: resource.text('create') }]
  })
}
