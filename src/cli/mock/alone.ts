import type { Document } from '../../document/index.ts'
import type { State } from '../../embed/index.ts'
import type { Delivery } from '../../events/index.ts'
import { exitCodes } from '../../finding/index.ts'
import { makeStyle } from '../../report/index.ts'
import type { Terminal } from '../command.ts'
import { tellImperfections } from '../document.ts'
import { requestLog } from '../request-log.ts'
import { certificateFor } from './certificate.ts'
import { openDeliveryLog } from './delivery-log.ts'
import { followDocuments } from './follow.ts'
import { frugally } from './frugally.ts'
import { greeting, overlaps } from './greeting.ts'
import { makeNews } from './news.ts'
import type { Plan } from './plan.ts'
import { makeService } from './service.ts'
import { openState } from './state.ts'

/** Serves in this process until it is interrupted. */
export async function serveAlone(plan: Plan, terminal: Terminal): Promise<number> {
  const since = Date.now()
  const documents = await frugally(() => Promise.all(plan.documents.map(plan.load)))
  const state = await openState(plan, documents, terminal)
  try {
    return await serve(plan, terminal, documents, since, state)
  } finally {
    await state?.store.close()
  }
}

async function serve(
  plan: Plan,
  terminal: Terminal,
  documents: readonly Document[],
  since: number,
  state: State | undefined,
): Promise<number> {
  const style = makeStyle(terminal.colours)
  const news = makeNews(terminal, plan.quiet)
  const certificate = plan.https && (await certificateFor(plan.https, plan.host))
  const deliveries = plan.deliveries === undefined ? undefined : openDeliveryLog(plan.deliveries, news.notice)
  const log = requestLog({ style, write: terminal.err, all: plan.verbose })
  const onAttempt = (delivery: Delivery): void => {
    deliveries?.attempted(delivery)
    if (!plan.quiet) log.attempted(delivery)
  }
  const service = makeService(plan, documents, news.notice, { ...state, onAttempt })
  // What is wrong with a flag is said at the start; without one, events are loaded when somebody asks for them.
  if (plan.events !== undefined || state?.store.isShared === true) await service.calls?.load()
  const listening = await service.listen({
    port: plan.port,
    host: plan.host,
    ...(certificate && { tls: certificate.credentials }),
    ...(!plan.quiet && { onServed: log.served }),
    onBug: news.bug,
  })
  const mocks = service.mocks.all
  terminal.out(plan.quiet ? `${listening.url}\n` : greeting(plan, mocks, listening.url, certificate, style))
  for (const overlap of overlaps(mocks)) news.notice(overlap)
  if (!plan.quiet) for (const document of documents) tellImperfections(document.imperfections, terminal)
  const interrupted = terminal.interrupted()
  const following = plan.watch ? await followDocuments(plan, service, since, news) : undefined
  await interrupted
  await following?.close()
  log.close()
  await Promise.all([service.calls?.close(), listening.close()])
  deliveries?.close()
  return exitCodes.fine
}
