import { type HttpRequest, withHeader, withoutHeader } from '../../http/index.ts'
import { type Phase, refusals } from '../case.ts'

export const credentials: Phase<'credentials'> = {
  id: 'credentials',
  says: 'missing and malformed credentials, which must be refused before the body is looked at',
  plan: ({ operation, valid }) => {
    // One alternative that asks for nothing, or none at all, lets everybody in.
    if (operation.security.length === 0 || operation.security.some(alternative => alternative.length === 0)) return []
    const inAuthorization = operation.security.flat().every(scheme => scheme.challenge !== undefined)
    if (!inAuthorization) return []
    const bare = withoutHeader(valid, 'authorization')
    const cases: [string, HttpRequest][] = [
      ['no credentials', bare],
      ['an empty Authorization', withHeader(bare, 'Authorization', '')],
      ['an unknown scheme', withHeader(bare, 'Authorization', 'Contrato unknown')],
      ['a scheme without a token', withHeader(bare, 'Authorization', 'Bearer ')],
    ]
    if (valid.body.length > 0) cases.push(['no credentials and a bad body', { ...bare, body: Buffer.from('{') }])
    const expects = refusals(operation, ['401', '403'])
    return cases.map(([says, request]) => ({ says, request, expects }))
  },
}
