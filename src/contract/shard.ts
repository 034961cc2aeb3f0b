import type { Api } from '../model/index.ts'

/** One of several parts of a run, counted from 1. */
export type Shard = { readonly index: number; readonly of: number }

/**
 * The operations of a part of a run. Each operation is in exactly one part, in which all its cases are asked, so that all
 * parts together ask what one run asks.
 *
 * @param wanted whether the run as a whole is about an operation
 */
export function operationsOf(api: Api, { index, of }: Shard, wanted: (id: string) => boolean): string[] {
  return api.operations
    .map(({ id }) => id)
    .filter(wanted)
    .filter((_, at) => at % of === index - 1)
}
