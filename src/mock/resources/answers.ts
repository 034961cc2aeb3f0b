import { partFieldsOf } from '../../generate/index.ts'
import { type HttpResponse, headerOf } from '../../http/index.ts'
import {
  decodeBody,
  encodeBody,
  type Part,
  type Relations,
  type Resource,
  requiredOf,
  scopeOf,
} from '../../model/index.ts'
import { isWritable } from '../bodies.ts'
import type { Choice } from '../choose.ts'
import { relate } from '../relate.ts'
import type { Fresh } from '../uniques.ts'
import { answerOf, describedIn, type Frame, frameOf } from './frame.ts'
import type { Asked } from './resources.ts'
import type { Accepts } from './shown.ts'

/** How a thing is described in the answer that creates it. */
export function createdAs(resource: Resource): Part | undefined {
  return frameOf(answerOf(resource.create), resource, {}, () => true).schema
}

/** The thing in an answer, as that is without memory. */
export function framed(response: HttpResponse, choice: Choice, resource: Resource): Frame {
  return frameOf(choice.content?.shape.schema, resource, decodedIn(response, choice), acceptedBy(choice))
}

export function decodedIn({ headers, body }: HttpResponse, { content }: Choice): unknown {
  const type = headerOf(headers, 'content-type')
  if (content === undefined || type === undefined || body.length === 0) return undefined
  const decoded = decodeBody(type, body, content.shape)
  return decoded.kind === 'value' ? decoded.value : undefined
}

/** Whether the client asked for another answer, by status, example or chance, and gets it. */
export function isWished({ applied }: Choice): boolean {
  return applied.some(preference => /^(code|example|dynamic)=/.test(preference))
}

export function acceptedBy({ content }: Choice): Accepts {
  return value => content?.schema === undefined || content.schema.accepts(value)
}

/** Whether the client says the id of what it creates: it has to, or the document declares what the id is equal to. */
export function isChosen({ id, create }: Resource, { equal }: Relations, member: string | undefined): boolean {
  const isDemanded = describedIn(create, member).some(schema => requiredOf(schema).has(id))
  const place = JSON.stringify([...(member === undefined ? [] : [member]), id])
  return isDemanded || equal.some(({ left }) => JSON.stringify(left.inResponseBody) === place)
}

/** Has a body keep the relations of its answer; `at once` leaves it as it was where not all of them can be kept. */
export function related(body: unknown, { headers }: HttpResponse, { reading, choice }: Asked, how?: 'at once'): void {
  const accepts = acceptedBy(choice)
  const scope = scopeOf(reading, { status: choice.status, headers, body })
  const relations = { ...choice.response.relations, unique: [] }
  const none: Fresh = () => ''
  const undo = relate(relations, scope, none)
  if (accepts(body)) return
  undo()
  if (how === undefined) relate(relations, scope, none, () => accepts(body))
}

/** The answer with another body, as long as that can be written. */
export function written(response: HttpResponse, { content }: Choice, value: unknown): HttpResponse {
  const type = headerOf(response.headers, 'content-type')
  if (content === undefined || type === undefined || !isWritable(value)) return response
  return { ...response, body: encodeBody(type, value, content.shape, partFieldsOf(content.shape)).bytes }
}
