import { type Api, type Content, type Operation, Part, type ResponseDescription } from '../../model/index.ts'
import { bodyOf, jsonOf, withValue } from './answer.ts'
import { type Edits, edited, type Place, placesIn } from './places.ts'
import { always, isOf, type Passing, type Plan, type Spoilt } from './sabotage.ts'

/** What a kind makes of a schema: the clause it breaks, what it says of that, and the values that break it. */
export type Attempt = { readonly keyword: string; readonly says: string; readonly edits: Edits }

/**
 * Plans that break a clause of the schemas of answers: for each place in each documented body whatever is attempted there.
 * Whether an answer is forbidden is asked of the schema of the whole body.
 */
export function* inAnswers(
  api: Api,
  operation: Operation,
  attempt: (place: Place) => Iterable<Attempt>,
): Generator<Plan> {
  for (const response of operation.responses) {
    const content = jsonOf(response)
    const root = content?.schema && Part.of(api.document.root).at(content.schema.pointer)
    if (content === undefined || root === undefined) continue
    for (const place of placesIn(root)) {
      for (const { keyword, says, edits } of attempt(place)) {
        yield {
          says: `answers ${response.status} ${says}`,
          pointer: `${place.schema.pointer}/${keyword}`,
          status: response.status,
          ...always(passing => (isOf(passing, response) ? spoilt(passing, content, place, edits) : undefined)),
        }
      }
    }
  }
}

/** The first edit that the schema refuses; else the first one, which the document allows. */
export function spoilt(
  passing: Passing,
  content: Content,
  { at }: Pick<Place, 'at'>,
  edits: Edits,
): Spoilt | undefined {
  const body = bodyOf(passing.response)
  if (body === undefined) return undefined
  let allowed: unknown
  for (const value of edited(body.value, at, edits)) {
    if (content.schema?.accepts(value) === false)
      return { response: withValue(passing.response, value), isForbidden: true }
    allowed ??= value
  }
  return allowed === undefined ? undefined : { response: withValue(passing.response, allowed), isForbidden: false }
}

/** The documented responses that carry JSON, with what is said of it. */
export function jsonResponses(
  operation: Operation,
): { readonly response: ResponseDescription; readonly content: Content }[] {
  return operation.responses.flatMap(response => {
    const content = jsonOf(response)
    return content === undefined ? [] : [{ response, content }]
  })
}
