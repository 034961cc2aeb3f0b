import { type Operation, type Part, propertiesOf, type Resource, thingMemberOf } from '../../model/index.ts'
import { type Accepts, isThing, type Thing } from './shown.ts'

/** How an answer holds a thing: it is the thing, or has it in a member, as in `{"data":{…}}`. */
export type Frame = {
  /** The member that the thing stands in. */
  readonly member: string | undefined
  /** What the thing is described by. */
  readonly schema: Part | undefined
  /** The thing that the answer has without memory. */
  readonly thing: Thing | undefined
  /** Whether the answer may have this thing. */
  readonly accepts: Accepts
  /** The answer with this thing. */
  readonly around: (thing: Thing) => Thing
}

/** What the success of an operation is described by. */
export function answerOf({ responses }: Operation): Part | undefined {
  return responses.find(({ status }) => status.startsWith('2'))?.content[0]?.shape.schema
}

/** The member that an answer has a thing of a resource in; only where the one that creates it has, too. */
export function memberIn(schema: Part | undefined, { id, create }: Resource): string | undefined {
  return thingMemberOf(answerOf(create), id) === undefined ? undefined : thingMemberOf(schema, id)
}

/**
 * Takes apart what is answered.
 *
 * @param body what is answered without memory
 * @param accepts what the schema of the whole accepts
 */
export function frameOf(schema: Part | undefined, resource: Resource, body: unknown, accepts: Accepts): Frame {
  const member = memberIn(schema, resource)
  if (member === undefined || !isThing(body)) {
    return { member: undefined, schema, thing: isThing(body) ? body : undefined, accepts, around: thing => thing }
  }
  const inside = body[member]
  const around = (thing: Thing): Thing => ({ ...body, [member]: thing })
  return {
    member,
    schema: propertiesOf(schema).get(member),
    thing: isThing(inside) ? inside : undefined,
    accepts: value => isThing(value) && accepts(around(value)),
    around,
  }
}

/** What was sent of a thing, in a member of the same name as in the answer or alone. */
export function sentIn(body: unknown, member: string | undefined): Thing | undefined {
  if (!isThing(body)) return undefined
  const inside = member === undefined ? undefined : body[member]
  return isThing(inside) && Object.keys(body).length === 1 ? inside : body
}

/** How an operation describes the thing that it is sent. */
export function describedIn({ requestBody }: Operation, member: string | undefined): (Part | undefined)[] {
  return (requestBody?.content ?? []).map(({ shape: { schema } }) => {
    const properties = propertiesOf(schema)
    const inside = member === undefined || properties.size !== 1 ? undefined : properties.get(member)
    return inside ?? schema
  })
}

/** The member of a thing that a place of an answer is, `data.name` or `name`. */
export function memberAt(place: readonly string[] | undefined, member: string | undefined): string | undefined {
  return member === undefined ? place?.[0] : place?.[0] === member ? place[1] : undefined
}
