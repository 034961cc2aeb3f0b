import { listenTo } from '../../embed/index.ts'
import { exitCodes, Trouble } from '../../finding/index.ts'
import { exampleRequest } from '../../generate/index.ts'
import { Mock } from '../../mock/index.ts'
import { Api, type Operation } from '../../model/index.ts'
import { curlLine, makeStyle, type Style } from '../../report/index.ts'
import type { Command, Typed } from '../command.ts'
import { openDocument } from '../document.ts'
import { requestLog } from '../request-log.ts'

const defaultPort = 4010

/** Operations that the greeting lists; the rest are counted. */
const maxListed = 20

export const mock: Command = {
  summary: 'Serves a mock of an OpenAPI document.',
  description: [
    'Every answer keeps the document: the success it promises for a valid request, the documented 400 with the true',
    'reasons for an invalid one, the documented 401 without credentials. `Prefer: code=400`, `example=NAME`,',
    '`dynamic=true`, `delay=MS` on a request choose another answer, `validate=false` and `auth=false` an indulgent one.',
  ].join('\n'),
  positionals: '[document]',
  maxPositionals: 1,
  flags: {
    port: { short: 'p', value: 'PORT', help: `port to listen on, 0 for a free one (default ${defaultPort}, or $PORT)` },
    host: { value: 'ADDRESS', help: 'address to bind (default 127.0.0.1)' },
    dynamic: { help: 'generate bodies instead of serving the examples' },
    'ignore-examples': { help: 'generate bodies as if the document had given no examples' },
    'no-validate': { help: 'answer requests that break the document as if they kept it' },
    'no-auth': { help: 'ask nobody for credentials' },
    seed: { value: 'TEXT', help: 'change what chance comes up with' },
    clock: { value: 'INSTANT', help: 'freeze the time of day, for example 2024-04-14T14:11:05Z' },
    bearer: { value: 'TOKEN', many: true, help: 'accept only this bearer token; without it, every token' },
    quiet: { short: 'q', help: 'print the URL and nothing else' },
    verbose: { short: 'v', help: 'log every request, however many come' },
  },
  examples: [
    'contrato mock',
    'contrato mock openapi/webhook.yaml --port 0',
    "contrato mock --dynamic --bearer 'my-token'",
  ],
  run: async (typed, terminal) => {
    const port = portOf(typed.text('port') ?? terminal.env.PORT)
    const now = clockOf(typed.text('clock'))
    const { document, chosen } = await openDocument(typed.positionals[0])
    const bearer = typed.texts('bearer')
    const api = new Api(document, bearer.length === 0 ? {} : { bearer })
    const style = makeStyle(terminal.colours)
    const log = requestLog({ style, write: terminal.err, all: typed.flag('verbose') })
    const seed = typed.text('seed')
    const answering = new Mock(api, {
      dynamic: typed.flag('dynamic'),
      ignoreExamples: typed.flag('ignore-examples'),
      validate: !typed.flag('no-validate'),
      auth: !typed.flag('no-auth'),
      onNotice: notice => terminal.err(`${style.yellow('warning')} ${notice}\n`),
      ...(seed !== undefined && { seed }),
      ...(now !== undefined && { now }),
    })
    const host = typed.text('host')
    const quiet = typed.flag('quiet')
    const listening = await listenTo(answering, {
      port,
      ...(host !== undefined && { host }),
      ...(!quiet && { onServed: log.served }),
      onBug: error => terminal.err(`${style.red('bug')} ${error instanceof Error ? error.stack : error}\n`),
    })
    terminal.out(
      quiet ? `${listening.url}\n` : greeting(api, listening.url, { style, typed, shipped: chosen.why === 'shipped' }),
    )
    await terminal.interrupted()
    log.close()
    await listening.close()
    return exitCodes.fine
  },
}

function greeting(
  api: Api,
  url: string,
  { style, typed, shipped }: { style: Style; typed: Typed; shipped: boolean },
): string {
  const { operations, document } = api
  const listed = operations.slice(0, maxListed)
  const width = Math.max(0, ...listed.map(({ path }) => path.length))
  const rows = listed.map(
    operation =>
      `  ${style.cyan(operation.method.padEnd(7))}${operation.path.padEnd(width)}  ${style.dim(operation.id)}`,
  )
  if (operations.length > listed.length) rows.push(style.dim(`  … and ${operations.length - listed.length} more`))
  const which = shipped ? `the webhook document that comes with contrato, ${document.file}` : document.file
  const lines = [`${style.bold(api.title)} — ${which}`, '', `Mock on ${style.green(url)}`, '', ...rows]
  const first = operations[0]
  if (first !== undefined) lines.push('', 'Try it:', `  ${tryIt(api, first, url, typed.texts('bearer'))}`)
  return `${lines.join('\n')}\n\n`
}

/** A line that works when pasted; a token that was given on the command line is left for the shell to put in. */
function tryIt(api: Api, first: Operation, url: string, bearer: readonly string[]): string {
  const operation = api.operations.find(candidate => candidate.method === 'POST') ?? first
  return curlLine(url, exampleRequest(api, operation, bearer.length === 0 ? 'any-token' : '$TOKEN'))
}

function portOf(text: string | undefined): number {
  if (text === undefined || text === '') return defaultPort
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535 && /^\d+$/.test(text)) return port
  throw new Trouble(exitCodes.unusable, `${text} is not a port`, 'Give a number from 0 to 65535; 0 takes a free port.')
}

function clockOf(text: string | undefined): (() => Date) | undefined {
  if (text === undefined) return undefined
  const instant = new Date(text)
  if (!Number.isNaN(instant.getTime())) return () => instant
  throw new Trouble(exitCodes.unusable, `${text} is not an instant`, 'Give it as 2024-04-14T14:11:05Z.')
}
