import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createSecureContext } from 'node:tls'
import { exitCodes, Trouble } from '../../finding/index.ts'
import type { Tls } from './address.ts'

/** What Node takes to speak TLS. */
export type Secure = {
  readonly servername?: string
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}

/**
 * Reads the files that an address names.
 *
 * @throws Trouble with exit code 4 for a file that cannot be read, with 2 for one that cannot be used
 */
export async function readTls({ servername, cacert, cert, key }: Tls): Promise<Secure> {
  const read = {
    ...(cacert !== undefined && { ca: await readPem(cacert) }),
    ...(cert !== undefined && { cert: await readPem(cert) }),
    ...(key !== undefined && { key: await readPem(key) }),
  }
  // Node takes any text for a list of authorities, and trusts nobody then.
  const { ca } = read
  if (cacert !== undefined && ca !== undefined) check(() => new X509Certificate(ca), cacert, 'no certificate')
  if (cert !== undefined) check(() => createSecureContext({ cert: read.cert }), cert, 'no certificate')
  if (key !== undefined) check(() => createSecureContext({ key: read.key }), key, 'no private key, or an encrypted one')
  check(() => createSecureContext(read), key ?? '', `no key of the certificate in ${cert}`)
  return { ...(servername !== undefined && { servername }), ...read }
}

async function readPem(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const help = 'Check the path and its permissions; it counts from the folder that the mock is started in.'
    throw new Trouble(exitCodes.environment, `Cannot read ${file}, which --state names: ${reason}`, help)
  }
}

function check(use: () => unknown, file: string, holds: string): void {
  try {
    use()
  } catch (error) {
    const reason = error instanceof Error && 'reason' in error ? error.reason : error
    const help = 'Give PEM files, which have a line that starts with -----BEGIN.'
    throw new Trouble(exitCodes.unusable, `${file}, which --state names, holds ${holds}: ${reason}`, help)
  }
}
