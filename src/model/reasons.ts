import type { ErrorObject } from 'ajv'
import { formatPointer } from '../finding/index.ts'
import { branchChooser } from './discriminator.ts'
import type { Misnamed } from './discriminators.ts'

/** One way in which a value does not match its schema. */
export type Mismatch = {
  /** JSON Pointer into the value. */
  readonly at: string
  /** What is wrong with what stands there: `must be boolean`, `is required`. */
  readonly says: string
  readonly keyword: string
  /** The clause of the document, where it is known. */
  readonly pointer: string | undefined
}

/** What is needed to explain errors: where a schema stands, and what a value does wrong under the one at a pointer. */
export type Explainer = {
  readonly root: unknown
  /** Whether a discriminator decides between branches that match both. */
  readonly trusting: boolean
  readonly pointerOf: (schema: object) => string | undefined
  readonly errorsAt: (pointer: string, value: unknown) => readonly ErrorObject[]
}

/** Reasons that are listed of one value; a hostile body could otherwise have one per byte. */
const maxReasons = 100

/** Values of an enum that are listed in a reason; currencies and time zones come by the hundred. */
const maxValues = 20

/** An error with those of its branches, where it is that of a union. */
type Group = { readonly error: ErrorObject; readonly branches: readonly (readonly ErrorObject[])[] | undefined }

/** A reason with what a union above it has to know: the values that would have been right. */
type Reason = Mismatch & { readonly wanted: readonly string[] | undefined }

/** Why a value does not match: of each union only the branch that came closest, of the rest everything. */
export function explain(errors: readonly ErrorObject[], explainer: Explainer): Mismatch[] {
  return reasonsOf(errors, '', explainer).map(({ wanted: _, ...mismatch }) => mismatch)
}

function reasonsOf(errors: readonly ErrorObject[], base: string, explainer: Explainer): Reason[] {
  const reasons: Reason[] = []
  for (const { error, branches } of grouped(errors, explainer)) {
    if (reasons.length >= maxReasons) break
    const at = `${base}${error.instancePath}`
    if (error.keyword === 'discriminator') reasons.push(...misnamed(error, at, base, explainer))
    else if (branches === undefined) reasons.push(reasonOf(error, base, explainer))
    else reasons.push(...closest(error, at, branches, explainer))
  }
  return once(reasons).slice(0, maxReasons)
}

/** An heir breaks what it shares with the schema that it extends together with that. */
function once(reasons: readonly Reason[]): readonly Reason[] {
  const keyOf = ({ at, pointer, says }: Reason): string => JSON.stringify([at, pointer ?? says])
  const first = new Map<string, Reason>()
  for (const reason of reasons) {
    const known = first.get(keyOf(reason))
    if (known === undefined || known.says.length > reason.says.length) first.set(keyOf(reason), reason)
  }
  return [...first.values()]
}

/**
 * A union comes right behind the errors of its branches, in no way told apart from others where the branches are
 * references. So the branches are validated once more: as many errors as they have stand before their union.
 */
function grouped(errors: readonly ErrorObject[], explainer: Explainer): Group[] {
  const groups: Group[] = []
  for (let at = errors.length - 1; at >= 0; at -= 1) {
    const error = errors[at] as ErrorObject
    // An `if` only says that its `then` or `else` failed.
    if (error.keyword === 'if') continue
    const branches = branchesOf(error, explainer)
    groups.push({ error, branches })
    if (branches !== undefined) at -= branches.reduce((sum, branch) => sum + branch.length, 0)
    // What an heir has against the value stands before the error that names the heir.
    const heir: unknown = error.keyword === 'discriminator' ? error.params.misnamed.heir : undefined
    if (typeof heir === 'string') at -= explainer.errorsAt(heir, error.data).length
  }
  return groups.reverse()
}

function branchesOf(error: ErrorObject, explainer: Explainer): Group['branches'] {
  const { pointerOf, errorsAt } = explainer
  if (error.keyword !== 'anyOf' && error.keyword !== 'oneOf') return undefined
  const owner = error.parentSchema && pointerOf(error.parentSchema)
  if (owner === undefined || !Array.isArray(error.schema)) return undefined
  const isLookedAt = lookedAt(error, explainer)
  return error.schema.map((_: unknown, at: number) =>
    isLookedAt(at) ? errorsAt(`${owner}/${error.keyword}/${at}`, error.data) : [],
  )
}

/** Which branches of a union were looked at. */
function lookedAt(error: ErrorObject, explainer: Explainer): (at: number) => boolean {
  const choice = chooserOf(error, explainer)?.choose(error.data)
  if (choice === undefined) {
    // When two branches of a oneOf fit, those behind the second are not looked at.
    const passing: unknown = error.params.passingSchemas
    return at => !Array.isArray(passing) || at < passing[1]
  }
  if (choice === 'plain') return () => true
  if (choice === 'unknown') return () => false
  return at => at === choice.named || (error.keyword === 'oneOf' && !explainer.trusting)
}

function chooserOf({ parentSchema, schema }: ErrorObject, { root }: Explainer): ReturnType<typeof branchChooser> {
  return branchChooser(root, parentSchema?.discriminator, schema)
}

function closest(
  union: ErrorObject,
  at: string,
  branches: readonly (readonly ErrorObject[])[],
  explainer: Explainer,
): Reason[] {
  const itself = reasonOf(union, at.slice(0, at.length - union.instancePath.length), explainer)
  if (Array.isArray(union.params.passingSchemas)) {
    return [{ ...itself, says: itself.says.replace('must match one', 'must match only one') }]
  }
  const meant = byDiscriminator(union, at, branches, itself, explainer)
  if (meant !== undefined) return meant
  const told = branches.map(branch => reasonsOf(branch, at, explainer))
  const near = told.filter(reasons => !reasons.some(reason => reason.at === at && isOfAnotherKind(reason)))
  const [best] = near.sort(
    (a, b) => tagsOf(a).length - tagsOf(b).length || a.length - b.length || depthOf(b) - depthOf(a),
  )
  if (best === undefined) return [{ ...itself, ...alternatives(told.flat(), at, branches.length) }]
  // A wrong tag means that another branch was meant; where all have the same tag wrong, the tag is what is wrong.
  const tied = near.filter(reasons => tagsOf(reasons).length === tagsOf(best).length)
  const tag = tied.length === 1 ? undefined : tagsOf(best).find(({ at }) => tied.every(has => hasTag(has, at)))
  return tag === undefined
    ? best
    : [{ ...itself, at: tag.at, ...alternatives(tied.flatMap(tagsOf), tag.at, tied.length) }]
}

/**
 * The reasons of the branch that a discriminator names, or what is wrong with the name; nothing where the document does
 * not say which branch bears which name. Source: OpenAPI 3.1.1, section 4.8.25.
 */
function byDiscriminator(
  error: ErrorObject,
  at: string,
  branches: readonly (readonly ErrorObject[])[],
  itself: Reason,
  explainer: Explainer,
): Reason[] | undefined {
  const { data } = error
  const chooser = chooserOf(error, explainer)
  if (chooser === undefined || typeof data !== 'object' || data === null || Array.isArray(data)) return undefined
  const { property, names } = chooser
  const choice = chooser.choose(data)
  const place = `${at}${formatPointer([property])}`
  if (choice === 'plain' && !Object.hasOwn(data, property)) {
    return [{ ...itself, at: place, says: 'is required', keyword: 'required' }]
  }
  const name: unknown = (data as Record<string, unknown>)[property]
  if (choice === 'unknown' || (choice === 'plain' && typeof name !== 'string')) return [wrongName(itself, place, names)]
  if (choice === 'plain') return undefined
  const reasons = reasonsOf(branches[choice.named] ?? [], at, explainer)
  return reasons.length === 0 ? undefined : reasons.map(reason => withName(reason, property, name))
}

/** What a schema that others extend has against a value, by its discriminator. */
function misnamed(error: ErrorObject, at: string, base: string, explainer: Explainer): Reason[] {
  const property = String(error.parentSchema?.discriminator?.propertyName)
  const wrong: Misnamed = error.params.misnamed
  const itself = reasonOf(error, base, explainer)
  if ('names' in wrong) return [wrongName(itself, `${at}${formatPointer([property])}`, wrong.names)]
  const name = (error.data as Record<string, unknown>)[property]
  const reasons = reasonsOf(explainer.errorsAt(wrong.heir, error.data), at, explainer)
  return reasons.map(reason => withName(reason, property, name))
}

function wrongName(itself: Reason, at: string, names: readonly string[]): Reason {
  const wanted = names.map(name => JSON.stringify(name))
  return { ...itself, at, says: `must be ${listed(wanted)}`, keyword: 'enum', wanted }
}

function withName(reason: Reason, property: string, name: unknown): Reason {
  // Inside of a value there may be others that have names.
  return reason.says.includes(' where ')
    ? reason
    : { ...reason, says: `${reason.says} where ${property} is ${JSON.stringify(name)}` }
}

/** Reasons of a single value that would have been right, as a discriminating property has. */
function tagsOf(reasons: readonly Reason[]): readonly Reason[] {
  return reasons.filter(({ keyword }) => keyword === 'enum' || keyword === 'const')
}

function hasTag(reasons: readonly Reason[], place: string): boolean {
  return tagsOf(reasons).some(({ at }) => at === place)
}

/** Whether the branch is for another kind of value than the one that was sent. */
function isOfAnotherKind({ keyword }: Reason): boolean {
  return ['type', 'enum', 'const', 'anyOf', 'oneOf', 'false schema'].includes(keyword)
}

function depthOf(reasons: readonly Reason[]): number {
  return Math.max(...reasons.map(({ at }) => at.split('/').length))
}

function alternatives(reasons: readonly Reason[], at: string, forms: number): Pick<Reason, 'says' | 'wanted'> {
  const own = reasons.filter(reason => reason.at === at)
  const wanted = [...new Set(own.flatMap(reason => reason.wanted ?? []))]
  if (own.some(reason => reason.wanted === undefined)) {
    return { says: `must match one of the ${forms} forms that are allowed`, wanted: undefined }
  }
  return { says: `must be ${listed(wanted)}`, wanted }
}

function listed(values: readonly string[]): string {
  if (values.length > maxValues) return `${values.slice(0, maxValues).join(', ')}, … (${values.length} in all)`
  return values.length < 3 ? values.join(' or ') : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`
}

function reasonOf(error: ErrorObject, base: string, { pointerOf }: Explainer): Reason {
  const { params, keyword } = error
  const owner = error.parentSchema && pointerOf(error.parentSchema)
  const member = memberIn(error)
  return {
    at: `${base}${error.instancePath}${member === undefined ? '' : formatPointer([member])}`,
    says: saysOf(error),
    keyword,
    pointer: owner && `${owner}/${keyword}`,
    wanted:
      keyword === 'type' ? [params.type].flat().map(String) : allowedBy(error)?.map(value => JSON.stringify(value)),
  }
}

/** The member that an error of an object is about. */
function memberIn({ params }: ErrorObject): string | undefined {
  const name = params.missingProperty ?? params.additionalProperty ?? params.unevaluatedProperty
  return typeof name === 'string' ? name : undefined
}

function allowedBy({ keyword, params }: ErrorObject): readonly unknown[] | undefined {
  if (keyword === 'enum') return params.allowedValues
  return keyword === 'const' ? [params.allowedValue] : undefined
}

function saysOf(error: ErrorObject): string {
  const { params, schema, keyword } = error
  switch (keyword) {
    case 'required':
    case 'dependentRequired':
      return 'is required'
    case 'additionalProperties':
    case 'unevaluatedProperties':
    case 'false schema':
      return 'is not allowed'
    case 'type':
      return `must be ${[params.type].flat().join(' or ')}`
    case 'enum':
      if (params.allowedValues.length === 0) return 'can have no value, since its enum is empty'
      return `must be one of ${allowedValues(params.allowedValues)}`
    case 'const':
      return `must be ${JSON.stringify(params.allowedValue)}`
    case 'format':
      return `must be a valid ${params.format}`
    case 'pattern':
      return `must match the pattern ${params.pattern}`
    case 'anyOf':
    case 'oneOf':
      return `must match one of the ${Array.isArray(schema) ? schema.length : 0} forms that are allowed`
    default:
      return error.message ?? `fails ${keyword}`
  }
}

function allowedValues(values: readonly unknown[]): string {
  const shown = values.slice(0, maxValues).map(value => JSON.stringify(value))
  return `${shown.join(', ')}${values.length > maxValues ? `, … (${values.length} in all)` : ''}`
}
