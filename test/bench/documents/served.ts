/** A document served by a program that a user starts: how soon it answers, what it weighs, what its answers are worth. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import type { HttpRequest } from '../../../src/http/index.ts'
import type { Api } from '../../../src/model/index.ts'
import { ask } from '../connection.mjs'
import { usage } from '../cpu.mjs'
import { startServer } from '../server.mjs'
import { median } from '../statistics.mjs'
import type { Promised, Reading } from './judge.mjs'
import { judged, requestFor } from './sweep.ts'

export type ProgramId = 'ours' | 'prism'

/** What one program made of a document; medians of its starts. */
export type Served = {
  readonly startSeconds: number
  /** Of the processor, until the first answer. */
  readonly cpuSeconds: number
  readonly answeredBytes: number
  readonly idleBytes: number
  /** Operations with a JSON answer of success that were asked in the time, and how many of the answers were valid. */
  readonly asked: number
  readonly valid: number
}

/** Longest that the first answer, and one answer later on, is waited for, in milliseconds. */
const patience = { first: 90_000, later: 10_000 }

/** Longest that all operations are asked, in milliseconds. */
const sweepTime = 100_000

/** Milliseconds left alone before memory counts as idle. */
const quiet = 2_000

/** The success with a JSON body that each operation promises first. */
export function successes({ promises }: Reading): readonly Promised[] {
  const first = new Map<string, Promised>()
  for (const promised of promises.filter(({ code }) => code >= 200 && code < 300)) {
    const operation = `${promised.method} ${promised.path}`
    const known = first.get(operation)
    if (known === undefined || promised.code < known.code) first.set(operation, promised)
  }
  return [...first.values()]
}

/**
 * Starts the programs in turn, so that a noisy moment strikes all of them, and asks each for one success of every operation.
 *
 * @returns what a program did, or why it could not be measured
 */
export async function serveInTurn(
  file: string,
  programs: readonly ProgramId[],
  starts: number,
  api: Api,
  reading: Reading,
): Promise<Partial<Record<ProgramId, Served | string>>> {
  const promises = successes(reading)
  const first = promises.find(({ method }) => method === 'GET') ?? promises[0]
  if (first === undefined) return {}
  const seen = new Map(programs.map(id => [id, [] as Served[]]))
  const failed = new Map<ProgramId, string>()
  for (let round = 0; round < starts; round += 1) {
    for (const id of programs) {
      if (failed.has(id)) continue
      try {
        const asked = round === 0 ? promises : []
        seen.get(id)?.push(await serveOnce(id, file, first, asked, api, reading))
      } catch (error) {
        failed.set(id, reasonOf(error))
      }
    }
  }
  return Object.fromEntries(programs.map(id => [id, failed.get(id) ?? together(seen.get(id) ?? [])]))
}

async function serveOnce(
  id: ProgramId,
  file: string,
  first: Promised,
  promises: readonly Promised[],
  api: Api,
  reading: Reading,
): Promise<Served> {
  const args = (port: number): string[] =>
    id === 'ours'
      ? [ours(), 'mock', file, '--port', `${port}`]
      : [prism(), 'mock', file, '-p', `${port}`, '-v', 'error']
  const request = rawRequest(api, first)
  if (request === undefined) throw new Error(`there is no request for ${first.method} ${first.path}`)
  const scenario = {
    id: 'valid' as const,
    title: first.path,
    status: first.code,
    request,
    truthful: (body: unknown) => reading.fault(first, body) === undefined,
  }
  const answers = id === 'ours' ? 'truthful' : 'example'
  const server = await startServer({ id, answers, args }, scenario, patience.first)
  try {
    const { cpuSeconds, residentBytes: answeredBytes } = usage(server.pid)
    await sleep(quiet)
    const { residentBytes: idleBytes } = usage(server.pid)
    const { asked, valid } = await askAll(server.port, promises, api, reading)
    return { startSeconds: server.startSeconds, cpuSeconds, answeredBytes, idleBytes, asked, valid }
  } finally {
    await server.stop()
  }
}

async function askAll(port: number, promises: readonly Promised[], api: Api, reading: Reading) {
  const deadline = performance.now() + sweepTime
  let asked = 0
  let valid = 0
  for (const promised of promises) {
    if (performance.now() > deadline) break
    const request = rawRequest(api, promised)
    asked += 1
    if (request === undefined) continue
    // Whoever hangs up or says nothing has not answered.
    const answer = await ask(port, request, patience.later).catch(() => undefined)
    if (answer !== undefined && judged(reading, promised, answer).kind === 'valid') valid += 1
  }
  return { asked, valid }
}

function rawRequest(api: Api, promised: Promised): Buffer | undefined {
  const request = requestFor(api, promised)
  return request && raw(request)
}

function raw({ method, target, headers, body }: HttpRequest): Buffer {
  const fields = ['Host', '127.0.0.1', ...headers, ...(body.length > 0 ? ['Content-Length', `${body.length}`] : [])]
  const lines = fields.map((field, at) => (at % 2 === 0 ? `${field}: ` : `${field}\r\n`)).join('')
  return Buffer.concat([Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines}\r\n`), body])
}

function together(runs: readonly Served[]): Served {
  const figure = (name: keyof Served): number => median(runs.map(run => run[name]))
  return {
    startSeconds: figure('startSeconds'),
    cpuSeconds: figure('cpuSeconds'),
    answeredBytes: figure('answeredBytes'),
    idleBytes: figure('idleBytes'),
    asked: runs[0]?.asked ?? 0,
    valid: runs[0]?.valid ?? 0,
  }
}

/** The command as built: this module is run from `dist/bench`. */
function ours(): string {
  return fileURLToPath(new URL('../cli.js', import.meta.url))
}

function prism(): string {
  const manifest = createRequire(import.meta.url).resolve('@stoplight/prism-cli/package.json')
  return path.join(path.dirname(manifest), JSON.parse(readFileSync(manifest, 'utf8')).bin.prism)
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const words = [error.cause instanceof Error ? error.cause.message : '', error.message]
  return stripVTControlCharacters(words.filter(Boolean).join('; ')).replaceAll(/\s+/g, ' ').slice(0, 300)
}
