import { Receiver, secretsIn } from '../../events/index.ts'
import { exitCodes, type Finding, Trouble } from '../../finding/index.ts'
import { type Handler, type HttpRequest, type HttpResponse, headerOf, noBytes, redact } from '../../http/index.ts'
import { Api } from '../../model/index.ts'
import { makeStyle, showFinding } from '../../report/index.ts'
import { type BrokenOff, type Listening, makeApp, type ServeOptions, type Site, serve } from '../../server/index.ts'
import type { Command, Typed } from '../command.ts'
import { documentFlags, openDocument } from '../document.ts'
import { type Forward, forwardOf, leadsTo } from '../forward.ts'
import { secretFlags, secretOf } from '../secret.ts'
import { failOn, reporters, reportFlags, tell } from '../tell.ts'

const defaultPort = 4020

/** Findings that are kept for the report at the end. */
const maxFindings = 10_000

/** Bytes of an event that are read; more than any API sends. */
const maxEvent = 16 * 1024 * 1024

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
    ...secretFlags,
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
    const host = typed.text('host') ?? '127.0.0.1'
    const toStandardOutput = reporters(typed, terminal).some(({ format, file }) => file === undefined && !format.isLog)
    const isReported = typed.texts('reporter').length > 0 && toStandardOutput
    if (isReported && typed.flag('json')) {
      const help = 'Write the report into a file: --reporter json=FILE'
      throw new Trouble(exitCodes.unusable, '--json and --reporter both go to standard output', help)
    }
    const { document } = await openDocument(typed, terminal)
    const api = new Api(document)
    const [profile, secret] = [typed.text('delivery'), secretOf(typed, terminal.env)]
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
    const show = isReported ? terminal.err : terminal.out
    const tellOf = (request: HttpRequest, event: string | undefined, found: readonly Finding[]): void => {
      findings.push(...found.slice(0, maxFindings - findings.length))
      if (typed.flag('json')) {
        terminal.out(lineOf(request, event, found))
        return
      }
      const mark = found.length === 0 ? style.green('✔') : style.red('✖')
      const path = redact(request).target.split('?')[0]
      const shown = found.map(each => `${showFinding(each, { style, textOf: file => document.textOf(file) })}\n`)
      show(`${mark} ${event ?? 'unknown event'} ${style.dim(`${request.method} ${path}`)}\n${shown.join('')}`)
    }
    const onBrokenOff = (told: BrokenOff): void => {
      if (told.isWhole) terminal.err('  the sender hung up before it was answered\n')
      else tellOf({ ...told.request, body: noBytes }, undefined, [brokenOff(told)])
    }
    const take = async (request: HttpRequest): Promise<HttpResponse> => {
      const { event, status, findings: found } = receiver.receive(request)
      arrived += 1
      tellOf(request, event, found)
      const answered = await answerTo(request, status, forward, terminal.err)
      if (arrived === count) setImmediate(done.resolve)
      return answered
    }
    const listening = await serveAll(take, { port, host, onBrokenOff })
    if (forward !== undefined && leadsTo(forward.url, host, listening.port)) {
      await listening.close()
      const help = 'Name the address of the receiver behind it.'
      throw new Trouble(exitCodes.unusable, `--forward ${forward.url.href} leads to contrato listen itself`, help)
    }
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

/** What the sender is told: what the receiver behind says, else what the document says. */
async function answerTo(
  { bodyLimit, ...request }: HttpRequest,
  status: number,
  forward: Forward | undefined,
  tellPerson: (text: string) => void,
): Promise<HttpResponse> {
  if (forward === undefined) return { status, headers: [], body: noBytes }
  if (bodyLimit !== undefined) {
    tellPerson(`  not passed on, because it is longer than ${bodyLimit} bytes\n`)
    return { status: 413, headers: [], body: noBytes }
  }
  const { answer, says } = await forward.pass(request)
  tellPerson(`  ${says}\n`)
  return answer
}

function brokenOff({ request, bytes }: BrokenOff): Finding {
  const announced = headerOf(request.headers, 'content-length')
  const came = announced === undefined ? `${bytes} bytes of its body` : `${bytes} of ${announced} bytes of its body`
  return {
    code: 'event-invalid',
    severity: 'error',
    message: `An event broke off after ${came}`,
    help: 'Have the sender send as many bytes as its Content-Length says, and keep the connection until it is answered.',
  }
}

function lineOf(request: HttpRequest, event: string | undefined, findings: readonly Finding[]): string {
  const { method, target, headers, body } = redact(request, secretsIn(request.target))
  const text = Buffer.from(body).toString('utf8')
  return `${JSON.stringify({ at: new Date().toISOString(), event: event ?? null, method, target, headers, body: text, findings })}\n`
}

function serveAll(take: Handler, options: ServeOptions): Promise<Listening> {
  const site: Site<true> = {
    find: () => true,
    reply: (_, request) => take(request),
    missing: () => ({ status: 404, headers: [], body: noBytes }),
  }
  return serve(site, () => makeApp(site, () => undefined), { ...options, bodyLimit: maxEvent })
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let settle = (): void => {}
  const promise = new Promise<void>(resolve => {
    settle = resolve
  })
  return { promise, resolve: () => settle() }
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
