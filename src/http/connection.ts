import type { OnReadOpts, Socket } from 'node:net'

/** Who is told of what happens to a connection. */
export type Listener = {
  data(bytes: Buffer): void
  ended(): void
  failed(error: Error): void
}

/** Where the system puts what it has read, for all connections: it is taken from there at once. */
const landing = Buffer.allocUnsafeSlow(64 * 1024)

/** A connection to a server, with whoever uses it at the time. */
export class Connection {
  readonly #socket: Socket
  #listener: Listener | undefined
  #isConnected = false
  #isOver = false

  /**
   * @param open opens the socket; to read into a buffer that is there already saves node a new one of its size for each answer
   * @param isSecure for TLS, which reads otherwise
   */
  constructor(open: (onread: OnReadOpts) => Socket, isSecure: boolean) {
    const callback = (count: number, bytes: Uint8Array): boolean => {
      this.#listener?.data(Buffer.from(bytes.subarray(0, count)))
      return true
    }
    const socket = open({ buffer: landing, callback })
    this.#socket = socket
    socket.once(isSecure ? 'secureConnect' : 'connect', () => {
      this.#isConnected = true
    })
    if (isSecure) socket.on('data', (bytes: Buffer) => this.#listener?.data(bytes))
    socket.on('end', () => this.#end())
    socket.on('close', () => this.#end())
    socket.on('error', error => {
      this.#isOver = true
      this.#listener?.failed(error)
    })
  }

  /** Whether somebody took it. */
  get isConnected(): boolean {
    return this.#isConnected
  }

  /** Whether it is known to have ended. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** Whether all that was sent has been taken. */
  get isWritten(): boolean {
    return this.#socket.writableLength === 0
  }

  /** From now on this one is told, and nobody else. */
  tell(listener: Listener): void {
    this.#listener = listener
  }

  send(bytes: Uint8Array): void {
    this.#socket.write(bytes)
  }

  close(): void {
    this.#listener = undefined
    this.#socket.destroy()
  }

  #end(): void {
    this.#isOver = true
    this.#listener?.ended()
  }
}

/** Opens a connection to the server of a URL; it is told later whether somebody took it. */
export async function connect(base: URL): Promise<Connection> {
  const host = base.hostname.replace(/^\[|\]$/g, '')
  // TLS takes a while to load and most targets do without.
  if (base.protocol === 'https:') {
    const { connect: open } = await import('node:tls')
    const servername = /^[\d.]+$|:/.test(host) ? '' : host
    const settings = { host, port: Number(base.port || 443), servername, ALPNProtocols: ['http/1.1'] }
    return new Connection(() => open(settings), true)
  }
  const { connect: open } = await import('node:net')
  return new Connection(onread => open({ host, port: Number(base.port || 80), noDelay: true, onread }), false)
}
