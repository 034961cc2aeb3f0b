import { type Exchange, headerOf, noBytes } from '../http/index.ts'
import type { Ground, Steps } from './case.ts'

/** A body of no bytes is not announced where GET has one; to say nothing of it is right. Source: RFC 9110, section 8.6. */
export function* askForHead({ api, operation, valid, complain }: Ground): Steps {
  const isThere = api.operations.some(({ path, method }) => path === operation.path && method === 'HEAD')
  if (operation.method !== 'GET' || isThere) return
  const ask = { says: 'HEAD', request: { ...valid, method: 'HEAD', body: noBytes }, expects: [], outside: true }
  const [first] = yield [ask]
  if (first === undefined || !isEmpty(first)) return
  const says = 'GET after HEAD'
  const [full] = yield [{ says, request: valid, expects: [] }]
  // What is read may just have been emptied.
  const [again] = yield [ask]
  if (full === undefined || again === undefined || !isEmpty(again)) return
  const { status, body } = full.response
  if (status !== again.response.status || status >= 300 || body.length === 0) return
  complain({
    code: 'framing-unsound',
    severity: 'warning',
    check: 'framing-sound',
    message: `HEAD ${operation.path} was answered ${status} with Content-Length: 0, where GET is answered with ${body.length} bytes`,
    help: 'Say how long the body of GET is, or leave Content-Length out. Source: RFC 9110, section 8.6.',
    operation,
    pointer: operation.pointer,
    says: ask.says,
    request: ask.request,
    phase: 'protocol',
  })
}

function isEmpty({ response: { status, headers } }: Exchange): boolean {
  return status >= 200 && status < 300 && status !== 204 && headerOf(headers, 'content-length')?.trim() === '0'
}
