import { exitCodes, Trouble } from '../../finding/index.ts'

/** The oldest Redis that BullMQ recommends. */
const oldest = [6, 2] as const

/** What ioredis says of an answer in another language. */
export const foreign = /Protocol error|Unknown RESP type/i

/** Why a Redis cannot be used from the start: nobody answers (3), or one that does not let us (4). */
export function startTrouble(error: unknown, shown: string): Trouble {
  const says = wordsOf(error)
  if (/NOAUTH|without any password|AUTH.*called without/i.test(says)) {
    const help = 'Write user and password into the address: redis://USER:PASSWORD@HOST'
    return new Trouble(exitCodes.environment, `Redis at ${shown} wants a password, or another one: ${says}`, help)
  }
  if (/WRONGPASS|invalid password/i.test(says)) {
    return new Trouble(
      exitCodes.environment,
      `Redis at ${shown} does not accept the password: ${says}`,
      'Correct user and password in the address; of a special character, write the escape (%40 for @).',
    )
  }
  if (/NOPERM/.test(says)) {
    const help = 'Give the user INFO, scripts and all commands on keys that start with contrato.'
    return new Trouble(exitCodes.environment, `Redis at ${shown} does not let this user in: ${says}`, help)
  }
  if (/DB index/i.test(says)) {
    const help = 'Give a number below its `databases` setting, 0 if in doubt.'
    return new Trouble(exitCodes.environment, `Redis at ${shown} has no such database: ${says}`, help)
  }
  if (foreign.test(says)) {
    const help = 'Check host and port; a Redis that speaks TLS is reached with rediss://.'
    const reason = says.replace(/ Please report this\.$/, '')
    return new Trouble(exitCodes.unreachable, `What answers at ${shown} is no Redis: ${reason}`, help)
  }
  const trouble = tlsTrouble(error, says, shown)
  if (trouble !== undefined) return trouble
  const help = shown.startsWith('rediss:')
    ? 'Start it, or correct the address given with --state; one without TLS keeps silent, and is reached with redis://.'
    : 'Start it, or correct the address given with --state; for TLS it is rediss://.'
  return new Trouble(exitCodes.unreachable, `No Redis answers at ${shown}: ${says}`, help)
}

/** That a server speaks no TLS. */
export function noTlsTrouble(shown: string, says = 'it answers without'): Trouble {
  const help = 'Check host and port; a Redis without TLS is reached with redis://.'
  return new Trouble(exitCodes.unreachable, `What answers at ${shown} speaks no TLS: ${says}`, help)
}

/** Why there is no TLS with a Redis: it has none, wants to know who asks, or is not who it should be. */
function tlsTrouble(error: unknown, says: string, shown: string): Trouble | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG/.test(code)) {
    return noTlsTrouble(shown, says)
  }
  const help =
    'Name a certificate that it trusts, and its key: rediss://HOST?cert=client.pem&key=client.key; or have it ask for ' +
    'none: redis-cli config set tls-auth-clients no'
  // Who is refused may find the connection closed before the reason is read.
  if (shown.startsWith('rediss:') && /^(ECONNRESET|EPIPE)$|connection is closed/i.test(code === '' ? says : code)) {
    return new Trouble(
      exitCodes.environment,
      `Redis at ${shown} hangs up, as if for want of a certificate: ${says}`,
      help,
    )
  }
  if (/ALERT/.test(code)) {
    return new Trouble(
      exitCodes.environment,
      `Redis at ${shown} wants a certificate from us, or another one: ${says}`,
      help,
    )
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const help = 'Use a host that its certificate names, or say which name to ask for: rediss://HOST?sni=NAME'
    return new Trouble(exitCodes.environment, `The certificate of Redis at ${shown} is for others: ${says}`, help)
  }
  if (/CERT|SIGNATURE|CRL/.test(code)) {
    const help = /EXPIRED|NOT_YET/.test(code)
      ? 'Renew it, and check the clock of this machine.'
      : 'Name the certificate of whoever signed it: rediss://HOST?cacert=ca.pem (or set NODE_EXTRA_CA_CERTS=ca.pem).'
    return new Trouble(exitCodes.environment, `The certificate of Redis at ${shown} is not trusted: ${says}`, help)
  }
  return undefined
}

/** Why Redis cannot be asked now. */
export function awayTrouble(error: unknown, shown: string): Trouble {
  const says = wordsOf(error)
  const help = /^(OOM|MISCONF|NOPERM|READONLY|NOAUTH|WRONGPASS)/.test(says)
    ? 'Mend what it says; the mock needs no restart.'
    : 'Start it again; the mock needs no restart.'
  return new Trouble(exitCodes.environment, `Redis at ${shown} cannot be used now: ${says}`, help)
}

/**
 * Holds what `INFO` says against what is needed.
 *
 * @returns what people should know before they rely on it
 * @throws Trouble with exit code 4 for a Redis that would lose what it accepted, or takes nothing
 */
export function checkUsable(info: string, shown: string): string[] {
  const fields = new Map(
    info.split(/\r?\n/).map(line => {
      const at = line.indexOf(':')
      return [line.slice(0, at), line.slice(at + 1)] as const
    }),
  )
  const unusable = (says: string, help: string): Trouble =>
    new Trouble(exitCodes.environment, `Redis at ${shown} ${says}`, help)
  const version = fields.get('redis_version') ?? ''
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
    throw unusable(`is version ${version === '' ? 'unknown' : version}`, `Use ${oldest.join('.')} or newer.`)
  }
  const mode = fields.get('redis_mode') ?? 'standalone'
  if (mode !== 'standalone') {
    throw unusable(`runs as ${mode}`, 'Name one server that is neither a sentinel nor part of a cluster.')
  }
  if (fields.get('role') === 'slave') {
    const master = `${fields.get('master_host')}:${fields.get('master_port')}`
    throw unusable(`is a replica of ${master}, which takes nothing`, `Name ${master} itself.`)
  }
  const policy = fields.get('maxmemory_policy') ?? 'noeviction'
  if (policy !== 'noeviction') {
    throw unusable(
      `throws away what it holds when its memory is full (maxmemory-policy ${policy})`,
      'Set it to noeviction: redis-cli config set maxmemory-policy noeviction',
    )
  }
  if (fields.get('aof_enabled') !== '0') return []
  return [
    `Redis at ${shown} keeps no append-only file: what it was told last is gone when it restarts. ` +
      '`redis-cli config set appendonly yes` makes it keep one',
  ]
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  // OpenSSL says much of itself before it comes to the point.
  const message = error.message.replace(/^[0-9A-F]+:error:[^:]*:[^:]*:[^:]*:([^:]+):.*$/s, '$1')
  const code = 'code' in error ? String(error.code) : ''
  if (message === '') return code
  return code === '' || message.includes(code) ? message : `${message} (${code})`
}
