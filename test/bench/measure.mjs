// @ts-check
/** The measurements: one sample each. */
import { setTimeout as sleep } from 'node:timers/promises'
import { usage } from './cpu.mjs'
import { load } from './load.mjs'
import { validCreate } from './scenarios.mjs'
import { startServer } from './server.mjs'
import { percentile } from './statistics.mjs'

/**
 * @typedef {import('./contestants.mjs').Contestant} Contestant
 * @typedef {import('./scenarios.mjs').Scenario} Scenario
 * @typedef {import('./server.mjs').Server} Server
 *
 * @typedef {object} Speed
 * @property {number} perCpuSecond requests per second of the server's own CPU time; NaN where that is not known
 * @property {number} perSecond requests per second by the clock
 * @property {number} p50 milliseconds
 * @property {number} p99 milliseconds
 *
 * @typedef {object} Start
 * @property {number} startSeconds from spawn to the first right answer
 * @property {number} cpuSeconds spent until then
 * @property {number} residentBytes of memory after one answer and some seconds of quiet
 */

const CONNECTIONS = 16

/** At most. Prism needs some 6,000 requests until V8 has compiled what is hot; before, it is up to five times slower. */
const WARM_UP = { connections: CONNECTIONS, requests: 20_000, seconds: 6 }

/** A sample's length: long enough for a CPU clock of 10 ms, short enough for many rounds. */
const SAMPLE_SECONDS = 0.4

/** Seconds left alone before memory counts as idle. */
const QUIET_SECONDS = 2

/**
 * @param {Server} server
 * @param {Scenario} scenario
 */
export async function warmUp({ port }, { request, next, status }) {
  await load({ port, request, next, status, ...WARM_UP })
}

/**
 * @param {Server} server
 * @param {Scenario} scenario
 * @param {number} requests at most
 * @returns {Promise<Speed>}
 */
export async function measureSpeed({ pid, port }, { request, next, status }, requests) {
  const before = usage(pid).cpuSeconds
  const run = await load({ port, request, next, status, connections: CONNECTIONS, requests, seconds: SAMPLE_SECONDS })
  const cpuSeconds = usage(pid).cpuSeconds - before
  return {
    perCpuSecond: cpuSeconds > 0 ? run.requests / cpuSeconds : Number.NaN,
    perSecond: run.requests / run.seconds,
    p50: percentile(run.latencies, 0.5),
    p99: percentile(run.latencies, 0.99),
  }
}

/**
 * @param {Contestant} contestant
 * @returns {Promise<Start>}
 */
export async function measureStart(contestant) {
  const { pid, startSeconds, stop } = await startServer(contestant, validCreate)
  try {
    const { cpuSeconds } = usage(pid)
    await sleep(QUIET_SECONDS * 1000)
    return { startSeconds, cpuSeconds, residentBytes: usage(pid).residentBytes }
  } finally {
    await stop()
  }
}
