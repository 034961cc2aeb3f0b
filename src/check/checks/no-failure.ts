import { answered, defineCheck } from '../check.ts'

export const noFailure = defineCheck({
  id: 'no-failure',
  asks: 'Did the server answer without failing?',
  judge: evidence => {
    const { status } = evidence.exchange.response
    // What is not documented at all is said by another check.
    if (status < 500 || evidence.description === undefined) return []
    const message = `${answered(evidence)}: the server failed`
    const help = 'Answer what is wrong with the request, or mend what failed; the log of the server says more.'
    return [{ code: 'server-error', message, help, pointer: evidence.description.pointer }]
  },
})
