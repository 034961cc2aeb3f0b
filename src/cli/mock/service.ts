import type { Document } from '../../document/index.ts'
import { Calls, listenTo, Mocks, type State } from '../../embed/index.ts'
import type { EventsOptions } from '../../events/index.ts'
import { Mock, type Share, Uniques } from '../../mock/index.ts'
import { Api } from '../../model/index.ts'
import type { Listening, ServeOptions } from '../../server/index.ts'
import type { Store } from '../../store/index.ts'
import type { Plan } from './plan.ts'

/** What a process has in common with others. */
export type Common = {
  /** What falls to it of the values that never come twice, when there are several processes. */
  readonly share?: Share
  /** What they remember together. */
  readonly store?: Store
  /** Where they remember what is created. */
  readonly things?: State['things']
  /** Told of a delivery after each attempt. */
  readonly onAttempt?: EventsOptions['onAttempt']
}

/** The mocks of one process. */
export type Service = {
  readonly mocks: Mocks
  /** The events that they send; none where several processes answer that do not remember together who asked. */
  readonly calls: Calls | undefined
  /** Puts another reading of a document in the place of the one before; requests under way finish on that. */
  replace(at: number, document: Document): void
  listen(options: ServeOptions): Promise<Listening>
}

/** Makes the mocks of these documents. */
export function makeService(
  plan: Plan,
  documents: readonly Document[],
  onNotice: (notice: string) => void,
  { share, store, things, onAttempt }: Common = {},
): Service {
  const uniques = documents.map(() => new Uniques(share))
  const makeMock = (document: Document, at: number): Mock => {
    const from = uniques[at]
    return new Mock(new Api(document, plan.credentials), {
      ...plan.mock,
      onNotice: notice => onNotice(documents.length === 1 ? notice : `${document.file}: ${notice}`),
      ...(from !== undefined && { uniques: from }),
      ...(things !== undefined && { remembered: { shelves: things, name: String(at) } }),
    })
  }
  const made = documents.map(makeMock)
  const mocks = new Mocks(made)
  const [only, second] = made
  const calls =
    share === undefined || store !== undefined
      ? new Calls(
          made.map(({ api }) => api),
          {
            ...plan.events,
            ...(plan.mock.seed !== undefined && { seed: plan.mock.seed }),
            ...(onAttempt !== undefined && { onAttempt }),
            onNotice,
          },
          store,
          things,
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
