import { connect } from 'node:net'
import type { Address } from './address.ts'

/** Milliseconds that a server which speaks TLS has usually said something in. */
const usual = 400

/**
 * Resolves when a server answers to Redis without TLS, which keeps silent when it is greeted with TLS; never, where it does not.
 * It is asked when nothing has come for a while, and gets nothing but PING.
 *
 * @param signal ends it
 */
export function answersPlainly({ host = '', port = 0 }: Address, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const ask = (): void => {
      const socket = connect({ host, port }, () => socket.write('PING\r\n'))
      socket.on('error', () => {})
      // It may want a password first, or refuse whoever is not of its machine: -NOAUTH, -DENIED.
      socket.once('data', said => {
        socket.destroy()
        if (/^(\+PONG|-[A-Z]+ )/.test(said.toString('latin1'))) resolve()
      })
      signal.addEventListener('abort', () => socket.destroy(), { once: true })
    }
    const timer = setTimeout(ask, usual)
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true })
  })
}
