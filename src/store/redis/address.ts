import { exitCodes, Trouble } from '../../finding/index.ts'

/** Where a Redis is, as ioredis takes it. */
export type Address = {
  readonly host?: string
  readonly port?: number
  /** A socket of this machine. */
  readonly path?: string
  readonly db: number
  readonly username?: string
  readonly password?: string
  readonly tls?: { readonly servername?: string }
  /** The same for people: without the password. */
  readonly shown: string
}

const forms = 'Give it as redis://HOST:6379/0, rediss://USER:PASSWORD@HOST for TLS, or unix:///run/redis.sock.'

/**
 * Reads the address of a Redis: `redis:`, `rediss:` (TLS) or `unix:`, the number of the database as path (of `unix:` as `?db=`).
 *
 * @throws Trouble with exit code 2 for a text that is none
 */
export function addressIn(text: string): Address {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase()
  if (scheme === undefined || !['redis', 'rediss', 'unix'].includes(scheme)) {
    throw new Trouble(exitCodes.unusable, `The state ${withoutPassword(text)} is no address of a Redis`, forms)
  }
  if (!URL.canParse(text)) throw bad(text, 'is no URL')
  const url = new URL(text)
  if (url.hash !== '') throw bad(text, 'has a #; in a password it is written %23')
  return scheme === 'unix' ? onSocket(url, text) : onNetwork(url, text, scheme === 'rediss')
}

function onNetwork(url: URL, text: string, isSecure: boolean): Address {
  if (url.hostname === '') throw bad(text, 'names no host')
  const [unknown] = url.searchParams.keys()
  if (unknown !== undefined) throw bad(text, `has ?${unknown}, which means nothing here`)
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const port = url.port === '' ? 6379 : Number(url.port)
  const db = databaseIn(url.pathname.replace(/^\//, ''), text)
  const username = plain(url.username, text)
  const password = plain(url.password, text)
  const who = url.username === '' && url.password === '' ? '' : `${url.username}:***@`
  return {
    host,
    port,
    db,
    ...(username !== '' && { username }),
    ...(password !== '' && { password }),
    // Server Name Indication is for names only. Source: RFC 6066, section 3.
    ...(isSecure && { tls: /^[\d.]+$|:/.test(host) ? {} : { servername: host } }),
    shown: `${url.protocol}//${who}${url.hostname}:${port}/${db}`,
  }
}

function onSocket(url: URL, text: string): Address {
  const unknown = [...url.searchParams.keys()].find(name => name !== 'db')
  if (unknown !== undefined) throw bad(text, `has ?${unknown}; only ?db=NUMBER means something here`)
  const path = plain(`${url.hostname === '' ? '' : `/${url.hostname}`}${url.pathname}`, text)
  if (url.hostname !== '' || !path.startsWith('/') || path === '/') {
    throw bad(text, 'names no socket; it takes three slashes, as unix:///run/redis.sock')
  }
  const db = databaseIn(url.searchParams.get('db') ?? '', text)
  return { path, db, shown: `unix://${path}${db === 0 ? '' : `?db=${db}`}` }
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
