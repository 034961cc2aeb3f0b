// @ts-check
/** One keep-alive connection to a server on this machine: a request, its answer, the next request. */
import { connect } from 'node:net'

/** Milliseconds of silence after which a connection is given up. */
const PATIENCE = 10_000

const HEAD_END = '\r\n\r\n'
const LENGTH = /\r\ncontent-length: *(\d+)/i

/**
 * @typedef {object} Answer
 * @property {number} status
 * @property {Buffer} body
 */

/**
 * Cheaper than node's own HTTP client, so that the asking side is not the slower one.
 * It understands what the servers under test send: one answer at a time, its body as long as `content-length` says.
 */
export class Connection {
  #socket
  /** @type {Buffer} */
  #received = Buffer.alloc(0)
  /** @type {((answer: Answer) => void) | undefined} */
  #resolve
  /** @type {((error: Error) => void) | undefined} */
  #reject

  /**
   * @param {number} port
   * @param {number} [patience] milliseconds of silence after which it is given up
   * @returns {Promise<Connection>} rejects while nobody listens on the port
   */
  static open(port, patience = PATIENCE) {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true })
      socket.once('error', reject)
      socket.once('connect', () => {
        socket.off('error', reject)
        resolve(new Connection(socket, patience))
      })
    })
  }

  /**
   * @param {import('node:net').Socket} socket connected
   * @param {number} patience
   */
  constructor(socket, patience) {
    this.#socket = socket
    socket.on('data', chunk => this.#receive(chunk))
    socket.on('error', error => this.#fail(error))
    socket.on('close', () => this.#fail(new Error('the server closed the connection before it had answered')))
    socket.setTimeout(patience, () => socket.destroy(new Error(`no answer for ${patience / 1000} s`)))
  }

  /**
   * @param {Buffer} request a whole request, head and body
   * @returns {Promise<Answer>}
   */
  send(request) {
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) return reject(new Error('the server closed the connection'))
      this.#resolve = resolve
      this.#reject = reject
      this.#socket.write(request)
    })
  }

  close() {
    this.#socket.destroy()
  }

  /**
   * @param {Buffer} chunk
   */
  #receive(chunk) {
    const received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk])
    this.#received = received
    const headEnd = received.indexOf(HEAD_END)
    if (headEnd < 0) return

    const head = received.toString('latin1', 0, headEnd)
    const length = LENGTH.exec(head)?.[1]
    if (length === undefined) return this.#fail(new Error(`an answer without content-length: ${head}`))
    const bodyStart = headEnd + HEAD_END.length
    const bodyEnd = bodyStart + Number(length)
    if (received.length < bodyEnd) return

    this.#received = received.subarray(bodyEnd)
    const resolve = this.#resolve
    this.#resolve = this.#reject = undefined
    resolve?.({ status: Number(head.slice(9, 12)), body: received.subarray(bodyStart, bodyEnd) })
  }

  /**
   * @param {Error} error
   */
  #fail(error) {
    this.#reject?.(error)
    this.#resolve = this.#reject = undefined
    this.#socket.destroy()
  }
}

/**
 * One request on a connection of its own.
 *
 * @param {number} port
 * @param {Buffer} request
 * @param {number} [patience] milliseconds of silence after which it is given up
 * @returns {Promise<Answer>}
 */
export async function ask(port, request, patience) {
  const connection = await Connection.open(port, patience)
  try {
    return await connection.send(request)
  } finally {
    connection.close()
  }
}
