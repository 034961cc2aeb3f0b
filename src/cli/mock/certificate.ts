import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import { exitCodes, Trouble } from '../../finding/index.ts'
import type { Credentials } from '../../server/index.ts'
import type { Https } from './plan.ts'

const day = 24 * 60 * 60 * 1_000

/** Milliseconds that a certificate made at the start is valid. */
const validity = 30 * day

/** A certificate to serve with, and what people have to know of it. */
export type Certificate = {
  readonly credentials: Credentials
  /** One line for the greeting. */
  readonly says: string
  /** Words for curl that make it accept the certificate. */
  readonly curl: readonly string[]
}

/**
 * The certificate that was named, or one that is made now, is kept in memory and is good for this machine.
 *
 * @throws Trouble with exit code 4 for a file that cannot be read, with 2 for one that cannot be used
 */
export async function certificateFor({ files }: Https, host: string): Promise<Certificate> {
  return files === undefined ? await makeCertificate(host) : await readCertificate(files.cert, files.key)
}

async function makeCertificate(host: string): Promise<Certificate> {
  const { generate } = await import('selfsigned')
  const now = Date.now()
  const names = namesFor(host)
  const made = await generate([{ name: 'commonName', value: 'contrato mock' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    // The clock of a container may lag behind.
    notBeforeDate: new Date(now - day),
    notAfterDate: new Date(now + validity),
    extensions: [
      // Chains end at it, which is what lets `--cacert` take it.
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: names.map(name => (isIP(name) > 0 ? { type: 7, ip: name } : { type: 2, value: name })),
      },
    ],
  })
  const { fingerprint256, validTo } = new X509Certificate(made.cert)
  return {
    credentials: { cert: made.cert, key: made.private },
    says: `Certificate made for ${names.join(', ')}, valid until ${validTo}; SHA-256 ${fingerprint256}`,
    curl: ['-k'],
  }
}

/** What a server bound to this address is reached as. */
function namesFor(host: string): string[] {
  const own = host === '0.0.0.0' || host === '::' ? addressesOfThisMachine() : [host]
  return [...new Set(['localhost', '127.0.0.1', '::1', ...own])]
}

/** Addresses under which other machines reach this one. */
export function addressesOfThisMachine(): string[] {
  return Object.values(networkInterfaces())
    .flatMap(addresses => addresses ?? [])
    .filter(({ internal, scopeid }) => !internal && !scopeid)
    .map(({ address }) => address)
}

async function readCertificate(certFile: string, keyFile: string): Promise<Certificate> {
  const [cert, key] = [await readPem(certFile), await readPem(keyFile)]
  const certificate = parseCertificate(cert, certFile)
  if (!certificate.checkPrivateKey(parseKey(key, keyFile))) {
    throw unusable(
      `The key in ${keyFile} does not belong to the certificate in ${certFile}`,
      'Name the key that the certificate was made with; of several certificates in a file, the first is the server’s.',
    )
  }
  const { validFrom, validTo, subjectAltName, fingerprint256 } = certificate
  if (Date.parse(validTo) < Date.now()) {
    throw unusable(`The certificate in ${certFile} expired on ${validTo}`, 'Renew it, or let --https make one.')
  }
  if (Date.parse(validFrom) > Date.now()) {
    throw unusable(
      `The certificate in ${certFile} is not valid before ${validFrom}`,
      'Check the clock of this machine.',
    )
  }
  const isRoot = certificate.checkIssued(certificate)
  const names = subjectAltName?.replaceAll(/(DNS|IP Address):/g, '') ?? 'no name'
  return {
    credentials: { cert, key },
    says: `Certificate of ${certFile} for ${names}, valid until ${validTo}; SHA-256 ${fingerprint256}`,
    curl: isRoot ? ['--cacert', certFile] : [],
  }
}

async function readPem(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Trouble(exitCodes.environment, `Cannot read ${file}: ${reason}`, 'Check the path and its permissions.')
  }
}

function parseCertificate(text: string, file: string): X509Certificate {
  try {
    return new X509Certificate(text)
  } catch {
    throw unusable(
      `${file} holds no certificate`,
      'Give a PEM file, which has a line -----BEGIN CERTIFICATE-----; `openssl x509 -inform der` converts others.',
    )
  }
}

function parseKey(text: string, file: string): KeyObject {
  try {
    return createPrivateKey(text)
  } catch {
    if (text.includes('ENCRYPTED')) {
      throw unusable(`The key in ${file} is encrypted`, 'Decrypt it with `openssl pkey -in FILE -out PLAIN`.')
    }
    throw unusable(
      `${file} holds no private key`,
      'Give a PEM file, which has a line -----BEGIN PRIVATE KEY----- (or EC, or RSA).',
    )
  }
}

function unusable(message: string, help: string): Trouble {
  return new Trouble(exitCodes.unusable, message, help)
}
