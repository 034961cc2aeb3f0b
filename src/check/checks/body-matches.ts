import { parsePointer, resolvePointer } from '../../finding/index.ts'
import { isJson, noBytes, parseMediaType } from '../../http/index.ts'
import { type Content, decodeBody, dotted, type Mismatch } from '../../model/index.ts'
import type { Answer } from '../answers.ts'
import { answered, defineCheck, type Objection, shown } from '../check.ts'

function isText({ mediaType }: Content): boolean {
  return !isJson(parseMediaType(mediaType)?.essence ?? '')
}

/** Whether no bytes are a text or a list of none that the schema accepts. */
function mayBeEmpty({ schema, mediaType, shape }: Content): boolean {
  if (schema === undefined || schema.accepts('')) return true
  const none = decodeBody(mediaType, noBytes, shape)
  return none.kind === 'value' && schema.accepts(none.value)
}

function mismatchesOf({ content, body }: Answer): readonly Mismatch[] {
  return (body && content?.schema?.mismatches(body.value)) ?? []
}

export const bodyMatches = defineCheck({
  id: 'body-matches',
  asks: 'Is the body what its media type says, and does it match its schema?',
  judge: evidence => {
    const { description, answer, exchange } = evidence
    const { content, body } = answer
    if (description === undefined || description.content.length === 0) return []
    if (exchange.request.method === 'HEAD') return []
    // No bytes are a text too, where the schema lets it be empty.
    if (answer.bytes.length === 0 && content !== undefined && isText(content) && mayBeEmpty(content)) return []
    if (answer.bytes.length === 0) {
      const message = `${answered(evidence)} without a body where the document promises ${description.content.map(({ mediaType }) => mediaType).join(', ')}`
      return [
        { code: 'body-missing', message, help: 'Send the documented body.', pointer: `${description.pointer}/content` },
      ]
    }
    if (content?.schema === undefined) return []
    if (body === undefined) return []
    const { schema } = content
    const inParts = answer.decoded?.kind === 'value' ? (answer.decoded.faults ?? []) : []
    const ofParts = inParts.map(({ reason, pointer }): Objection => {
      const message = `${answered(evidence)} with a body of which ${reason.replace(': ', ' ')}`
      return { code: 'body-mismatch', message, help: 'Send the part with the headers that the document says.', pointer }
    })
    const ofValue = answer.learn(mismatchesOf).map((mismatch): Objection => {
      const name = mismatch.at === '' ? 'a body' : dotted(mismatch.at)
      const value = resolvePointer(body.value, parsePointer(mismatch.at))
      const isGone = mismatch.keyword === 'required' || mismatch.keyword === 'dependentRequired'
      const message = isGone
        ? `${answered(evidence)} without ${name}, which is required`
        : `${answered(evidence)} with ${name}: ${shown(value)}, which ${mismatch.says}`
      return {
        code: 'body-mismatch',
        message,
        help: 'Send what the schema says, or change the schema.',
        pointer: mismatch.pointer ?? schema.pointer,
      }
    })
    return [...ofParts, ...ofValue]
  },
})
