import { memberChangedBy, type Operation, propertiesOf, type Resource } from '../../model/index.ts'
import { answerOf, memberIn } from './frame.ts'

/** What an operation does to a thing of a resource. */
export type Role = { readonly resource: Resource } & (
  | { readonly kind: 'create' | 'list' | 'read' | 'remove' }
  | {
      readonly kind: 'change'
      /** The member of the thing that is changed and answered; `undefined` for the whole. */
      readonly member: string | undefined
      /** Whether what is not sent is gone. */
      readonly isReplacing: boolean
    }
)

/** The roles that operations play, as the document declares them with `x-contract.resources` or its paths tell. */
export function rolesOf(resources: readonly Resource[]): ReadonlyMap<Operation, Role> {
  const roles = new Map<Operation, Role>()
  const add = (operation: Operation | undefined, role: Role): void => {
    if (operation !== undefined && !roles.has(operation)) roles.set(operation, role)
  }
  for (const resource of resources) {
    add(resource.create, { resource, kind: 'create' })
    add(resource.read, { resource, kind: 'read' })
    add(resource.list, { resource, kind: 'list' })
    add(resource.remove, { resource, kind: 'remove' })
    for (const change of resource.changes) {
      const isReplacing = resource.replacing.includes(change)
      if (isWhole(change, resource)) add(change, { resource, kind: 'change', member: undefined, isReplacing })
      else {
        const member = memberChangedBy(change, resource.create)
        if (member !== undefined) add(change, { resource, kind: 'change', member, isReplacing: false })
      }
    }
  }
  return roles
}

/** Whether an operation is one on the thing itself, or answers with it. */
function isWhole(change: Operation, resource: Resource): boolean {
  if (change.path.endsWith(`{${resource.parameter}}`)) return true
  const schema = answerOf(change)
  return propertiesOf(schema).has(resource.id) || memberIn(schema, resource) !== undefined
}
