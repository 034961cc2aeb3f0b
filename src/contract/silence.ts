import type { Ask, Ground, Steps } from './case.ts'

/**
 * Asks with methods that the document does not have. One that gets no answer twice is told once, and not asked again
 * anywhere, because each time is as long as the time limit. Source: RFC 9110, sections 9.1 and 15.
 */
export function* unlessSilent(asks: readonly Ask[], ground: Ground, phase: string): Steps {
  const { operation, silent, complain } = ground
  for (const ask of asks) {
    const { method, target } = ask.request
    if (silent.has(method)) continue
    const [first] = yield [ask]
    if (first?.response.status !== 0) continue
    const [second] = yield [ask]
    if (second?.response.status !== 0) continue
    silent.add(method)
    complain({
      code: 'answer-missing',
      severity: 'error',
      check: 'answered',
      message: `${method} ${target} was asked twice and got no answer`,
      help: `Answer every request; refuse a method that is not there with 405 or 501. ${method} is not tried again.`,
      operation,
      pointer: operation.pointer,
      says: ask.says,
      request: ask.request,
      phase,
    })
  }
}
