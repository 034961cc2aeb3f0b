import type { HttpResponse } from '../../http/index.ts'
import { answered, defineCheck, type Objection } from '../check.ts'

export const framingSound = defineCheck({
  id: 'framing-sound',
  asks: 'Does the answer begin and end where it says?',
  judge: evidence => {
    const { response } = evidence.exchange
    if (response.framing === undefined) return []
    return framingObjections(response, answered(evidence), evidence.operation.pointer)
  },
})

/** What is wrong with the bytes around a body, whatever was asked. */
export function framingObjections({ framing = [] }: HttpResponse, what: string, pointer: string): Objection[] {
  const help = 'Leave lengths and chunks to the HTTP library. Source: RFC 9112, section 6.'
  return framing.map(says => ({ code: 'framing-unsound', message: `${what}: ${says}`, help, pointer }))
}
