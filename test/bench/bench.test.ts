import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { ask } from './connection.mjs'
import { procProcess, psProcesses, usage } from './cpu.mjs'
import { deliveryGoals, deliveryRows } from './deliveries.mjs'
import { goalsOf } from './documents/table.ts'
import { judge } from './goals.mjs'
import { judgingGoals } from './judging.mjs'
import { load } from './load.mjs'
import { scenarios } from './scenarios.mjs'
import { constantAnswer } from './servers/answers.mjs'
import { median, percentile } from './statistics.mjs'

const request = Buffer.from('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
const bounds = { request, status: 200, connections: 4, requests: 1_000_000, seconds: 5 }

let stop = () => {}
afterEach(() => stop())

/** A server that does this to its socket for each request. */
async function serve(answer: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('data', () => answer(socket))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  stop = () => {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
  return (server.address() as AddressInfo).port
}

describe('load', () => {
  test('stops at the number of requests', async () => {
    const port = await serve(socket => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'))
    const run = await load({ ...bounds, port, requests: 10 })
    expect(run.requests).toBe(10)
    expect(run.latencies).toHaveLength(10)
  })

  test('stops at the time', async () => {
    const port = await serve(socket => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'))
    const run = await load({ ...bounds, port, seconds: 0.05 })
    expect(run.seconds).toBeGreaterThanOrEqual(0.05)
    expect(run.seconds).toBeLessThan(2)
  })

  test('refuses an answer with another status', async () => {
    const port = await serve(socket => socket.write('HTTP/1.1 503 Busy\r\ncontent-length: 4\r\n\r\nbusy'))
    await expect(load({ ...bounds, port })).rejects.toThrow('answered 503 instead of 200: busy')
  })

  test('notices a server that hangs up', async () => {
    const port = await serve(socket => socket.end())
    await expect(load({ ...bounds, port })).rejects.toThrow('closed the connection')
  })
})

test('an answer may come in pieces', async () => {
  const pieces = ['HTTP/1.1 201 Crea', 'ted\r\nContent-Length: 4\r\n', '\r\nab', 'cd']
  const port = await serve(async socket => {
    for (const piece of pieces) {
      socket.write(piece)
      await sleep(10)
    }
  })
  const { status, body } = await ask(port, request)
  expect([status, body.toString()]).toEqual([201, 'abcd'])
})

test('CPU time is that of all threads and children', () => {
  const stat = `7 (a (b) c) S 3 ${'0 '.repeat(9)}100 20 3 1 20 0`
  expect(procProcess(7, stat, 'Name:\tx\nVmRSS:\t   2 kB\n')).toEqual({
    pid: 7,
    parent: 3,
    cpuSeconds: 1.24,
    residentBytes: 2048,
  })
  expect(psProcesses('  7  3 1-00:01:02 2\n 8 7 0:00.05 4\n')).toEqual([
    { pid: 7, parent: 3, cpuSeconds: 86_462, residentBytes: 2048 },
    { pid: 8, parent: 7, cpuSeconds: 0.05, residentBytes: 4096 },
  ])
})

test.skipIf(process.platform === 'win32')('this process has a cost, an ended one is an error', () => {
  expect(usage(process.pid).cpuSeconds).toBeGreaterThan(0)
  expect(usage(process.pid).residentBytes).toBeGreaterThan(1e6)
  expect(() => usage(2 ** 30)).toThrow('has ended')
})

test('a goal is met, missed or not measured', () => {
  const speed = (server: 'ours' | 'http' | 'express', perCpuSecond: number) =>
    ({ server, part: 'valid', figures: { perCpuSecond } }) as const
  const samples = [speed('ours', 60), speed('http', 100), speed('express', 16)]
  const judged = judge(samples, ['valid'], ['ours', 'http', 'express', 'prism'])
  expect(judged.map(({ to, verdict }) => [to, verdict])).toEqual([
    ['http', 'met'],
    ['express', 'missed'],
    ['prism', 'not measured'],
  ])
})

test('a goal may be one of another server than the mock as it is started', () => {
  const speed = (server: 'ours-dynamic' | 'prism-dynamic', perCpuSecond: number) =>
    ({ server, part: 'different', figures: { perCpuSecond } }) as const
  const [goal] = judge(
    [speed('ours-dynamic', 60), speed('prism-dynamic', 10)],
    ['different'],
    ['ours-dynamic', 'prism-dynamic'],
  )
  expect(goal).toMatchObject({ ratio: 6, verdict: 'met' })
})

test('goals of deliveries are to the fetch loop and the quiet of the same round', () => {
  const round = { fetched: 1_000, delivered: 800, alone: 100, besideHanging: 150 }
  const slow = { fetched: 100, delivered: 60, alone: 100, besideHanging: 250 }
  const verdicts = (...rounds: (typeof round)[]) => deliveryGoals(rounds).map(({ ratio, verdict }) => [ratio, verdict])
  expect(verdicts(round, slow, round)).toEqual([
    [0.8, 'met'],
    [1.5, 'met'],
  ])
  expect(verdicts(slow)).toEqual([
    [0.6, 'missed'],
    [2.5, 'missed'],
  ])
})

test('deliveries with Redis are shown where they were measured, and else why they were not', () => {
  const round = { fetched: 1_000, delivered: 800, alone: 100, besideHanging: 150 }
  const withRedis = { delivered: 200, alone: 300, besideHanging: 400 }
  const rows = deliveryRows({ rounds: [{ ...round, withRedis }, round] })
  expect(rows).toContainEqual(['  contrato, with Redis', '200'])
  expect(rows).toContainEqual(['  with Redis, beside one that hangs', '400'])
  const without = deliveryRows({ rounds: [round], notWithRedis: 'redis-server is not installed' })
  expect(without.at(-1)).toEqual(['  with Redis: not measured, redis-server is not installed'])
  expect(without.flat().filter(cell => cell.includes('Redis'))).toHaveLength(1)
})

test('the goal of judging is to the proxy of the same round', () => {
  const verdicts = (...rounds: { ours: number; proxy: number }[]) =>
    judgingGoals(rounds).map(({ ratio, verdict }) => [ratio, verdict])
  const noisy = { ours: 300, proxy: 100 }
  expect(verdicts({ ours: 1_200, proxy: 200 }, noisy, { ours: 1_000, proxy: 200 })).toEqual([[5, 'met']])
  expect(verdicts(noisy)).toEqual([[3, 'missed']])
})

test('goals of documents are to Prism where it starts, and to the clock', () => {
  const served = (startSeconds: number, idleBytes: number) => ({
    ...{ startSeconds, cpuSeconds: startSeconds, answeredBytes: idleBytes, idleBytes, asked: 1, valid: 1 },
  })
  const row = { operations: 2, answers: 4, serverErrors: 0, wrong: [], successes: 1 }
  const goals = goalsOf([
    { ...row, document: 'a.yaml', valid: 4, served: { ours: served(1, 50), prism: served(4, 200) } },
    { ...row, document: 'b.yaml', valid: 3, served: { ours: served(2, 60), prism: 'it ended with 1' } },
  ])
  expect(goals.map(({ document, title, reached }) => [document, title, reached])).toEqual([
    ['all', 'valid, of all bodies', 7 / 8],
    ['a.yaml', 'CPU seconds to the first answer', 1],
    ['a.yaml', 'first answer, to Prism', 1 / 4],
    ['a.yaml', 'idle memory, to Prism', 1 / 4],
    ['b.yaml', 'CPU seconds to the first answer', 2],
  ])
})

test('requests that are to differ do, and keep their length', () => {
  const { request, next } = scenarios.find(({ id }) => id === 'different') ?? scenarios[0] ?? {}
  const sent = Array.from({ length: 3 }, () => request && next?.(request).toString())
  expect(new Set(sent).size).toBe(3)
  expect(new Set(sent.map(text => text?.length))).toEqual(new Set([request?.length]))
})

test('medians and percentiles', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 2, 3])).toBe(2.5)
  expect(median([])).toBeNaN()
  expect(percentile([1, 2, 3, 4], 0.5)).toBe(2)
  expect(percentile([1, 2, 3, 4], 0.99)).toBe(4)
})

test('the constant answers have the statuses they are given for', () => {
  for (const { id, status, truthful } of scenarios.filter(({ id }) => id === '400' || id === '401')) {
    expect(truthful(constantAnswer(String(status))), id).toBe(true)
  }
})
