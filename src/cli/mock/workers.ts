import type { Worker } from 'node:cluster'
import { exitCodes, Trouble } from '../../finding/index.ts'
import { makeStyle } from '../../report/index.ts'
import type { Terminal } from '../command.ts'
import { tellImperfections } from '../document.ts'
import { type Certificate, certificateFor } from './certificate.ts'
import { followDocuments } from './follow.ts'
import { frugally } from './frugally.ts'
import { greeting, overlaps } from './greeting.ts'
import { type Order, type Word, workerVariable } from './messages.ts'
import { makeNews, type News } from './news.ts'
import type { Plan } from './plan.ts'
import { makeService } from './service.ts'

/** Milliseconds that workers are given to end, which is more than they give to answers under way. */
const grace = 5_000

/** Milliseconds before a worker that died is replaced when its replacement died too. */
const patience = 1_000

/** Replacements in a row that may die before they serve. */
const maxFailures = 5

/** Lets several processes serve at one port until this one is interrupted. */
export async function serveWithWorkers(plan: Plan, terminal: Terminal): Promise<number> {
  const style = makeStyle(terminal.colours)
  const news = makeNews(terminal, plan.quiet)
  const since = Date.now()
  const certificate = plan.https && (await certificateFor(plan.https, plan.host))
  const crew = await Crew.start(plan, certificate, news)
  try {
    // What is wrong with a document is said here once; the workers read it at the same time.
    const documents = await frugally(() => Promise.all(plan.documents.map(plan.load)))
    const { url } = await Promise.race([crew.listening, crew.failed])
    const service = makeService(plan, documents, news.notice)
    const mocks = service.mocks.all
    terminal.out(plan.quiet ? `${url}\n` : greeting(plan, mocks, url, certificate, style))
    for (const overlap of overlaps(mocks)) news.notice(overlap)
    if (!plan.quiet) for (const document of documents) tellImperfections(document.imperfections, terminal)
    const interrupted = terminal.interrupted()
    const following = plan.watch ? await followDocuments(plan, service, since, news, at => crew.reload(at)) : undefined
    await Promise.race([interrupted, crew.failed])
    await following?.close()
    return exitCodes.fine
  } finally {
    await crew.end()
  }
}

type Member = { readonly worker: Worker; serves: boolean; readonly reloading: Map<number, () => void> }

/** The workers: started, replaced, ended. */
class Crew {
  /** Resolves when all of them listen. */
  readonly listening: Promise<{ url: string; port: number }>
  /** Rejects when there is no way to go on. */
  readonly failed: Promise<never>
  readonly #plan: Plan
  readonly #certificate: Certificate | undefined
  readonly #news: News
  readonly #fork: () => Worker
  readonly #members = new Map<number, Member>()
  #port: number | undefined
  #part = 0
  #failures = 0
  #ending = false
  #allListen: (at: { url: string; port: number }) => void = () => {}
  #fail: (error: unknown) => void = () => {}

  static async start(plan: Plan, certificate: Certificate | undefined, news: News): Promise<Crew> {
    // One process is the rule, and does without.
    const { default: cluster } = await import('node:cluster')
    return new Crew(plan, certificate, news, () => cluster.fork({ [workerVariable]: '1' }))
  }

  private constructor(plan: Plan, certificate: Certificate | undefined, news: News, fork: () => Worker) {
    this.#plan = plan
    this.#certificate = certificate
    this.#news = news
    this.#fork = fork
    this.listening = new Promise(resolve => {
      this.#allListen = resolve
    })
    this.failed = new Promise((_, reject) => {
      this.#fail = reject
    })
    // Whoever waits for it hears of it; nobody does while the documents are read.
    this.failed.catch(() => {})
    for (let index = 0; index < plan.workers; index += 1) this.#engage(index)
  }

  /** Has every worker read a document again; resolves when they have. */
  async reload(at: number): Promise<void> {
    this.#failures = 0
    const serving = [...this.#members.values()].filter(({ serves }) => serves)
    await Promise.all(
      serving.map(
        ({ worker, reloading }) =>
          new Promise<void>(resolve => {
            reloading.set(at, resolve)
            order(worker, { kind: 'reload', at })
          }),
      ),
    )
  }

  async end(): Promise<void> {
    this.#ending = true
    const workers = [...this.#members.values()].map(({ worker }) => worker)
    const gone = workers.map(worker => new Promise<void>(resolve => worker.once('exit', () => resolve())))
    for (const worker of workers) order(worker, { kind: 'end' })
    const timer = setTimeout(() => {
      for (const worker of workers) worker.process.kill('SIGKILL')
    }, grace)
    await Promise.all(gone)
    clearTimeout(timer)
  }

  #engage(index: number): void {
    const worker = this.#fork()
    const member: Member = { worker, serves: false, reloading: new Map() }
    this.#members.set(index, member)
    worker.on('message', (word: Word) => this.#hear(index, member, word))
    worker.on('exit', (code, signal) => this.#replace(index, member, signal ?? `exit code ${code}`))
    // A message to a worker that has just died is lost, and its end is told by itself.
    worker.on('error', () => {})
  }

  #hear(index: number, member: Member, word: Word): void {
    switch (word.kind) {
      case 'ready': {
        this.#part += 1
        const share = { part: this.#part, index, of: this.#plan.workers }
        const tls = this.#certificate && { tls: this.#certificate.credentials }
        order(member.worker, { kind: 'serve', port: this.#portToAskFor(), share, ...tls })
        return
      }
      case 'listening':
        member.serves = true
        this.#port = word.port
        this.#failures = 0
        if ([...this.#members.values()].every(({ serves }) => serves)) this.#allListen(word)
        return
      case 'reloaded':
        member.reloading.get(word.at)?.()
        member.reloading.delete(word.at)
        return
      case 'notice':
        this.#news.notice(word.text)
        return
      case 'trouble':
        // Later on, a document that is broken at the moment is no reason to end.
        if (this.#port === undefined) this.#fail(new Trouble(word.exitCode, word.message, word.help))
    }
  }

  /** Workers that ask for any free port get that of the others, as long as there are others. */
  #portToAskFor(): number {
    const others = [...this.#members.values()].some(({ serves }) => serves)
    return others ? this.#plan.port : (this.#port ?? this.#plan.port)
  }

  #replace(index: number, { worker, serves, reloading }: Member, why: string): void {
    this.#members.delete(index)
    for (const done of reloading.values()) done()
    if (this.#ending) return
    if (this.#port === undefined) {
      this.#fail(
        new Trouble(exitCodes.environment, `A worker ended with ${why} before it served`, 'Try fewer workers.'),
      )
      return
    }
    if (serves) {
      this.#news.notice(`Worker ${worker.process.pid} ended with ${why}; another takes its place`)
      this.#engage(index)
      return
    }
    this.#failures += 1
    if (this.#failures > maxFailures * this.#plan.workers && !this.#plan.watch) {
      this.#fail(new Trouble(exitCodes.environment, `Workers end with ${why} before they serve`, 'Try fewer workers.'))
      return
    }
    setTimeout(() => {
      if (!this.#ending) this.#engage(index)
    }, patience).unref()
  }
}

function order(worker: Worker, message: Order): void {
  if (worker.isConnected()) worker.send(message)
}
