import { writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import path from 'node:path'
import { generate } from 'selfsigned'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore, shownState } from '../../src/store/index.ts'
import { type RedisServer, redisServer, whyNoTls } from '../kit/redis.ts'
import { contrato, startMock, temporaryFolder } from '../system/kit.ts'

describe('the address of a Redis with TLS', () => {
  it('is shown without the files that it names', () => {
    const state = 'rediss://me:secret@redis.internal/1?cacert=a+b.pem&cert=c.pem&key=k.pem&sni=other'
    expect(shownState(state)).toBe('rediss://me:***@redis.internal:6379/1')
  })

  it.each([
    ['redis://localhost?cacert=ca.pem', 'has ?cacert, for TLS it is rediss://'],
    ['rediss://localhost?ca=ca.pem', 'has ?ca; only cacert, cert, key, sni, timeout mean something here'],
    ['rediss://localhost?cert=c.pem', 'has a cert without its key'],
    ['rediss://localhost?key=k.pem', 'has a key without its cert'],
    ['rediss://localhost?cacert=', 'has cacert without a value'],
    ['rediss://localhost?sni=a&sni=b', 'has sni twice'],
  ])('%s is refused with the reason', (state, says) => {
    expect(() => shownState(state)).toThrow(
      expect.objectContaining({ exitCode: 2, message: expect.stringContaining(says) }),
    )
  })
})

const none = whyNoTls()

/** A server that does as told with each connection. */
async function server(connected: (socket: Socket) => void): Promise<{ readonly port: number } & AsyncDisposable> {
  const open = createServer(socket => connected(socket.on('error', () => {})))
  await new Promise<void>(resolve => open.listen(0, 'localhost', resolve))
  const { port } = open.address() as AddressInfo
  return { port, [Symbol.asyncDispose]: () => new Promise(resolve => open.close(() => resolve())) }
}

/** A certificate that is its own authority. */
async function makeCertificate(...names: readonly string[]) {
  return await generate([{ name: 'commonName', value: names[0] ?? '' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'subjectAltName', altNames: names.map(value => ({ type: 2, value })) },
    ],
  })
}

describe.skipIf(none !== undefined)(`a Redis with TLS${none === undefined ? '' : ` (${none})`}`, () => {
  let place: Awaited<ReturnType<typeof temporaryFolder>>
  let redis: RedisServer
  let strict: RedisServer
  const at = (name: string): string => path.join(place.folder, name)
  beforeAll(async () => {
    place = await temporaryFolder()
    const [server, client, other] = await Promise.all([
      makeCertificate('localhost', 'redis.internal'),
      makeCertificate('client'),
      makeCertificate('other'),
    ])
    for (const [name, { cert, private: key }] of Object.entries({ server, client, other })) {
      await writeFile(at(`${name}.pem`), cert)
      await writeFile(at(`${name}.key`), key)
    }
    await writeFile(at('broken.pem'), 'nothing')
    const files = ['--tls-cert-file', at('server.pem'), '--tls-key-file', at('server.key')]
    const secure = [...files, '--tls-ca-cert-file', at('client.pem')]
    redis = await redisServer('tls', ...secure, '--tls-auth-clients', 'no', '--requirepass', 'secret')
    strict = await redisServer('tls', ...secure, '--tls-auth-clients', 'yes')
  })
  afterAll(async () => {
    await Promise.all([redis, strict].map(server => server[Symbol.asyncDispose]()))
    await place[Symbol.asyncDispose]()
  })

  it('is used with the certificate of its authority', async () => {
    const store = await openStore(`rediss://:secret@localhost:${redis.port}?cacert=${at('server.pem')}`, 'test')
    expect(await store.numbers('a', 1)).toBe(1)
    expect(store.reachedAt).toMatchObject({ port: redis.port })
    await store.close()
  })

  it('is used under another name than the host, where that is said', async () => {
    const state = `rediss://:secret@127.0.0.1:${redis.port}?sni=redis.internal&cacert=${at('server.pem')}`
    const store = await openStore(state, 'test')
    expect(await store.numbers('b', 1)).toBe(1)
    await store.close()
  })

  it('is shown a certificate, where it wants one', async () => {
    const words = `cacert=${at('server.pem')}&cert=${at('client.pem')}&key=${at('client.key')}`
    const store = await openStore(`rediss://localhost:${strict.port}/2?${words}`, 'test')
    expect(await store.numbers('a', 1)).toBe(1)
    await store.close()
  })

  it.each([
    ['trusted by nobody', 'localhost', '', 4, 'is not trusted: self-signed certificate', '?cacert=ca.pem'],
    ['signed by somebody else', 'localhost', 'cacert=other.pem', 4, 'is not trusted: self-signed', '?cacert=ca.pem'],
    ['for other names', '127.0.0.1', 'cacert=server.pem', 4, 'is for others: Hostname/IP does not match', '?sni=NAME'],
  ])('is refused when its certificate is %s', async (_, host, query, exitCode, says, help) => {
    const words = query.replace('=', `=${place.folder}/`)
    await expect(openStore(`rediss://:secret@${host}:${redis.port}?${words}`, 'test')).rejects.toMatchObject({
      exitCode,
      message: expect.stringContaining(says),
      help: expect.stringContaining(help),
    })
  })

  it('is refused when it wants another certificate of us', async () => {
    for (const words of ['', `&cert=${at('other.pem')}&key=${at('other.key')}`]) {
      const state = `rediss://localhost:${strict.port}?cacert=${at('server.pem')}${words}`
      await expect(openStore(state, 'test')).rejects.toMatchObject({
        exitCode: 4,
        message: expect.stringMatching(/wants a certificate from us|for want of a certificate/),
      })
    }
  })

  it.each([
    ['cacert=missing.pem', 4, 'Cannot read'],
    ['cacert=broken.pem', 2, 'holds no certificate'],
    ['cert=broken.pem&key=client.key', 2, 'holds no certificate'],
    ['cert=client.pem&key=broken.pem', 2, 'holds no private key'],
    ['cert=client.pem&key=other.key', 2, 'holds no key of the certificate'],
  ])('is not asked with %s', async (query, exitCode, says) => {
    const words = query.replaceAll('=', `=${place.folder}/`)
    await expect(openStore(`rediss://localhost:${redis.port}?${words}`, 'test')).rejects.toMatchObject({
      exitCode,
      message: expect.stringContaining(says),
    })
  })

  it('wants the password that it has', async () => {
    const state = `rediss://:wrong@localhost:${redis.port}?cacert=${at('server.pem')}`
    await expect(openStore(state, 'test')).rejects.toMatchObject({
      exitCode: 4,
      message: expect.stringMatching(/^Redis at rediss:\/\/:\*\*\*@localhost:\d+\/0 does not accept the password/),
    })
  })

  it('is no Redis to who speaks without TLS, and one without TLS is none to who speaks it', async () => {
    await expect(openStore(`redis://localhost:${redis.port}`, 'test')).rejects.toMatchObject({
      exitCode: 3,
      help: expect.stringContaining('rediss://'),
    })
    await using plain = await redisServer('--requirepass', 'secret')
    await expect(openStore(`rediss://:secret@127.0.0.1:${plain.port}`, 'test')).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('speaks no TLS: it answers without'),
    })
    await using talking = await server(socket => socket.resume().end('-ERR\r\n'))
    await expect(openStore(`rediss://localhost:${talking.port}`, 'test')).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('speaks no TLS'),
      help: expect.stringContaining('without TLS is reached with redis://'),
    })
  })

  it('serves a mock, which trusts what NODE_EXTRA_CA_CERTS names', async () => {
    const state = `rediss://:secret@localhost:${redis.port}/3`
    const words = ['--quiet', '--state', state]
    const mock = await startMock(words, { env: { NODE_EXTRA_CA_CERTS: at('server.pem') } })
    const response = await fetch(`${mock.url}/__contrato/deliveries`)
    expect(response.status).toBe(200)
    mock.child.kill('SIGTERM')
    expect(await mock.ended).toMatchObject({ code: 0, err: '' })
    const refused = await contrato(['mock', '--port', '0', ...words])
    expect(refused).toMatchObject({ code: 4, err: expect.stringContaining('NODE_EXTRA_CA_CERTS') })
    expect(refused.err).not.toContain('secret')
  })
})
