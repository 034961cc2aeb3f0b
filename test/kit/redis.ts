import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Whether a Redis server is installed; tests that need one say so when they are passed over. */
export const hasRedis = spawnSync('redis-server', ['--version']).status === 0

/** Why a Redis server cannot be tried over TLS; nothing where it can. */
export function whyNoTls(): string | undefined {
  if (!hasRedis) return 'redis-server is not installed'
  const { stdout, stderr } = spawnSync('redis-server', ['--port', '0', '--tls-port', '0'])
  return /bad directive/i.test(`${stdout}${stderr}`) ? 'redis-server was built without TLS' : undefined
}

/** A Redis server of a test, in a folder of its own. */
export type RedisServer = AsyncDisposable & {
  readonly url: string
  readonly port: number
  readonly socket: string
  /** Ends it; with SIGKILL it gets no chance to write anything down. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>
  /** Starts it again with what it had written down. */
  start(): Promise<void>
  /** Resolves when what it was told by now is with the operating system, which keeps it though Redis is killed. */
  written(): Promise<void>
  /** Has it stand still, or go on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void
}

/** Starts a Redis server on a free port, which keeps an append-only file; with `tls` as the first setting, it speaks that only. */
export async function redisServer(...given: readonly string[]): Promise<RedisServer> {
  const isSecure = given[0] === 'tls'
  const settings = isSecure ? given.slice(1) : given
  const folder = await mkdtemp(path.join(tmpdir(), 'contrato-redis-'))
  const port = await freePort()
  const socket = path.join(folder, 'redis.sock')
  const ports = isSecure ? ['--port', '0', '--tls-port', `${port}`] : ['--port', `${port}`]
  const where = [...ports, '--bind', '127.0.0.1', '--unixsocket', socket, '--dir', folder]
  const words = [...where, '--appendonly', 'yes', '--save', '', '--daemonize', 'no', ...settings]
  let child: ChildProcess | undefined
  const start = async (): Promise<void> => {
    const started = spawn('redis-server', words, { stdio: ['ignore', 'pipe', 'pipe'] })
    child = started
    await new Promise<void>((resolve, reject) => {
      let said = ''
      const hear = (chunk: Buffer): void => {
        said += chunk
        if (said.includes('Ready to accept connections')) resolve()
      }
      started.stdout.on('data', hear)
      started.stderr.on('data', hear)
      started.on('exit', () => reject(new Error(`redis-server ended: ${said}`)))
    })
  }
  const stop = async (signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> => {
    const ending = child
    child = undefined
    if (ending === undefined || ending.exitCode !== null) return
    const ended = new Promise(resolve => ending.once('exit', resolve))
    ending.kill('SIGCONT')
    ending.kill(signal)
    await ended
  }
  await start()
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    socket,
    stop,
    start,
    written: () =>
      until(() => {
        const { stdout } = spawnSync('redis-cli', ['-s', socket, 'info', 'persistence'])
        return /^aof_buffer_length:0\r?$/m.test(String(stdout))
      }, 'Redis has written what it was told'),
    signal: signal => {
      child?.kill(signal)
    },
    [Symbol.asyncDispose]: async () => {
      await stop('SIGKILL')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A port that leads to another one, to which everything takes so many milliseconds more, each way, until it keeps silent. */
export async function farAway(
  port: number,
  milliseconds: number,
): Promise<AsyncDisposable & { readonly port: number; keepSilent(): void }> {
  let isSilent = false
  const sockets = new Set<Socket>()
  const pass = (from: Socket, to: Socket): void => {
    sockets.add(from)
    from.on('data', chunk => {
      if (!isSilent) setTimeout(() => to.write(chunk), milliseconds)
    })
    from.on('close', () => to.destroy())
    from.on('error', () => {})
  }
  const server = createServer(near => {
    const far = connect(port, '127.0.0.1')
    pass(near, far)
    pass(far, near)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    keepSilent: () => {
      isSilent = true
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

/** Waits until something is so; that it ever becomes so is what a test asserts, not how soon. */
export async function until(isSo: () => boolean | Promise<boolean>, what: string, deadline = 25_000): Promise<void> {
  for (const end = Date.now() + deadline; Date.now() < end; ) {
    if (await isSo()) return
    await sleep(20)
  }
  throw new Error(`it did not come about within ${deadline} ms that ${what}`)
}
