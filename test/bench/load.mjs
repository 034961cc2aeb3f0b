// @ts-check
/** Asks one thing again and again, over several connections at once, bounded in count and in time. */
import { Connection } from './connection.mjs'

/**
 * @typedef {object} LoadOptions
 * @property {number} port
 * @property {Buffer} request
 * @property {((request: Buffer) => Buffer) | undefined} [next] makes each request that is sent out of this one
 * @property {number} status what every answer has to be
 * @property {number} connections each sends its next request when the last one is answered
 * @property {number} requests at most, over all connections
 * @property {number} seconds at most
 *
 * @typedef {object} Load
 * @property {number} requests answered
 * @property {number} seconds from the first request to the last answer
 * @property {number[]} latencies of each request, in milliseconds, ascending
 */

/**
 * @param {LoadOptions} options
 * @returns {Promise<Load>}
 */
export async function load({ port, request, next, status, connections, requests, seconds }) {
  const open = await Promise.all(Array.from({ length: connections }, () => Connection.open(port)))
  const latencies = /** @type {number[]} */ ([])
  let unsent = requests
  const start = performance.now()
  const deadline = start + seconds * 1000

  const askInTurn = async (/** @type {Connection} */ connection) => {
    let now = performance.now()
    while (unsent > 0 && now < deadline) {
      unsent -= 1
      const answer = await connection.send(next === undefined ? request : next(request))
      if (answer.status !== status) throw new Error(`answered ${answer.status} instead of ${status}: ${answer.body}`)
      const answered = performance.now()
      latencies.push(answered - now)
      now = answered
    }
  }

  try {
    await Promise.all(open.map(askInTurn))
  } finally {
    for (const connection of open) connection.close()
  }
  const elapsed = (performance.now() - start) / 1000
  return { requests: latencies.length, seconds: elapsed, latencies: latencies.sort((a, b) => a - b) }
}
