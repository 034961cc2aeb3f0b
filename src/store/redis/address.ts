import { isIP } from 'node:net'
import { exitCodes, Trouble } from '../../finding/index.ts'
import { millisecondsIn } from '../clock.ts'

/** Where a Redis is, as ioredis takes it. */
export type Address = {
  readonly host?: string
  readonly port?: number
  /** A socket of this machine. */
  readonly path?: string
  readonly db: number
  readonly username?: string
  readonly password?: string
  readonly tls?: Tls
  /** Milliseconds in which it says that it is there; by default a little less than a quarter of a second. */
  readonly timeout?: number
  /** The same for people: without the password. */
  readonly shown: string
}

/** How a Redis is reached over TLS; files are PEM. */
export type Tls = {
  /** The name that is asked for, and that its certificate has to be for. */
  readonly servername?: string
  /** A file of the authorities that are trusted, instead of the usual ones. */
  readonly cacert?: string
  /** Files of the certificate that is shown to it, and of its key. */
  readonly cert?: string
  readonly key?: string
}

/** What the query of `rediss:` may say, named as the options of redis-cli are. */
const tlsNames = ['cacert', 'cert', 'key', 'sni']

/** What the query of every address may say. */
const timeoutName = 'timeout'

/** Milliseconds that an answer may take. */
const timeouts = { shortest: 10, longest: 60_000 }

const forms =
  'Give it as redis://HOST:6379/0, rediss://USER:PASSWORD@HOST?cacert=ca.pem for TLS, or unix:///run/redis.sock.'

/**
 * Reads the address of a Redis: `redis:`, `rediss:` (TLS) or `unix:`, the number of the database as path (of `unix:` as `?db=`).
 *
 * @throws Trouble with exit code 2 for a text that is none
 */
export function addressIn(text: string): Address {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase()
  if (scheme === undefined || !['redis', 'rediss', 'unix'].includes(scheme)) {
    throw new Trouble(
      exitCodes.unusable,
      `The state ${withoutPassword(text)} is no address of a Redis, nor "memory"`,
      forms,
    )
  }
  if (!URL.canParse(text)) throw bad(text, 'is no URL')
  const url = new URL(text)
  if (url.hash !== '') throw bad(text, 'has a #; in a password it is written %23')
  return scheme === 'unix' ? onSocket(url, text) : onNetwork(url, text, scheme === 'rediss')
}

function onNetwork(url: URL, text: string, isSecure: boolean): Address {
  if (url.hostname === '') throw bad(text, 'names no host')
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const port = url.port === '' ? 6379 : Number(url.port)
  const db = databaseIn(url.pathname.replace(/^\//, ''), text)
  const username = plain(url.username, text)
  const password = plain(url.password, text)
  const timeout = timeoutIn(url, text)
  const tls = isSecure ? { tls: tlsIn(url, host, text) } : noQuery(url, text)
  const who = url.username === '' && url.password === '' ? '' : `${url.username}:***@`
  return {
    host,
    port,
    db,
    ...(username !== '' && { username }),
    ...(password !== '' && { password }),
    ...tls,
    ...timeout,
    shown: `${url.protocol}//${who}${url.hostname}:${port}/${db}`,
  }
}

function tlsIn(url: URL, host: string, text: string): Tls {
  // A path may have a plus, which stands for itself there.
  const said = new URLSearchParams(url.search.replaceAll('+', '%2B'))
  const known = [...tlsNames, timeoutName]
  const unknown = [...said.keys()].find(name => !known.includes(name))
  if (unknown !== undefined) throw bad(text, `has ?${unknown}; only ${known.join(', ')} mean something here`)
  const twice = tlsNames.find(name => said.getAll(name).length > 1)
  if (twice !== undefined) throw bad(text, `has ${twice} twice`)
  const empty = tlsNames.find(name => said.get(name) === '')
  if (empty !== undefined) throw bad(text, `has ${empty} without a value`)
  const [cacert, cert, key, sni] = tlsNames.map(name => said.get(name) ?? undefined)
  if (cert === undefined && key !== undefined) throw bad(text, 'has a key without its cert')
  if (cert !== undefined && key === undefined) throw bad(text, 'has a cert without its key')
  // Server Name Indication is for names only. Source: RFC 6066, section 3.
  const servername = sni ?? (isIP(host) > 0 ? undefined : host)
  return {
    ...(servername !== undefined && { servername }),
    ...(cacert !== undefined && { cacert }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  }
}

function noQuery(url: URL, text: string): object {
  const name = [...url.searchParams.keys()].find(each => each !== timeoutName)
  if (name === undefined) return {}
  const help = tlsNames.includes(name) ? 'for TLS it is rediss://' : 'which means nothing here'
  throw bad(text, `has ?${name}, ${help}`)
}

function onSocket(url: URL, text: string): Address {
  const unknown = [...url.searchParams.keys()].find(name => name !== 'db' && name !== timeoutName)
  if (unknown !== undefined) throw bad(text, `has ?${unknown}; only db and ${timeoutName} mean something here`)
  const path = plain(`${url.hostname === '' ? '' : `/${url.hostname}`}${url.pathname}`, text)
  if (url.hostname !== '' || !path.startsWith('/') || path === '/') {
    throw bad(text, 'names no socket; it takes three slashes, as unix:///run/redis.sock')
  }
  const db = databaseIn(url.searchParams.get('db') ?? '', text)
  return { path, db, ...timeoutIn(url, text), shown: `unix://${path}${db === 0 ? '' : `?db=${db}`}` }
}

/** How long a Redis that is far away may take: `?timeout=2s`. */
function timeoutIn({ searchParams }: URL, text: string): { readonly timeout?: number } {
  const [said, ...others] = searchParams.getAll(timeoutName)
  if (said === undefined) return {}
  const { shortest, longest } = timeouts
  let timeout = Number.NaN
  try {
    timeout = millisecondsIn(said)
  } catch {
    // Told below.
  }
  if (others.length === 0 && timeout >= shortest && timeout <= longest) return { timeout }
  throw bad(text, `has the timeout "${said}"; it takes one from ${shortest}ms to ${longest / 1_000}s, as ?timeout=2s`)
}

function databaseIn(name: string, text: string): number {
  if (name === '') return 0
  if (/^\d{1,5}$/.test(name)) return Number(name)
  throw bad(text, `names the database ${name}, which is no number`)
}

function plain(encoded: string, text: string): string {
  try {
    return decodeURIComponent(encoded)
  } catch {
    throw bad(text, 'has a % that stands for nothing; write it %25')
  }
}

function bad(text: string, says: string): Trouble {
  return new Trouble(exitCodes.unusable, `The state ${withoutPassword(text)} ${says}`, forms)
}

/** Whatever stands before the last @ may hold a password, whether the text is a URL or not. */
function withoutPassword(text: string): string {
  return text.replace(/^([a-z][a-z0-9+.-]*:(?:\/\/)?)?.*@/is, (_, scheme = '') => `${scheme}***@`)
}
