import { headerOf } from '../../http/index.ts'
import { answered, defineCheck, type Objection, shown } from '../check.ts'

/** Source: RFC 9110, section 5.6.7. */
const httpDate = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/

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
    const date = headerOf(evidence.exchange.response.headers, 'date')
    if (date !== undefined && !httpDate.test(date)) {
      const message = `${answered(evidence)} with Date: ${shown(date)}, which is no date of HTTP`
      const pointer = evidence.description?.pointer ?? evidence.operation.pointer
      const help = 'Leave Date to the HTTP library. Source: RFC 9110, section 5.6.7.'
      objections.push({ code: 'header-mismatch', message, help, pointer, severity: 'warning' })
    }
    return objections
  },
})
