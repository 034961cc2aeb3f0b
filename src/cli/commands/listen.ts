import { Receiver } from '../../events/index.ts'
import { exitCodes, type Finding, Trouble } from '../../finding/index.ts'
import {
  type Handler,
  type HttpRequest,
  type HttpResponse,
  noBytes,
  redact,
  sendTo,
  Unreachable,
} from '../../http/index.ts'
import { Api } from '../../model/index.ts'
import { makeStyle, showFinding } from '../../report/index.ts'
import { type Listening, makeApp, type Site, serve } from '../../server/index.ts'
import type { Command, Terminal, Typed } from '../command.ts'
import { documentFlags, openDocument } from '../document.ts'
import { failOn, reportFlags, tell } from '../tell.ts'

const defaultPort = 4020

/** Findings that are kept for the report at the end. */
const maxFindings = 10_000

/** Header fields that belong to one connection. Source: RFC 9110, section 7.6.1. */
const ofConnection = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'keep-alive',
  'te',
  'upgrade',
])

export const listen: Command = {
  summary: 'Receives events and holds each against an OpenAPI document.',
  description: [
    'Whatever arrives, on any path, is taken for an event: which one, is its body, its media type and its header fields',
    'what the callback or webhook says, is its signature good? Point the real API at it to see whether it keeps the',
    'document. Ends with Ctrl-C or after --count events, and exits with 1 when there was a finding.',
  ].join('\n'),
  positionals: '[document]',
  maxPositionals: 1,
  flags: {
    port: { short: 'p', value: 'PORT', help: `port to listen on, 0 for a free one (default ${defaultPort})` },
    host: { value: 'ADDRESS', help: 'address to bind (default 127.0.0.1); 0.0.0.0 lets other machines in' },
    forward: { value: 'URL', help: 'pass each event on to this URL, and its answer back' },
    count: { value: 'N', help: 'end after so many events' },
    delivery: {
      value: 'PROFILE',
      help: 'how events are signed: codechat, standard-webhooks, github, stripe (default: as the document says)',
    },
    secret: { value: 'TEXT', help: 'what signs the events (default: that of contrato mock)' },
    json: { help: 'print each event as one line of JSON' },
    ...documentFlags,
    ...reportFlags,
  },
  examples: [
    'contrato listen',
    'contrato listen --port 0 --forward http://127.0.0.1:3000/hook',
    'contrato listen --json --count 1',
  ],
  run: async (typed, terminal) => {
    const threshold = failOn(typed)
    const count = countOf(typed)
    const forward = forwardOf(typed.text('forward'))
    const port = portOf(typed.text('port'))
    const { document } = await openDocument(typed, terminal)
    const api = new Api(document)
    const [profile, secret] = [typed.text('delivery'), typed.text('secret')]
    const receiver = new Receiver(api, {
      ...(profile !== undefined && { profile }),
      ...(secret !== undefined && { secret }),
    })
    if (receiver.count === 0) {
      const help = 'Name a document that has `callbacks` or `webhooks`.'
      throw new Trouble(exitCodes.unusable, `${document.file} describes no events`, help)
    }
    const style = makeStyle(terminal.colours)
    const findings: Finding[] = []
    let arrived = 0
    const done = deferred()
    const take = async (request: HttpRequest): Promise<HttpResponse> => {
      const { event, status, findings: found } = receiver.receive(request)
      arrived += 1
      findings.push(...found.slice(0, maxFindings - findings.length))
      if (typed.flag('json')) terminal.out(lineOf(request, event, found))
      else {
        const mark = found.length === 0 ? style.green('✔') : style.red('✖')
        const path = redact(request).target.split('?')[0]
        const shown = found.map(each => `${showFinding(each, { style, textOf: file => document.textOf(file) })}\n`)
        terminal.out(`${mark} ${event ?? 'unknown event'} ${style.dim(`${request.method} ${path}`)}\n${shown.join('')}`)
      }
      const answered =
        forward === undefined ? { status, headers: [], body: noBytes } : await passOn(forward, request, terminal)
      if (arrived === count) setImmediate(done.resolve)
      return answered
    }
    const listening = await serveAll(take, port, typed.text('host') ?? '127.0.0.1')
    terminal.err(`Listening on ${listening.url} for the ${receiver.count} events of ${api.title}\n`)
    await Promise.race([terminal.interrupted(), done.promise])
    await listening.close()
    const summary = { operations: receiver.count, requests: arrived }
    if (typed.texts('reporter').length > 0) {
      return await tell({ command: 'listen', document, findings, summary }, threshold, typed, terminal)
    }
    terminal.err(
      `${arrived} ${arrived === 1 ? 'event' : 'events'}, ${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}\n`,
    )
    return findings.length > 0 && threshold !== 'never' ? exitCodes.findings : exitCodes.fine
  },
}

/** Where an event is passed on: to this very address where it has a path, else to the path that was asked for. */
type Forward = { readonly url: URL; readonly handler: Handler }

async function passOn({ url, handler }: Forward, request: HttpRequest, terminal: Terminal): Promise<HttpResponse> {
  const headers: string[] = []
  for (let at = 0; at < request.headers.length; at += 2) {
    const [name, value] = [request.headers[at] as string, request.headers[at + 1] as string]
    if (!ofConnection.has(name.toLowerCase())) headers.push(name, value)
  }
  try {
    const target = url.pathname === '/' ? request.target : ''
    const answered = await handler({ ...request, target, headers })
    terminal.err(`  ${url.href} answered ${answered.status}\n`)
    const fields = answered.headers.filter(
      (_, at) => !ofConnection.has((answered.headers[at - (at % 2)] ?? '').toLowerCase()),
    )
    return { ...answered, headers: fields }
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error
    terminal.err(`  ${url.href} cannot be reached: ${error.message}\n`)
    return { status: 502, headers: [], body: noBytes }
  }
}

function lineOf(request: HttpRequest, event: string | undefined, findings: readonly Finding[]): string {
  const { method, target, headers, body } = redact(request)
  const text = Buffer.from(body).toString('utf8')
  return `${JSON.stringify({ at: new Date().toISOString(), event: event ?? null, method, target, headers, body: text, findings })}\n`
}

function serveAll(take: Handler, port: number, host: string): Promise<Listening> {
  const site: Site<true> = {
    find: () => true,
    reply: (_, request) => take(request),
    missing: () => ({ status: 404, headers: [], body: noBytes }),
  }
  return serve(site, () => makeApp(site, () => undefined), { port, host })
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let settle = (): void => {}
  const promise = new Promise<void>(resolve => {
    settle = resolve
  })
  return { promise, resolve: () => settle() }
}

function forwardOf(text: string | undefined): Forward | undefined {
  if (text === undefined) return undefined
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) {
    const url = new URL(text)
    return { url, handler: sendTo(url) }
  }
  throw new Trouble(
    exitCodes.unusable,
    `--forward ${text} is not an http or https URL`,
    'Give it as http://127.0.0.1:3000/hook',
  )
}

function countOf(typed: Typed): number | undefined {
  const text = typed.text('count')
  if (text === undefined) return undefined
  if (/^\d+$/.test(text) && Number(text) >= 1) return Number(text)
  throw new Trouble(exitCodes.unusable, `--count ${text} is not a number of events`, 'Give a whole number above 0.')
}

function portOf(text: string | undefined): number {
  if (text === undefined) return defaultPort
  if (/^\d+$/.test(text) && Number(text) <= 65_535) return Number(text)
  throw new Trouble(exitCodes.unusable, `${text} is not a port`, 'Give a number from 0 to 65535; 0 takes a free port.')
}
