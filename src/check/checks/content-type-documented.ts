import { answered, defineCheck } from '../check.ts'

export const contentTypeDocumented = defineCheck({
  id: 'content-type-documented',
  asks: 'Does the answer come in a media type that is documented for its status?',
  judge: evidence => {
    const { description } = evidence
    const { content, type, bytes } = evidence.answer
    if (description === undefined || description.content.length === 0 || bytes.length === 0) return []
    if (content !== undefined) return []
    const known = description.content.map(({ mediaType }) => mediaType).join(', ')
    const pointer = `${description.pointer}/content`
    if (type === undefined) {
      const message = `${answered(evidence)} without a Content-Type where the document has ${known}`
      return [{ code: 'content-type-missing', message, help: `Send Content-Type: ${known}.`, pointer }]
    }
    const message = `${answered(evidence)} with Content-Type: ${type} where the document has ${known}`
    return [{ code: 'content-type-undocumented', message, help: `Send ${known}, or document ${type}.`, pointer }]
  },
})
