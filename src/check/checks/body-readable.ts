import { headerOf, parseMediaType } from '../../http/index.ts'
import { decodeBody } from '../../model/index.ts'
import { answered, defineCheck } from '../check.ts'

export const bodyReadable = defineCheck({
  id: 'body-readable',
  asks: 'Are the bytes of the body what its Content-Type says?',
  judge: evidence => {
    const { response } = evidence.exchange
    const type = headerOf(response.headers, 'content-type')
    const essence = type === undefined ? undefined : parseMediaType(type)?.essence
    if (type === undefined || essence === undefined || response.body.length === 0) return []
    const decoded = decodeBody(type, response.body, evidence.content?.shape)
    if (decoded.kind !== 'malformed') return []
    const message = `${answered(evidence)} with a body that ${decoded.says}, though its Content-Type is ${type}`
    const help = 'Send bytes that a parser of that media type accepts, or name the media type they are of.'
    return [
      { code: 'body-unreadable', message, help, pointer: evidence.content?.pointer ?? evidence.description?.pointer },
    ]
  },
})
