import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { hasRedis, redisServer } from '../kit/redis.ts'
import { torture } from './torture.ts'

/**
 * `CONTRATO_TORTURE=ROUNDS` makes it longer, `CONTRATO_TORTURE=ROUNDS/SEED` repeats what a seed decides: what is asked of whom, and
 * who is killed when. How far everybody had got by then depends on the machine.
 */
const [rounds = '3', seed = randomBytes(4).toString('hex')] = process.env.CONTRATO_TORTURE?.split('/') ?? []

// Debian has it as redis-server.
describe.skipIf(!hasRedis)('contrato mock --state', () => {
  it(
    `loses nothing that was accepted, whoever is killed when (CONTRATO_TORTURE=${rounds}/${seed})`,
    async () => {
      await using redis = await redisServer('--appendfsync', 'always')
      const tortured = await torture({ redis, seed, rounds: Number(rounds) })
      if (process.env.CONTRATO_TORTURE !== undefined) process.stdout.write(`${JSON.stringify(tortured)}\n`)
      expect(tortured.faults).toEqual([])
      expect(tortured.killed.mocks).toBeGreaterThan(0)
    },
    60_000 + Number(rounds) * 10_000,
  )
})
