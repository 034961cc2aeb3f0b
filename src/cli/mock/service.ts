import type { Document } from '../../document/index.ts'
import { Calls, listenTo, Mocks } from '../../embed/index.ts'
import { Mock, type Share, Uniques } from '../../mock/index.ts'
import { Api } from '../../model/index.ts'
import type { Listening, ServeOptions } from '../../server/index.ts'
import type { Plan } from './plan.ts'

/** The mocks of one process. */
export type Service = {
  readonly mocks: Mocks
  /** The events that they send; none where several processes answer, each of which would know a part of who asked. */
  readonly calls: Calls | undefined
  /** Puts another reading of a document in the place of the one before; requests under way finish on that. */
  replace(at: number, document: Document): void
  listen(options: ServeOptions): Promise<Listening>
}

/**
 * Makes the mocks of these documents.
 *
 * @param share what falls to this process of the values that never come twice, when there are several processes
 */
export function makeService(
  plan: Plan,
  documents: readonly Document[],
  onNotice: (notice: string) => void,
  share?: Share,
): Service {
  const uniques = documents.map(() => new Uniques(share))
  const makeMock = (document: Document, at: number): Mock => {
    const from = uniques[at]
    return new Mock(new Api(document, plan.credentials), {
      ...plan.mock,
      onNotice: notice => onNotice(documents.length === 1 ? notice : `${document.file}: ${notice}`),
      ...(from !== undefined && { uniques: from }),
    })
  }
  const made = documents.map(makeMock)
  const mocks = new Mocks(made)
  const [only, second] = made
  const calls =
    share === undefined
      ? new Calls(
          made.map(({ api }) => api),
          { ...plan.events, ...(plan.mock.seed !== undefined && { seed: plan.mock.seed }) },
        )
      : undefined
  return {
    mocks,
    calls,
    replace: (at, document) => {
      const mock = makeMock(document, at)
      mocks.replace(at, mock)
      calls?.replace(at, mock.api)
    },
    listen: options =>
      listenTo(only === undefined || second !== undefined || plan.watch ? mocks : only, options, calls),
  }
}
