import path from 'node:path'
import { createVitest, type TestCase } from 'vitest/node'
import { precompiledSpecifications } from '../../src/document/specification/precompile.ts'
import type { FaultName } from '../implementation/index.ts'

export type Trial = FaultName | 'correct'

/** What the contract's tests said of one implementation: of each that ran, why it failed, or nothing. */
export type Verdict = ReadonlyMap<string, string | undefined>

/** Runs the contract's suites against each implementation, in two lanes, each a vitest of its own. */
export async function judge(trials: readonly Trial[]): Promise<ReadonlyMap<Trial, Verdict>> {
  const lanes = [0, 1].map(lane => trials.filter((_, at) => at % 2 === lane))
  const verdicts = await Promise.all(lanes.map(judgeLane))
  return new Map(verdicts.flatMap(verdict => [...verdict]))
}

async function judgeLane(trials: readonly Trial[]): Promise<Map<Trial, Map<string, string | undefined>>> {
  const vitest = await createVitest(
    'test',
    {
      root: path.resolve(import.meta.dirname, '../..'),
      config: false,
      watch: false,
      include: ['test/contracts/every-fault.ts'],
      pool: 'threads',
      maxWorkers: 1,
      reporters: [{}],
    },
    { plugins: [precompiledSpecifications()] },
  )
  try {
    vitest.provide('trials', trials)
    const { testModules, unhandledErrors } = await vitest.start()
    const troubles = [...unhandledErrors, ...testModules.flatMap(testModule => testModule.errors())]
    if (troubles.length > 0) throw new AggregateError(troubles, 'the suites could not be run')
    const verdicts = new Map(trials.map(trial => [trial, new Map<string, string | undefined>()]))
    for (const test of testModules.flatMap(testModule => [...testModule.children.allTests()])) {
      const [trial, ...names] = namesOf(test)
      verdicts.get(trial as Trial)?.set(names.join(' > '), complaintOf(test))
    }
    return verdicts
  } finally {
    await vitest.close()
  }
}

/** The trial, the suites and the test, from the outside in. */
function namesOf(test: TestCase): string[] {
  const names = [test.name]
  for (let above = test.parent; above.type === 'suite'; above = above.parent) names.unshift(above.name)
  return names
}

function complaintOf(test: TestCase): string | undefined {
  const { state, errors } = test.result()
  return state === 'passed' ? undefined : (errors ?? []).map(({ message }) => message).join('\n')
}
