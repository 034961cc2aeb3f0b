// @ts-check
/** Receivers of events, each at a port of its own: so many that answer at once, and one that never does. */
import { once } from 'node:events'
import { createServer } from 'node:http'

const [count = '1'] = process.argv.slice(2)

/**
 * @param {import('node:http').RequestListener} answer
 * @returns {Promise<number>} the port
 */
async function receive(answer) {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return /** @type {import('node:net').AddressInfo} */ (server.address()).port
}

const quick = await Promise.all(
  Array.from({ length: Number(count) }, () =>
    receive((request, response) => {
      request.resume()
      request.on('end', () => response.writeHead(200, { 'content-length': 0 }).end())
    }),
  ),
)
const hanging = await receive(request => request.resume())

process.on('disconnect', () => process.exit())
process.send?.({ quick, hanging })
