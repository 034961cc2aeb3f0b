import { headerOf } from '../../http/index.ts'
import { answered, defineCheck, type Objection, shown } from '../check.ts'

export const headersMatch = defineCheck({
  id: 'headers-match',
  asks: 'Are the documented headers there, and of the documented form?',
  judge: evidence => {
    const objections: Objection[] = []
    for (const header of evidence.description?.headers ?? []) {
      const text = headerOf(evidence.exchange.response.headers, header.name.toLowerCase())
      const { pointer } = header
      if (text === undefined) {
        if (!header.required) continue
        const message = `${answered(evidence)} without the header ${header.name}, which is required`
        objections.push({ code: 'header-missing', message, help: `Send ${header.name}.`, pointer })
        continue
      }
      const [mismatch] = header.schema?.mismatches(header.read(text)) ?? []
      if (mismatch === undefined) continue
      const message = `${answered(evidence)} with ${header.name}: ${shown(text)}, which ${mismatch.says}`
      const help = 'Send what the schema says, or change the schema.'
      objections.push({ code: 'header-mismatch', message, help, pointer: mismatch.pointer ?? pointer })
    }
    return objections
  },
})
