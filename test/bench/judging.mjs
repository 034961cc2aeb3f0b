// @ts-check
/**
 * What it costs to judge exchanges: `runContract` asks a right implementation and judges its answers; then the same requests go to
 * the same implementation, started anew, through Prism's proxy, which judges them on their way. Either is a process of its own
 * whose CPU time counts, whatever the implementation and the one who asks through the proxy take.
 */
import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { usage } from './cpu.mjs'
import { verdict } from './goals.mjs'
import { freePort } from './server.mjs'
import { median } from './statistics.mjs'

/**
 * @typedef {object} Round
 * @property {number} ours exchanges judged per second of CPU time
 * @property {number} proxy the same of Prism's proxy
 *
 * @typedef {{ readonly url: string, readonly token: string }} Target
 */

const here = dirname(fileURLToPath(import.meta.url))
const dist = join(here, '../../dist')

/** Rounds before the first that counts, for V8: Prism is up to five times slower until it has seen some 6,000 requests. */
const WARM_UP = 6

/** A round asks 700 requests of each; more than this show nothing new. */
const MAX_ROUNDS = 7

/** Milliseconds. Prism leaves a few odd requests without an answer; they count for neither side's time, and not as judged. */
const PATIENCE = 500

/**
 * @param {string} document without callbacks, as Prism needs it
 * @param {number} rounds
 * @param {(step: string) => void} progress
 * @returns {Promise<Round[]>}
 */
export async function judgingRounds(document, rounds, progress) {
  const { Api, loadDocument, runContract, sendTo, shippedDocument } = await import(
    pathToFileURL(join(dist, 'index.js')).href
  )
  const port = await freePort()
  const api = new Api(await loadDocument(shippedDocument()))
  /** @type {any[]} */
  const requests = []
  await withTarget(port, async ({ url, token }) => {
    const send = sendTo(new URL(url))
    const record = (/** @type {any} */ request) => {
      if (canBeRead(request)) requests.push(request)
      return send(request)
    }
    await runContract(api, record, { token })
  })

  const judge = fork(join(here, 'servers/judge.mjs'))
  await once(judge, 'message')
  const proxyPort = await freePort()
  const manifest = createRequire(import.meta.url).resolve('@stoplight/prism-cli/package.json')
  const program = join(dirname(manifest), JSON.parse(readFileSync(manifest, 'utf8')).bin.prism)
  const args = [program, 'proxy', document, `http://127.0.0.1:${port}`, '-p', `${proxyPort}`, '-v', 'error']
  const proxy = spawn(process.execPath, args, { stdio: 'ignore' })
  const throughProxy = sendTo(new URL(`http://127.0.0.1:${proxyPort}`), { timeout: PATIENCE, keepAlive: true })
  try {
    await withTarget(port, () => untilItAnswers(throughProxy, requests[0]))
    const count = Math.min(rounds, MAX_ROUNDS)
    /** @type {Round[]} */
    const measured = []
    for (let round = 1 - WARM_UP; round <= count; round += 1) {
      progress(round < 1 ? 'judging, warm-up' : `judging, round ${round} of ${count}`)
      const ours = await withTarget(port, target => ourSpeed(judge, target))
      const prism = await withTarget(port, () => proxySpeed(Number(proxy.pid), throughProxy, requests))
      if (round > 0) measured.push({ ours, proxy: prism })
    }
    return measured
  } finally {
    judge.disconnect()
    proxy.kill('SIGKILL')
  }
}

/**
 * @param {{ target: string }} request
 * @returns {boolean} whether its path can be decoded; Prism ends at one that cannot
 */
function canBeRead({ target }) {
  try {
    decodeURIComponent(target.replace(/\?.*/s, ''))
    return true
  } catch {
    return false
  }
}

/**
 * Starts the implementation, with nothing in it yet, and ends it.
 *
 * @template T
 * @param {number} port
 * @param {(target: Target) => Promise<T>} work
 * @returns {Promise<T>}
 */
async function withTarget(port, work) {
  const child = fork(join(dist, 'bench/implementation.js'), [`${port}`])
  const [target] = /** @type {[Target]} */ (await once(child, 'message'))
  try {
    return await work(target)
  } finally {
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
}

/**
 * @param {import('node:child_process').ChildProcess} judge
 * @param {Target} target
 */
async function ourSpeed(judge, target) {
  judge.send(target)
  const [{ requests, findings, cpuSeconds }] = await once(judge, 'message')
  if (findings > 0) throw new Error(`a right implementation was found wrong in ${findings} ways`)
  return requests / cpuSeconds
}

/**
 * @param {number} pid
 * @param {(request: any) => Promise<unknown>} send
 * @param {readonly any[]} requests
 */
async function proxySpeed(pid, send, requests) {
  const before = usage(pid).cpuSeconds
  let answered = 0
  for (const request of requests) {
    const isAnswered = await send(request).then(
      () => true,
      () => false,
    )
    if (isAnswered) answered += 1
  }
  if (answered < requests.length * 0.9) throw new Error(`Prism answered ${answered} of ${requests.length} requests`)
  return answered / (usage(pid).cpuSeconds - before)
}

/**
 * @param {(request: any) => Promise<unknown>} send
 * @param {any} request
 */
async function untilItAnswers(send, request) {
  for (let tries = 0; ; tries += 1) {
    try {
      return await send(request)
    } catch (cause) {
      if (tries >= 100) throw new Error("Prism's proxy did not start", { cause })
      await sleep(200)
    }
  }
}

/**
 * @param {readonly Round[]} rounds
 * @returns {{ title: string, bound: 'at least' | 'at most', limit: number, ratio: number, verdict: string }[]}
 */
export function judgingGoals(rounds) {
  /** @type {'at least'} */
  const bound = 'at least'
  const goal = { title: "exchanges judged, to Prism's proxy", bound, limit: 5 }
  const ratio = median(rounds.map(({ ours, proxy }) => ours / proxy))
  return [{ ...goal, ratio, verdict: verdict(goal, ratio) }]
}

/**
 * @param {readonly Round[]} rounds
 * @returns {string[][]} rows of a table
 */
export function judgingRows(rounds) {
  const show = (/** @type {(round: Round) => number} */ figure) =>
    Math.round(median(rounds.map(figure))).toLocaleString('en-US')
  return [
    ['exchanges judged', 'per CPU second'],
    ['  contrato check, asking included', show(({ ours }) => ours)],
    ['  Prism proxy -v error', show(({ proxy }) => proxy)],
  ]
}
