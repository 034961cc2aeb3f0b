// @ts-check
/**
 * The order of the measurements. Each round goes once over all servers, so that a noisy moment of the machine spoils one
 * sample of several servers and not all samples of one. Only one server is asked at a time; the others are idle.
 */
import { measureSpeed, measureStart, warmUp } from './measure.mjs'
import { checkAnswer, startServer } from './server.mjs'

/**
 * @typedef {import('./contestants.mjs').Contestant} Contestant
 * @typedef {import('./scenarios.mjs').Scenario} Scenario
 * @typedef {import('./server.mjs').Server} Server
 * @typedef {import('./samples.mjs').Sample} Sample
 * @typedef {(step: string) => void} Progress told of each step before it begins
 */

/** How often each server is started for its start to be timed. */
const STARTS = 5

/**
 * @param {Contestant[]} contestants
 * @param {Scenario[]} scenarios
 * @param {{ rounds: number, requests: number }} limits requests at most for each sample
 * @param {Progress} progress
 * @returns {Promise<Sample[]>}
 */
export async function speedRounds(contestants, scenarios, { rounds, requests }, progress) {
  const lanes = scenarios.flatMap(scenario =>
    contestants.filter(({ parts }) => parts.includes(scenario.id)).map(contestant => ({ contestant, scenario })),
  )
  /** @type {Map<string, Server>} */
  const servers = new Map()
  /** @type {Sample[]} */
  const samples = []
  try {
    for (const { contestant, scenario } of lanes) {
      progress(`warm up: ${contestant.title}: ${scenario.title}`)
      const key = serverKey(contestant, scenario)
      const server = servers.get(key) ?? (await startServer(contestant, scenario))
      servers.set(key, server)
      await checkAnswer(contestant, scenario, server.port)
      await warmUp(server, scenario)
    }
    for (let round = 1; round <= rounds; round += 1) {
      for (const { contestant, scenario } of lanes) {
        progress(`round ${round} of ${rounds}: ${contestant.title}: ${scenario.title}`)
        const server = /** @type {Server} */ (servers.get(serverKey(contestant, scenario)))
        const figures = await measureSpeed(server, scenario, requests)
        samples.push({ server: contestant.id, part: scenario.id, figures })
      }
    }
  } finally {
    await Promise.all([...servers.values()].map(server => server.stop()))
  }
  return samples
}

/**
 * @param {Contestant[]} contestants
 * @param {Progress} progress
 * @returns {Promise<Sample[]>}
 */
export async function startRounds(contestants, progress) {
  /** @type {Sample[]} */
  const samples = []
  for (let round = 1; round <= STARTS; round += 1) {
    for (const contestant of contestants) {
      progress(`start ${round} of ${STARTS}: ${contestant.title}`)
      samples.push({ server: contestant.id, part: 'start', figures: await measureStart(contestant) })
    }
  }
  return samples
}

/**
 * @param {Contestant} contestant
 * @param {Scenario} scenario
 * @returns {string} equal for scenarios that one process can answer
 */
function serverKey({ id, answers }, scenario) {
  return answers === 'constant' ? `${id} ${scenario.id}` : id
}
