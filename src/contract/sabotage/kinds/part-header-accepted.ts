import { formBody } from '../../../generate/index.ts'
import { type Header, Part } from '../../../model/index.ts'
import { ignoring } from '../accepted.ts'
import { everyClause } from '../clauses/index.ts'
import { edited } from '../places.ts'
import { defineKind, type Plan } from '../sabotage.ts'

export const partHeaderAccepted = defineKind({
  id: 'part-header-accepted',
  says: 'one clause of the headers of a part of multipart is not looked at',
  *plan(api, operation) {
    const form = formBody(api, operation)
    const content = operation.requestBody?.content.find(({ schema }) => schema === form?.schema)
    for (const [property, headers] of content?.shape.partHeaders?.() ?? []) {
      // Without the part there is nothing that could have a header.
      const isSent = form !== undefined && Object.hasOwn(form.value as object, property)
      for (const header of headers) {
        const of = `header ${header.name} of part ${property}`
        if (header.required) {
          const plan = ignoring(operation, `${header.pointer}/required`, `takes bodies without ${of}`)
          yield isSent ? { ...plan, isProvocable: true } : plan
        }
        for (const [pointer, isAlone] of clausesOf(header, Part.of(api.document.root))) {
          const plan = ignoring(operation, pointer, `takes bodies that break ${pointer.split('/').at(-1)} of ${of}`)
          yield told(plan, isSent, isAlone)
        }
      }
    }
  },
})

function told(plan: Plan, isSent: boolean, isAlone: boolean): Plan {
  if (!isAlone) return { ...plan, isForbidden: false }
  return isSent ? { ...plan, isProvocable: true } : plan
}

/** The clauses of the header's schema, and whether a text breaks each of them alone. */
function clausesOf({ schema, read, write }: Header, root: Part): Map<string, boolean> {
  const clauses = new Map<string, boolean>()
  const place = schema && root.at(schema.pointer)
  if (schema === undefined || place === undefined) return clauses
  for (const { keyword, edits } of everyClause({ schema: place, at: [] })) {
    const pointer = `${place.pointer}/${keyword}`
    const isAlone = [...edited(undefined, [], edits)].some(value => {
      const text = write(value)
      if (/[\r\n\0]/.test(text)) return false
      const mismatches = schema.mismatches(read(text))
      return mismatches.length > 0 && mismatches.every(mismatch => mismatch.pointer === pointer)
    })
    clauses.set(pointer, isAlone || clauses.get(pointer) === true)
  }
  return clauses
}
