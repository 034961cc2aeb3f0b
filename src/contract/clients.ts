import { headerOf, withHeader } from '../http/index.ts'
import { type Ask, type Ground, refusal, successes } from './case.ts'
import { withoutCredentials } from './credential.ts'
import { dividedWithin, withText } from './member.ts'
import { wantedOf } from './phases/credentials.ts'

/** What browsers send of their own accord. */
const browser = [
  ['Accept', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'],
  ['Accept-Language', 'pt-BR,pt;q=0.9'],
  ['Accept-Encoding', 'gzip, deflate, br'],
] as const

/** Answers that are shorter are often not packed. */
const longText = 'text '.repeat(300)

/** Short enough for whatever a text may be, and of several bytes at each place. */
const wideText = '🦊'.repeat(40)

/** The fields of the same request as other clients write them. */
export function otherClients(ground: Ground): Ask[] {
  const { valid, operation, body } = ground
  // A thing can be removed once.
  if (operation.method === 'DELETE') return []
  const expects = successes(ground)
  const small = valid.headers.map((text, at) => (at % 2 === 0 ? text.toLowerCase() : text))
  const asks: Ask[] = [{ says: 'names of fields in small letters', request: { ...valid, headers: small }, expects }]
  if (valid.body.length > 0) {
    const chunked = withHeader(valid, 'Transfer-Encoding', 'chunked')
    const divided = (body && dividedWithin(body, wideText)) ?? valid.body
    asks.push({ says: 'a body in chunks', request: { ...chunked, body: divided }, expects })
    // Whoever sends much asks first, and sends it all the same. Source: RFC 9110, section 10.1.1.
    asks.push({ says: 'a body that is announced', request: withHeader(valid, 'Expect', '100-continue'), expects })
  }
  return [...asks, ...asBrowser(ground), ...packed(ground), ...unlessThere(ground), ...inOtherLanguage(ground)]
}

function asBrowser(ground: Ground): Ask[] {
  const { valid, operation } = ground
  const own = browser.filter(([name]) => headerOf(valid.headers, name) === undefined)
  const dressed = own.reduce((request, [name, value]) => withHeader(request, name, value), valid)
  const asks: Ask[] = [{ says: 'what a browser accepts', request: dressed, expects: successes(ground) }]
  // Some lead a stranger to a page to log in at; where no credentials are missed, that is no stranger.
  const stranger = withoutCredentials(dressed, operation.security.flat())
  const isMissed = operation.security.every(schemes => wantedOf(ground, schemes).length > 0)
  if (operation.security.length > 0 && isMissed) {
    const held = refusal(operation, ['401', '403'])
    asks.push({ says: 'what a browser accepts, without credentials', request: stranger, ...held })
  }
  return asks
}

/** What is answered with a long text, by whom packed answers are taken. Source: RFC 9110, section 12.5.3. */
function packed({ valid, body }: Ground): Ask[] {
  const long = body && withText(body, longText)
  if (long === undefined || headerOf(valid.headers, 'accept-encoding') !== undefined) return []
  const request = withHeader(valid, 'Accept-Encoding', 'gzip, deflate, br')
  return [
    {
      says: `a text of ${longText.length} characters from who takes packed answers`,
      request: { ...request, body: Buffer.from(JSON.stringify(long)) },
      // Nobody has to take that much.
      expects: [],
    },
  ]
}

/** A refusal has the same shape in every language. */
function inOtherLanguage({ valid, body, operation, isRefused }: Ground): Ask[] {
  const request = { ...withHeader(valid, 'Accept-Language', 'pt-BR'), body: Buffer.from('{}') }
  if (body === undefined || headerOf(valid.headers, 'accept-language') !== undefined || !isRefused(request)) return []
  return [{ says: 'a bad request in another language', request, ...refusal(operation, ['400', '422']) }]
}

/** What is not there yet under this mark is written; it is no question whether it changed. Source: RFC 9110, section 13.1.2. */
function unlessThere(ground: Ground): Ask[] {
  const { valid, operation } = ground
  const isWrite = ['POST', 'PUT', 'PATCH'].includes(operation.method)
  const isDescribed = operation.parameters.some(({ name }) => name.toLowerCase() === 'if-none-match')
  if (!isWrite || isDescribed || headerOf(valid.headers, 'if-none-match') !== undefined) return []
  const request = withHeader(valid, 'If-None-Match', '"contrato"')
  // Some servers know no conditions but that nothing is there.
  return [{ says: 'an If-None-Match with a mark of nothing', request, expects: successes(ground), isSuggested: true }]
}
