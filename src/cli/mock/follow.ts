import type { Document } from '../../document/index.ts'
import { isFile } from '../document.ts'
import { type News, newImperfections } from './news.ts'
import type { Plan } from './plan.ts'
import type { Service } from './service.ts'
import { watchDocument } from './watch.ts'

/**
 * Keeps a service at what its documents say, each by itself.
 *
 * @param since when reading the documents began, in milliseconds of the epoch
 * @param replaced told of a document that was put in the place of its last reading, before people are
 */
export async function followDocuments(
  plan: Plan,
  service: Service,
  since: number,
  news: News,
  replaced: (at: number) => Promise<void> = async () => {},
): Promise<{ readonly broken: ReadonlySet<number>; close(): Promise<void> }> {
  const broken = new Set<number>()
  const watchers = await Promise.all(
    plan.documents.flatMap((chosen, at) => {
      if (!isFile(chosen)) return []
      const served = () => apiAt(service, at)
      const load = async (): Promise<Document> => noWorse(await plan.load(chosen), served().document)
      return watchDocument(chosen.file, served().document.files, since, load, {
        loaded: async (document: Document) => {
          const before = served()
          service.replace(at, document)
          const wasBroken = broken.delete(at)
          await replaced(at)
          news.reloaded(before, served(), wasBroken)
        },
        broken: error => {
          broken.add(at)
          news.broken(served().document, error)
        },
        unwatched: error => {
          const reason = error instanceof Error ? error.message : String(error)
          news.notice(`Not all files of ${chosen.file} can be watched: ${reason}`)
        },
      })
    }),
  )
  return {
    broken,
    close: async () => {
      await Promise.all(watchers.map(watcher => watcher.close()))
    },
  }
}

/**
 * A file that is saved half is often a document still, one with something missing. What was served without a fault is not
 * given up for it.
 *
 * @throws Trouble when the document has more imperfections than the one before, with those that are new
 */
function noWorse(document: Document, before: Document): Document {
  if (document.imperfections.length <= before.imperfections.length) return document
  throw document.trouble(newImperfections(before, document))
}

function apiAt({ mocks }: Service, at: number) {
  const mock = mocks.all[at]
  if (mock === undefined) throw new Error(`there is no document ${at}`)
  return mock.api
}
