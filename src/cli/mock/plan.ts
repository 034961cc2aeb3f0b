import { availableParallelism } from 'node:os'
import type { Document } from '../../document/index.ts'
import type { EventsOptions } from '../../events/index.ts'
import { exitCodes, Trouble } from '../../finding/index.ts'
import type { MockOptions } from '../../mock/index.ts'
import type { CredentialOptions } from '../../model/index.ts'
import { inMemory, shownState } from '../../store/index.ts'
import type { Flag, Terminal, Typed } from '../command.ts'
import { type Chosen, chooseDocument, documentFlags, loaderOf } from '../document.ts'
import { secretOf } from '../secret.ts'

const defaultPort = 4010

/** More processes than any machine has use for. */
const maxWorkers = 256

/** Flags of `contrato mock`. */
export const mockFlags: Readonly<Record<string, Flag>> = {
  port: { short: 'p', value: 'PORT', help: `port to listen on, 0 for a free one (default ${defaultPort}, or $PORT)` },
  host: { value: 'ADDRESS', help: 'address to bind (default 127.0.0.1); 0.0.0.0 lets other machines in' },
  watch: { short: 'w', help: 'serve edits of the document at once; a broken edit keeps the last good document' },
  https: { help: 'serve HTTPS, with a certificate made at the start' },
  cert: { value: 'FILE', help: 'serve HTTPS with this certificate (PEM); needs --key' },
  key: { value: 'FILE', help: 'the private key of the certificate (PEM)' },
  workers: { value: 'N', help: 'answer with N processes; `auto` for one per core (default 1)' },
  dynamic: { help: 'generate bodies instead of serving the examples' },
  'ignore-examples': { help: 'generate bodies as if the document had given no examples' },
  'no-validate': { help: 'answer requests that break the document as if they kept it' },
  'no-auth': { help: 'ask nobody for credentials' },
  seed: { value: 'TEXT', help: 'change what chance comes up with' },
  clock: { value: 'INSTANT', help: 'freeze the time of day, for example 2024-04-14T14:11:05Z' },
  bearer: { value: 'TOKEN', many: true, help: 'accept only this bearer token; without it, every token' },
  delivery: {
    value: 'PROFILE',
    help: 'how to send events: codechat, standard-webhooks, github, stripe (default: as the document says)',
  },
  'webhook-url': { value: 'URL', help: 'where the webhooks of the document go (default: to every subscription)' },
  'webhook-secret': { value: 'TEXT', help: 'what signs the events (default: one that contrato listen knows)' },
  'webhook-secret-env': { value: 'NAME', help: 'environment variable that holds what signs the events' },
  deliveries: { value: 'FILE', help: 'append every attempt to send an event to FILE, a line of JSON each' },
  'allow-target': { value: 'TARGET', many: true, help: 'let events go to this address, block (10.0.0.0/8) or host' },
  state: {
    value: 'WHERE',
    help: 'remember what is created: in `memory`, or in Redis (redis://, rediss://, unix://), where every mock with the same URL and document is one',
  },
  ...documentFlags,
  quiet: { short: 'q', help: 'print the URL and nothing else' },
  verbose: { short: 'v', help: 'log every request, however many come' },
}

/** What `contrato mock` was asked for; each worker reads the same from the same words. */
export type Plan = {
  readonly documents: readonly Chosen[]
  readonly load: (chosen: Chosen) => Promise<Document>
  readonly credentials: CredentialOptions
  readonly mock: MockOptions
  /** How events are sent; `undefined` when nothing was said of it. */
  readonly events: EventsOptions | undefined
  /** The file that every attempt to send an event is appended to. */
  readonly deliveries: string | undefined
  /** Where what is created is remembered, and in Redis events too; `undefined` when nothing is but who asked for events. */
  readonly state: string | undefined
  readonly port: number
  readonly host: string
  readonly https: Https | undefined
  readonly watch: boolean
  readonly workers: number
  readonly quiet: boolean
  readonly verbose: boolean
}

/** Where the certificate comes from; without files one is made. */
export type Https = { readonly files?: { readonly cert: string; readonly key: string } }

/** @throws Trouble with exit code 2 for a value that cannot be used */
export function planOf(typed: Typed, terminal: Terminal): Plan {
  const port = portOf(typed.text('port'), terminal.env.PORT)
  const now = clockOf(typed.text('clock'))
  const https = httpsOf(typed)
  const workers = workersOf(typed.text('workers'))
  const named = typed.positionals.length === 0 ? [undefined] : typed.positionals
  const documents = named.map(chooseDocument)
  if (workers > 1 && documents.some(({ why }) => why === 'stdin')) {
    const message = 'Standard input can be read by one process only, not by each of the workers'
    throw new Trouble(exitCodes.unusable, message, 'Save the document in a file, or leave --workers out.')
  }
  const events = eventsOf(typed, terminal)
  const state = typed.text('state')
  if (state !== undefined) shownState(state)
  if (workers > 1 && state === inMemory) {
    const message = '--state memory is the memory of one process, and several answer'
    throw new Trouble(exitCodes.unusable, message, 'Leave --workers out, or use --state redis://127.0.0.1:6379.')
  }
  const deliveries = typed.text('deliveries')
  if (workers > 1 && (events ?? deliveries) !== undefined && state === undefined) {
    const message = 'Events are sent by one process only, which has to know everybody who asked for them'
    const help = 'Leave --workers out, or let them remember together with --state redis://127.0.0.1:6379.'
    throw new Trouble(exitCodes.unusable, message, help)
  }
  const bearer = typed.texts('bearer')
  const seed = typed.text('seed')
  return {
    documents,
    load: loaderOf(typed, terminal),
    credentials: bearer.length === 0 ? {} : { bearer },
    mock: {
      dynamic: typed.flag('dynamic'),
      ignoreExamples: typed.flag('ignore-examples'),
      validate: !typed.flag('no-validate'),
      auth: !typed.flag('no-auth'),
      ...(seed !== undefined && { seed }),
      ...(now !== undefined && { now }),
    },
    events,
    deliveries,
    state,
    port,
    host: typed.text('host') ?? '127.0.0.1',
    https,
    watch: typed.flag('watch'),
    workers,
    quiet: typed.flag('quiet'),
    verbose: typed.flag('verbose'),
  }
}

function portOf(flag: string | undefined, fromEnv: string | undefined): number {
  const [text, origin] = flag === undefined ? [fromEnv, 'PORT='] : [flag, '']
  if (text === undefined || (text === '' && flag === undefined)) return defaultPort
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535 && /^\d+$/.test(text)) return port
  const said = text === '' ? 'An empty text' : `${origin}${text}`
  throw new Trouble(exitCodes.unusable, `${said} is not a port`, 'Give a number from 0 to 65535; 0 takes a free port.')
}

function clockOf(text: string | undefined): (() => Date) | undefined {
  if (text === undefined) return undefined
  const instant = new Date(text)
  if (!Number.isNaN(instant.getTime())) return () => instant
  throw new Trouble(exitCodes.unusable, `${text} is not an instant`, 'Give it as 2024-04-14T14:11:05Z.')
}

function httpsOf(typed: Typed): Https | undefined {
  const [cert, key] = [typed.text('cert'), typed.text('key')]
  if (cert !== undefined && key !== undefined) return { files: { cert, key } }
  if (cert === undefined && key === undefined) return typed.flag('https') ? {} : undefined
  const [given, missing] = cert === undefined ? ['--key', '--cert'] : ['--cert', '--key']
  throw new Trouble(
    exitCodes.unusable,
    `${given} is given without ${missing}`,
    'Give both, or --https alone to have a certificate made.',
  )
}

function eventsOf(typed: Typed, { env }: Terminal): EventsOptions | undefined {
  const [profile, webhookUrl] = [typed.text('delivery'), typed.text('webhook-url')]
  const secret = secretOf(typed, env, 'webhook-secret')
  const allowTargets = typed.texts('allow-target')
  const options = {
    ...(profile !== undefined && { profile }),
    ...(webhookUrl !== undefined && { webhookUrl }),
    ...(secret !== undefined && { secret }),
    ...(allowTargets.length > 0 && { allowTargets }),
  }
  return Object.keys(options).length === 0 ? undefined : options
}

function workersOf(text: string | undefined): number {
  if (text === undefined) return 1
  if (text === 'auto') return availableParallelism()
  const count = /^\d+$/.test(text) ? Number(text) : 0
  if (count >= 1 && count <= maxWorkers) return count
  throw new Trouble(
    exitCodes.unusable,
    `${text} is not a number of workers`,
    `Give a number from 1 to ${maxWorkers}, or auto for one per core.`,
  )
}
