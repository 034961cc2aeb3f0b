import type { Store } from '../store.ts'
import { addressIn } from './address.ts'
import { keepCompany } from './company.ts'
import { Connection, type Word } from './connection.ts'
import { RedisJobs } from './jobs.ts'
import { loadPackages } from './optional.ts'
import { redisRecent } from './recent.ts'
import { redisShelf } from './shelf.ts'
import { redisShelves } from './shelves.ts'

/** Counted up when what is written is written otherwise, so that no version reads what it does not understand. */
const version = 1

/**
 * A store in Redis, which every process shares that opens it under the same name.
 *
 * @throws Trouble with exit code 2 for an address that is none, 3 when no Redis answers there, 4 for one that cannot be used
 */
export async function redisStore(state: string, name: string, onWord: Word): Promise<Store> {
  const address = addressIn(state)
  const packages = await loadPackages()
  const connection = await Connection.open(address, packages, onWord)
  const prefix = `contrato:${version}:${name}`
  const open: { close(): Promise<void> }[] = []
  let leave = async (): Promise<void> => {}
  const closeAll = async (): Promise<void> => {
    await Promise.all([leave(), ...open.map(jobs => jobs.close())])
    await connection.close()
  }
  let closing: Promise<void> | undefined
  return {
    isShared: true,
    get reachedAt() {
      return connection.reachedAt
    },
    numbers: async (kind, count) => {
      const last = await connection.ask(client => client.incrby(`${prefix}:count:${kind}`, count))
      return last - count + 1
    },
    shelf: (shelf, most) => redisShelf(connection, `${prefix}:shelf:${shelf}`, most),
    shelves: (shelves, room) => redisShelves(connection, `${prefix}:shelves:${shelves}`, room),
    recent: (kind, most) => redisRecent(connection, `${prefix}:recent:${kind}`, most),
    jobs: (kind, how) => {
      const jobs = new RedisJobs(connection, packages, prefix, kind, how, onWord)
      open.push(jobs)
      return jobs
    },
    present: settings => {
      connection.started()
      leave = keepCompany(connection, `${prefix}:company`, settings, onWord)
    },
    close: () => {
      closing ??= closeAll()
      return closing
    },
  }
}
