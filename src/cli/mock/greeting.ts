import { shadowedBy } from '../../embed/index.ts'
import { exampleRequest } from '../../generate/index.ts'
import type { Mock } from '../../mock/index.ts'
import { type Api, type Operation, webhooksOf } from '../../model/index.ts'
import { curlLine, type Style } from '../../report/index.ts'
import { inMemory, shownState } from '../../store/index.ts'
import type { Chosen } from '../document.ts'
import { addressesOfThisMachine, type Certificate } from './certificate.ts'
import type { Plan } from './plan.ts'

/** Operations that the greeting lists, of all documents together; the rest are counted. */
const maxListed = 20

/** Addresses of this machine that are named. */
const maxAddresses = 3

/** What is said once when the mock listens. */
export function greeting(
  plan: Plan,
  mocks: readonly Mock[],
  url: string,
  certificate: Certificate | undefined,
  style: Style,
): string {
  const apis = mocks.map(({ api }) => api)
  const each = Math.max(3, Math.floor(maxListed / apis.length))
  const lines = apis.flatMap((api, at) => [
    `${style.bold(api.title)} — ${described(api, plan.documents[at])}`,
    '',
    ...listed(api, each, style),
    '',
  ])
  lines.push(`Mock on ${style.green(url)}`)
  if (plan.workers > 1) lines.push(`${plan.workers} workers answer.`)
  if (plan.workers > 1 && plan.state === undefined && apis.some(hasEvents)) {
    lines.push(
      'It sends no events: each worker would know a part of who asked. --state redis://… lets them remember together.',
    )
  }
  if (plan.state !== undefined) {
    const others = plan.state === inMemory ? ', until it ends' : ', with every mock of the same document that does'
    lines.push(`Remembers what is created in ${shownState(plan.state)}${others}.`)
  }
  if (plan.watch) lines.push('Edits of the document are served at once.')
  if (certificate !== undefined) lines.push(certificate.says)
  lines.push(...reachedByOthers(plan.host, url))
  const [api] = apis.filter(({ operations }) => operations.length > 0)
  const curl = certificate?.curl ?? []
  if (api !== undefined) lines.push('', 'Try it:', `  ${tryIt(api, url, plan.credentials.bearer !== undefined, curl)}`)
  return `${lines.join('\n')}\n\n`
}

function described({ document }: Api, chosen: Chosen | undefined): string {
  return chosen?.why === 'shipped' ? `the webhook document that comes with contrato, ${document.file}` : document.file
}

function listed({ operations }: Api, most: number, style: Style): string[] {
  // One more takes no more room than saying that there is one more.
  const shown = operations.length === most + 1 ? operations : operations.slice(0, most)
  const width = Math.max(0, ...shown.map(({ path }) => path.length))
  const methods = Math.max(4, ...shown.map(({ method }) => method.length))
  const rows = shown.map(({ method, path, id, summary = '' }) => {
    // Where the document gives no operationId, the id is what stands before it.
    const named = id === `${method} ${path}` ? summary : id
    return `  ${style.cyan(method.padEnd(methods))}  ${named === '' ? path : `${path.padEnd(width)}  ${style.dim(named)}`}`
  })
  if (operations.length > shown.length) rows.push(style.dim(`  … and ${operations.length - shown.length} more`))
  return rows.length === 0 ? [style.dim('  no operations: the document has no paths')] : rows
}

/** Who binds more than this machine is told, because a mock asks nobody who they are. */
function reachedByOthers(host: string, url: string): string[] {
  if (host === 'localhost' || host === '::1' || /^127\./.test(host)) return []
  const { protocol, port } = new URL(url)
  const isAll = host === '0.0.0.0' || host === '::'
  const addresses = isAll ? addressesOfThisMachine().filter(address => host === '::' || !address.includes(':')) : [host]
  const urls = addresses
    .slice(0, maxAddresses)
    .map(address => `${protocol}//${address.includes(':') ? `[${address}]` : address}:${port}`)
  const where = urls.length === 0 ? '' : `, at ${urls.join(', ')}`
  return [`Other machines reach it too${where}. Leave out --host to keep it to this one.`]
}

/** A line that works when pasted; a token that was given on the command line is left for the shell to put in. */
function tryIt(api: Api, url: string, exact: boolean, curl: readonly string[]): string {
  const { operations } = api
  const [first] = operations
  const operation =
    operations.find(takesJson) ?? operations.find(({ method }) => method === 'GET') ?? (first as Operation)
  return curlLine(url, exampleRequest(api, operation, exact ? '$TOKEN' : 'any-token'), { words: curl })
}

/** A body that people can read in a line shows more than none at all, and one in parts less. */
function takesJson({ method, requestBody }: Operation): boolean {
  return method === 'POST' && requestBody?.content.some(({ mediaType }) => /[/+]json\b/i.test(mediaType)) === true
}

/** One notice for each two documents of which the first answers what the second describes too. */
export function overlaps(mocks: readonly Mock[]): string[] {
  const notices: string[] = []
  for (const [at, second] of mocks.entries()) {
    for (const first of mocks.slice(0, at)) {
      const shadowed = shadowedBy(first, second)
      const [one, ...rest] = shadowed
      if (one === undefined) continue
      const { method, path } = one.operation
      const more = rest.length === 0 ? '' : ` (and ${rest.length} more)`
      const below = one.reachedBelow[0]
      const way = below === undefined ? '' : `; that of the latter is at ${below}${path}`
      const [winner, loser] = [first.api.document.file, second.api.document.file]
      notices.push(`${method} ${path}${more} is in ${winner} and in ${loser}; the former answers${way}`)
    }
  }
  return notices
}

function hasEvents(api: Api): boolean {
  return webhooksOf(api).length > 0 || api.operations.some(({ part }) => part.get('callbacks') !== undefined)
}
