import { exitCodes, type Finding, jsonFaultAt, Trouble } from '../../finding/index.ts'
import { sendTo, sessionField, Unreachable } from '../../http/index.ts'
import { makeStyle, type Style } from '../../report/index.ts'
import type { Command, Terminal, Typed } from '../command.ts'

const defaultUrl = 'http://127.0.0.1:4010'

/** Milliseconds that deliveries may take; each receiver has some seconds. */
const patience = 10 * 60_000

/** Deliveries that are shown one by one. */
const maxLines = 20

/** What the mock answers to an order. */
type Triggered = {
  readonly event: string
  readonly deliveries: readonly Told[]
  readonly skipped: readonly { readonly subscription: string; readonly why: string }[]
}
type Told = {
  readonly url: string
  readonly state: string
  readonly nextAt?: string
  readonly attempts: readonly { readonly reason: string; readonly milliseconds: number }[]
}

export const trigger: Command = {
  summary: 'Makes a running mock emit an event.',
  description: [
    'Everybody who registered for it with the mock gets it, where the document and the target allow. The payload is the',
    'documented example, or made up, with --data and --set put into it; what the document does not allow is refused.',
    'Without EVENT, the events that there are. Exits with 1 when nobody got it.',
  ].join('\n'),
  positionals: '[event]',
  maxPositionals: 1,
  flags: {
    url: { short: 'u', value: 'URL', help: `where the mock listens (default ${defaultUrl})` },
    data: { value: 'JSON|@FILE', help: 'members to put into the payload: objects are joined, the rest is replaced' },
    set: {
      value: 'PATH=VALUE',
      many: true,
      help: 'one place of the payload, as data.pushName=Ana; VALUE as JSON, else as text',
    },
    count: { value: 'N', help: 'how many events (default 1)' },
    session: { value: 'NAME', help: 'the session that it happens in: who registered in another does not get it' },
    dynamic: { help: 'make the payload up instead of taking the example' },
    unchecked: { help: 'send what the document does not allow' },
    json: { help: 'print what became of it as JSON' },
  },
  examples: [
    'contrato trigger messages.upsert',
    'contrato trigger messages.upsert --set data.pushName=Ana --count 3',
    `contrato trigger connection.update --data '{"data":{"state":"close"}}' --url http://127.0.0.1:4020`,
  ],
  run: async (typed, terminal) => {
    const style = makeStyle(terminal.colours)
    const [event] = typed.positionals
    const url = urlOf(typed.text('url') ?? defaultUrl)
    if (event === undefined) {
      const events = (await ask(url, 'GET')) as readonly { event: string; says?: string; names: readonly string[] }[]
      terminal.out(typed.flag('json') ? `${JSON.stringify(events)}\n` : listOf(events, style))
      return exitCodes.fine
    }
    const order = {
      event,
      ...(typed.text('data') !== undefined && { data: await dataOf(typed.text('data') ?? '') }),
      set: typed.texts('set').map(placeIn),
      count: countOf(typed),
      dynamic: typed.flag('dynamic'),
      unchecked: typed.flag('unchecked'),
    }
    const triggered = (await ask(url, 'POST', order, sessionIn(typed))) as Triggered
    if (typed.flag('json')) terminal.out(`${JSON.stringify(triggered)}\n`)
    else tell(triggered, style, terminal)
    return triggered.deliveries.some(({ state }) => state === 'delivered') ? exitCodes.fine : exitCodes.findings
  },
}

function listOf(events: readonly { event: string; says?: string; names: readonly string[] }[], style: Style): string {
  const rows = events.map(({ event, says, names }) => [names[0] ?? event, says ?? ''] as const)
  const width = Math.max(0, ...rows.map(([name]) => name.length))
  if (rows.length === 0) return 'The document of this mock describes no events.\n'
  return rows
    .map(([name, says]) => `  ${style.cyan(name.padEnd(width))}  ${says}`.trimEnd())
    .join('\n')
    .concat('\n')
}

/** Each delivery in a line, or how many there were of each kind. */
function tell({ event, deliveries, skipped }: Triggered, style: Style, { out }: Terminal): void {
  const lines = deliveries.map(delivery => lineOf(event, delivery, style))
  if (lines.length <= maxLines) for (const { start, took, next } of lines) out(`${start}${took}${next}\n`)
  else {
    const counts = new Map<string, number>()
    for (const { start } of lines) counts.set(start, (counts.get(start) ?? 0) + 1)
    for (const [start, count] of counts) out(count === 1 ? `${start}\n` : `${start}, ${count} times\n`)
  }
  for (const { subscription, why } of skipped) out(style.dim(`- ${subscription} does not get ${event}: ${why}\n`))
  if (deliveries.length + skipped.length === 0) {
    out(
      `Nobody asked for ${event}. Register a URL with the mock first; what stands under webhooks goes to --webhook-url too.\n`,
    )
  }
}

function lineOf(event: string, { url, state, attempts, nextAt }: Told, style: Style) {
  const last = attempts.at(-1)
  const mark = state === 'delivered' ? style.green('✔') : style.red('✖')
  return {
    start: `${mark} ${event} → ${url}${last === undefined ? ': accepted, and not tried yet' : `: ${last.reason}`}`,
    took: last === undefined ? '' : ` (${Math.round(last.milliseconds)} ms)`,
    next:
      nextAt !== undefined ? `, tried again at ${nextAt}` : state === 'ended' ? ', nothing is sent there any more' : '',
  }
}

async function ask(url: URL, method: string, order?: unknown, session?: string): Promise<unknown> {
  const handler = sendTo(url, { timeout: patience, bodyLimit: 100 * 1024 * 1024 })
  const headers = order === undefined ? [] : ['Content-Type', 'application/json']
  if (session !== undefined) headers.push(sessionField, session)
  const body = order === undefined ? new Uint8Array(0) : Buffer.from(JSON.stringify(order))
  const { status, body: bytes } = await handler({ method, target: '/__contrato/events', headers, body }).catch(
    error => {
      if (!(error instanceof Unreachable)) throw error
      const help = 'Start it with `contrato mock`, or say where it listens with --url.'
      throw new Trouble(exitCodes.unreachable, `No mock answers at ${url.origin}: ${error.message}`, help)
    },
  )
  const said = parsed(Buffer.from(bytes).toString())
  if (status === 200) return said
  const { detail, help, findings } = Object(said) as { detail?: string; help?: string; findings?: readonly Finding[] }
  if (detail !== undefined && (status === 422 || status === 503)) {
    throw new Trouble(status === 503 ? exitCodes.environment : exitCodes.unusable, detail, help ?? '', findings ?? [])
  }
  throw new Trouble(
    exitCodes.unreachable,
    `${url.origin} is no mock that sends events: it answered ${status}${detail === undefined ? '' : `, ${detail}`}`,
    'Name the address that `contrato mock` prints; with --workers it sends events only with --state.',
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function urlOf(text: string): URL {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return new URL(text)
  throw new Trouble(exitCodes.unusable, `${text} is not an http or https URL`, `Give it as ${defaultUrl}`)
}

async function dataOf(text: string): Promise<unknown> {
  const file = text.startsWith('@') ? text.slice(1) : undefined
  const json = (file === undefined ? text : await fileOf(file)).replace(/^\uFEFF/, '')
  const at = jsonFaultAt(json)
  if (at === undefined) return JSON.parse(json)
  const before = json.slice(0, at).split('\n')
  const found = json.slice(at, at + 20).split('\n')[0]
  const says = at === json.length ? 'it ends too early' : `${found} cannot stand there`
  const place = `${file ?? '--data'}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`
  const help =
    file === undefined
      ? `Quote it for the shell, as --data '{"data":{"pushName":"Ana"}}', or put it into a file: --data @payload.json`
      : 'Names and texts stand in double quotes, and nothing stands behind the last item.'
  throw new Trouble(exitCodes.unusable, `--data is not JSON: ${place}: ${says}`, help)
}

async function fileOf(name: string): Promise<string> {
  const { readFile } = await import('node:fs/promises')
  try {
    return await readFile(name, 'utf8')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Trouble(exitCodes.environment, `Cannot read ${name}: ${reason}`, 'Check the path and its permissions.')
  }
}

function placeIn(text: string): { readonly path: string; readonly value: unknown } {
  const at = text.indexOf('=')
  if (at < 1) throw new Trouble(exitCodes.unusable, `--set ${text} sets nothing`, 'Give it as --set data.pushName=Ana')
  const value = text.slice(at + 1)
  const json = parsed(value)
  return { path: text.slice(0, at), value: json === undefined ? value : json }
}

function sessionIn(typed: Typed): string | undefined {
  const name = typed.text('session')
  // Source: RFC 9110, section 5.5; what is no ASCII is read in one way here and in another there.
  if (name === undefined || /^[!-~](?:[ -~]*[!-~])?$/.test(name)) return name
  const help = 'Give what requests have in their Contrato-Session: letters, digits and punctuation.'
  throw new Trouble(exitCodes.unusable, `--session ${JSON.stringify(name)} is not the name of a session`, help)
}

function countOf(typed: Typed): number {
  const text = typed.text('count') ?? '1'
  if (/^\d+$/.test(text) && Number(text) >= 1) return Number(text)
  throw new Trouble(exitCodes.unusable, `--count ${text} is not a number of events`, 'Give a whole number above 0.')
}
