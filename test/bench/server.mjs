// @ts-check
/** Starts a server as a process of its own, waits for its first right answer, and ends it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ask } from './connection.mjs'

/** All in milliseconds. */
const START_PATIENCE = 20_000
const STOP_PATIENCE = 2_000
const POLL_EVERY = 5

/**
 * @typedef {Pick<import('./contestants.mjs').Contestant, 'id' | 'answers' | 'args'>} Contestant
 * @typedef {import('./scenarios.mjs').Scenario} Scenario
 * @typedef {import('node:child_process').ChildProcess} ChildProcess
 *
 * @typedef {object} Server
 * @property {number} pid
 * @property {number} port
 * @property {number} startSeconds from spawn to the first right answer
 * @property {() => Promise<void>} stop
 */

/** @type {Set<ChildProcess>} */
const running = new Set()

/** Everything the bench writes on the way, removed when it ends. */
export const scratch = mkdtempSync(join(tmpdir(), 'contrato-bench-'))

process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
  rmSync(scratch, { recursive: true, force: true })
})
process.on('SIGINT', () => process.exit(130))
process.on('SIGTERM', () => process.exit(143))
process.on('SIGHUP', () => process.exit(129))

/**
 * @param {Contestant} contestant
 * @param {Scenario} scenario asked until it is answered
 * @param {number} [patience] milliseconds until the answer
 * @returns {Promise<Server>}
 */
export async function startServer(contestant, scenario, patience = START_PATIENCE) {
  const port = await freePort()
  const log = join(scratch, `${contestant.id}-${port}.log`)
  const output = openSync(log, 'w')
  const start = performance.now()
  const child = spawn(process.execPath, contestant.args(port, scenario), {
    stdio: ['ignore', output, output],
    env: userEnvironment(),
  })
  closeSync(output)
  running.add(child)
  child.once('exit', () => running.delete(child))

  try {
    await firstAnswer(contestant, scenario, port, child, patience)
  } catch (cause) {
    await end(child)
    const words = readFileSync(log, 'utf8').trim().slice(-2000)
    throw new Error(`the server did not start${words && `; its last words:\n${words}`}`, { cause })
  }
  const startSeconds = (performance.now() - start) / 1000
  return { pid: Number(child.pid), port, startSeconds, stop: () => end(child) }
}

/**
 * @param {Contestant} contestant
 * @param {Scenario} scenario
 * @param {number} port
 * @param {number} [patience] milliseconds of silence after which it is given up
 * @throws {Error} when the server answers otherwise than the scenario wants
 */
export async function checkAnswer({ answers }, scenario, port, patience) {
  const { status, body } = await ask(port, scenario.request, patience)
  const right = status === scenario.status && (answers !== 'truthful' || scenario.truthful(JSON.parse(body.toString())))
  if (!right) throw new Error(`wrong answer: ${status} ${body}`)
}

/**
 * @param {Contestant} contestant
 * @param {Scenario} scenario
 * @param {number} port
 * @param {ChildProcess} child
 * @param {number} patience
 */
async function firstAnswer(contestant, scenario, port, child, patience) {
  const deadline = performance.now() + patience
  for (;;) {
    try {
      return await checkAnswer(contestant, scenario, port, patience)
    } catch (error) {
      const refused = /** @type {NodeJS.ErrnoException} */ (error).code === 'ECONNREFUSED'
      if (!running.has(child)) throw new Error(`it ended with ${child.exitCode ?? child.signalCode}`)
      if (!refused) throw error
      if (performance.now() > deadline) throw new Error(`it does not listen after ${patience / 1000} s`)
    }
    await sleep(POLL_EVERY)
  }
}

/**
 * @param {ChildProcess} child
 */
async function end(child) {
  if (!running.has(child)) return
  const ended = new Promise(resolve => child.once('exit', resolve))
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_PATIENCE)
  await ended
  clearTimeout(timer)
}

/** A user's shell, without what npm or a test runner may have set for its own sake. */
function userEnvironment() {
  const { NODE_ENV, NODE_OPTIONS, FORCE_COLOR, ...rest } = process.env
  return rest
}

/**
 * A port of 127.0.0.1 nobody listens on, below those that systems hand out for port 0 and for outgoing connections: no
 * other program comes across it between this look and the server's own.
 *
 * @returns {Promise<number>}
 */
export async function freePort() {
  for (let tries = 0; tries < 50; tries += 1) {
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    const server = createServer().listen(port, '127.0.0.1')
    const free = await once(server, 'listening').then(
      () => true,
      () => false,
    )
    server.close()
    if (free) return port
  }
  throw new Error('found no free port from 20000 to 32000')
}
