import type { Document } from '../../document/index.ts'
import type { State } from '../../embed/index.ts'
import type { Delivery } from '../../events/index.ts'
import { exitCodes, Trouble } from '../../finding/index.ts'
import { makeStyle } from '../../report/index.ts'
import type { Terminal } from '../command.ts'
import { requestLog } from '../request-log.ts'
import { openDeliveryLog } from './delivery-log.ts'
import { frugally } from './frugally.ts'
import type { Order, Word } from './messages.ts'
import { makeNews } from './news.ts'
import type { Plan } from './plan.ts'
import { makeService } from './service.ts'
import { openState } from './state.ts'

/** Serves in a process that another one started and gives orders to. */
export async function serveAsWorker(plan: Plan, terminal: Terminal): Promise<number> {
  // Ctrl-C reaches every process of a terminal; the first one says when to end.
  process.on('SIGINT', () => {})
  try {
    return await serve(plan, terminal)
  } catch (error) {
    if (!(error instanceof Trouble)) throw error
    const { exitCode, message, help } = error
    await say({ kind: 'trouble', exitCode, message, help })
    process.disconnect()
    return exitCode
  }
}

async function serve(plan: Plan, terminal: Terminal): Promise<number> {
  const ended = askedToEnd()
  const order = await firstOrder()
  const documents = await frugally(() => Promise.all(plan.documents.map(plan.load)))
  const state = await openState(plan, documents, terminal)
  try {
    return await serveOrdered(plan, terminal, documents, state, order, ended)
  } finally {
    await state?.store.close()
  }
}

async function serveOrdered(
  plan: Plan,
  terminal: Terminal,
  documents: readonly Document[],
  state: State | undefined,
  order: Extract<Order, { kind: 'serve' }>,
  ended: Promise<void>,
): Promise<number> {
  const news = makeNews(terminal, plan.quiet)
  const notice = (text: string): void => void say({ kind: 'notice', text })
  const deliveries = plan.deliveries === undefined ? undefined : openDeliveryLog(plan.deliveries, notice)
  const log = requestLog({ style: makeStyle(terminal.colours), write: terminal.err, all: plan.verbose })
  const onAttempt = (delivery: Delivery): void => {
    deliveries?.attempted(delivery)
    if (!plan.quiet) log.attempted(delivery)
  }
  const common = { ...(state ?? { share: order.share }), onAttempt }
  const service = makeService(plan, documents, notice, common)
  if (state !== undefined) await service.calls?.load()
  const listening = await service.listen({
    port: order.port,
    host: plan.host,
    ...(order.tls && { tls: order.tls }),
    ...(!plan.quiet && { onServed: log.served }),
    onBug: news.bug,
  })
  const reload = async (at: number): Promise<void> => {
    const chosen = plan.documents[at]
    if (chosen === undefined) return
    try {
      service.replace(at, await plan.load(chosen))
    } catch (error) {
      // It was changed again since; the first process sees that too and tells.
      if (!(error instanceof Trouble)) news.bug(error)
    }
    await say({ kind: 'reloaded', at })
  }
  process.on('message', (message: Order) => {
    if (message.kind === 'reload') void reload(message.at)
  })
  await say({ kind: 'listening', url: listening.url, port: listening.port })
  await ended
  log.close()
  await Promise.all([service.calls?.close(), listening.close()])
  process.disconnect()
  return exitCodes.fine
}

function askedToEnd(): Promise<void> {
  return new Promise(resolve => {
    process.on('SIGTERM', () => resolve())
    process.on('message', (message: Order) => {
      if (message.kind === 'end') resolve()
    })
  })
}

function firstOrder(): Promise<Extract<Order, { kind: 'serve' }>> {
  return new Promise(resolve => {
    const hear = (order: Order): void => {
      if (order.kind !== 'serve') return
      process.off('message', hear)
      resolve(order)
    }
    process.on('message', hear)
    void say({ kind: 'ready' })
  })
}

/** Resolves once it is on its way; a first process that is gone hears nothing. */
function say(word: Word): Promise<void> {
  return new Promise(resolve => {
    if (process.send === undefined || !process.connected) resolve()
    else process.send(word, undefined, undefined, () => resolve())
  })
}
