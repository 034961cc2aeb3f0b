// @ts-check
/**
 * The order of the measurements. Each round goes once over all servers, so that a noisy moment of the machine spoils one
 * sample of several servers and not all samples of one. Only one server is asked at a time; the others are idle, but not for
 * long: the rounds of one scenario come before those of the next, since V8 takes memory back from a process that is idle for
 * eight seconds, and what that costs it afterwards is no part of its speed under load.
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
export async function speedRounds(contestants, scenarios, limits, progress) {
  /** @type {Sample[]} */
  const samples = []
  for (const scenario of scenarios) {
    const asked = contestants.filter(({ parts }) => parts.includes(scenario.id))
    samples.push(...(await roundsOf(scenario, asked, limits, progress)))
  }
  return samples
}

/**
 * @param {Scenario} scenario
 * @param {Contestant[]} contestants
 * @param {{ rounds: number, requests: number }} limits
 * @param {Progress} progress
 * @returns {Promise<Sample[]>}
 */
async function roundsOf(scenario, contestants, { rounds, requests }, progress) {
  /** @type {Map<Contestant, Server>} */
  const servers = new Map()
  /** @type {Sample[]} */
  const samples = []
  try {
    for (const contestant of contestants) {
      progress(`warm up: ${contestant.title}: ${scenario.title}`)
      const server = await startServer(contestant, scenario)
      servers.set(contestant, server)
      await checkAnswer(contestant, scenario, server.port)
      await warmUp(server, scenario)
    }
    for (let round = 1; round <= rounds; round += 1) {
      for (const [contestant, server] of servers) {
        progress(`round ${round} of ${rounds}: ${contestant.title}: ${scenario.title}`)
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
