// @ts-check
/**
 * How fast events are delivered, in process and with Redis: beside a bare loop of `fetch` that sends the same bodies to the same
 * receiver, as many at once; and how long 19 receivers wait when there is a twentieth that never answers. The receivers are a
 * process of their own.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { verdict } from './goals.mjs'
import { startRedis } from './redis.mjs'
import { median, percentile } from './statistics.mjs'

/**
 * @typedef {object} Figures
 * @property {number} delivered per second
 * @property {number} alone p99 of the milliseconds until an event is there, without a receiver that hangs
 * @property {number} besideHanging the same with one
 *
 * @typedef {Figures & { fetched: number, withRedis?: Figures }} Round fetched: by a bare loop of `fetch`, per second
 * @typedef {{ rounds: Round[], notWithRedis?: string }} Deliveries notWithRedis: why Redis was left out
 *
 * @typedef {() => Promise<any>} MakeMock
 * @typedef {{ readonly quick: readonly number[], readonly hanging: number }} Ports
 * @typedef {{ readonly at: string, readonly milliseconds: number }} Attempt
 * @typedef {{ readonly url: string, readonly state: string, readonly attempts: readonly Attempt[], readonly body: string }} Delivery
 */

const here = dirname(fileURLToPath(import.meta.url))

/** Sent to one receiver for a figure. */
const EVENTS = 1_000

/** As many as the mock has under way for one target. */
const AT_ONCE = 8

const RECEIVERS = 19

/** Sent to each of many receivers; more than {@link AT_ONCE}, so that those to one that hangs wait. */
const EVENTS_EACH = 40

const EVENT = 'messages.upsert'

/** Rounds with Redis, at most: each waits seconds for the receiver that hangs. */
const ROUNDS_WITH_REDIS = 5

/**
 * @param {number} rounds
 * @param {(step: string) => void} progress
 * @returns {Promise<Deliveries>}
 */
export async function deliveryRounds(rounds, progress) {
  const { createMock } = await import(pathToFileURL(join(here, '../../dist/index.js')).href)
  const child = fork(join(here, 'servers/receivers.mjs'), [String(RECEIVERS)])
  const [ports] = /** @type {[Ports]} */ (await once(child, 'message'))
  const redis = await startRedis()
  /** @type {Round[]} */
  const measured = []
  try {
    // The first round is for V8.
    for (let round = 0; round <= rounds; round += 1) {
      progress(`deliveries, round ${round} of ${rounds}`)
      const [quick = 0] = ports.quick
      const body = await bodyOf(() => createMock(), quick)
      const fetched = await perSecond(() => fetchLoop(quick, body))
      const figures = { fetched, ...(await figuresOf(() => createMock(), ports)) }
      if (typeof redis === 'string' || round > ROUNDS_WITH_REDIS) {
        if (round > 0) measured.push(figures)
        continue
      }
      progress(`deliveries with Redis, round ${round} of ${rounds}`)
      const withRedis = await figuresOf(() => createMock(undefined, { state: redis.newState() }), ports)
      if (round > 0) measured.push({ ...figures, withRedis })
    }
  } finally {
    child.disconnect()
    if (typeof redis !== 'string') await redis.stop()
  }
  return { rounds: measured, ...(typeof redis === 'string' && { notWithRedis: redis }) }
}

/**
 * @param {MakeMock} makeMock
 * @param {Ports} ports
 * @returns {Promise<Figures>}
 */
async function figuresOf(makeMock, ports) {
  return {
    delivered: await speedOf(makeMock, ports.quick[0] ?? 0),
    alone: await patienceOf(makeMock, ports.quick, undefined),
    besideHanging: await patienceOf(makeMock, ports.quick, ports.hanging),
  }
}

/**
 * @param {MakeMock} makeMock
 * @param {number} port
 * @returns {Promise<string>} what is sent
 */
async function bodyOf(makeMock, port) {
  const mock = await mockFor(makeMock, [port])
  const { deliveries } = await mock.trigger(EVENT)
  await mock.close()
  return deliveries[0].body
}

/**
 * @param {MakeMock} makeMock
 * @param {number} port
 */
async function speedOf(makeMock, port) {
  const mock = await mockFor(makeMock, [port])
  await mock.trigger(EVENT)
  const delivered = await perSecond(async () => {
    allDelivered((await mock.trigger(EVENT, { count: EVENTS })).deliveries)
  })
  await mock.close()
  return delivered
}

/**
 * @param {MakeMock} makeMock
 * @param {readonly number[]} ports
 * @param {number | undefined} hanging
 * @returns {Promise<number>} milliseconds until 99 of 100 events were there
 */
async function patienceOf(makeMock, ports, hanging) {
  // It registers first, so that it is served first.
  const mock = await mockFor(makeMock, hanging === undefined ? ports : [hanging, ...ports])
  const start = Date.now()
  void mock.trigger(EVENT, { count: EVENTS_EACH }).catch(() => {})
  const isRest = (/** @type {Delivery} */ { url }) => new URL(url).port !== String(hanging)
  /** @type {readonly Delivery[]} */
  let rest = []
  do {
    await new Promise(resolve => setTimeout(resolve, 10))
    rest = mock.deliveries.filter(isRest)
  } while (rest.length === 0 || rest.some(({ attempts }) => attempts.length === 0))
  allDelivered(rest)
  await mock.close()
  const waits = rest.flatMap(({ attempts }) =>
    attempts.map(({ at, milliseconds }) => Date.parse(at) - start + milliseconds),
  )
  return percentile(
    waits.sort((a, b) => a - b),
    0.99,
  )
}

/**
 * @param {MakeMock} makeMock
 * @param {readonly number[]} ports whose receivers are registered
 */
async function mockFor(makeMock, ports) {
  const mock = await makeMock()
  for (const port of ports) {
    const { status } = await mock.fetch('/api/v2/instance/inst-1/webhook', {
      method: 'POST',
      headers: { authorization: 'Bearer x', 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Bench', url: `http://127.0.0.1:${port}/hook`, enabled: true }),
    })
    if (status !== 201) throw new Error(`registering a receiver was answered ${status}`)
  }
  return mock
}

/**
 * @param {number} port
 * @param {string} body
 */
async function fetchLoop(port, body) {
  let unsent = EVENTS
  const headers = { 'content-type': 'application/json', 'x-businessId': 'a', 'x-instanceId': 'b', 'x-whatsappId': 'c' }
  const askInTurn = async () => {
    while (unsent > 0) {
      unsent -= 1
      const answer = await fetch(`http://127.0.0.1:${port}/hook`, { method: 'POST', headers, body })
      await answer.arrayBuffer()
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, askInTurn))
}

/**
 * @param {() => Promise<void>} send
 * @returns {Promise<number>}
 */
async function perSecond(send) {
  const start = performance.now()
  await send()
  return (EVENTS / (performance.now() - start)) * 1_000
}

/**
 * @param {readonly Delivery[]} deliveries
 */
function allDelivered(deliveries) {
  const other = deliveries.find(({ state }) => state !== 'delivered')
  if (other !== undefined) throw new Error(`an event was not delivered: ${JSON.stringify(other)}`)
}

/**
 * @param {Round[]} rounds
 * @returns {{ title: string, bound: 'at least' | 'at most', limit: number, ratio: number, verdict: string }[]}
 */
export function deliveryGoals(rounds) {
  const speed = median(rounds.map(({ fetched, delivered }) => delivered / fetched))
  const patience = median(rounds.map(({ alone, besideHanging }) => besideHanging / alone))
  /** @type {['at least', 'at most']} */
  const [least, most] = ['at least', 'at most']
  return [
    { title: 'deliveries, to a loop of fetch', bound: least, limit: 0.7, ratio: speed },
    { title: 'p99 beside a hanging one, to alone', bound: most, limit: 2, ratio: patience },
  ].map(goal => ({ ...goal, verdict: verdict(goal, goal.ratio) }))
}

/**
 * @param {Deliveries} deliveries
 * @returns {string[][]} rows of a table
 */
export function deliveryRows({ rounds, notWithRedis }) {
  const show = (/** @type {readonly number[]} */ figures) => Math.round(median([...figures])).toLocaleString('en-US')
  const withRedis = rounds.flatMap(round => round.withRedis ?? [])
  const rows = [
    ['deliveries', 'per second'],
    ['  fetch, in a loop', show(rounds.map(({ fetched }) => fetched))],
    ['  contrato, in process', show(rounds.map(({ delivered }) => delivered))],
    ['  contrato, with Redis', show(withRedis.map(({ delivered }) => delivered))],
    ['events for 19 receivers', 'p99 ms'],
    ['  alone', show(rounds.map(({ alone }) => alone))],
    ['  beside one that hangs', show(rounds.map(({ besideHanging }) => besideHanging))],
    ['  with Redis, alone', show(withRedis.map(({ alone }) => alone))],
    ['  with Redis, beside one that hangs', show(withRedis.map(({ besideHanging }) => besideHanging))],
  ]
  if (withRedis.length > 0) return rows
  const why = notWithRedis ?? 'no round was made'
  return [...rows.filter(([title]) => !title?.includes('with Redis')), [`  with Redis: not measured, ${why}`]]
}
