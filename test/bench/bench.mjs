// @ts-check
/** `npm run bench`: our mock, Prism and the frameworks below them, in one run and one table. */
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { contestants } from './contestants.mjs'
import { amongOthers } from './crowded-document.mjs'
import { deliveryGoals, deliveryRounds, deliveryRows } from './deliveries.mjs'
import { judge } from './goals.mjs'
import { judgingGoals, judgingRounds, judgingRows } from './judging.mjs'
import { help, readOptions, UsageError } from './options.mjs'
import { withoutCallbacks } from './prism-document.mjs'
import { speedRounds, startRounds } from './rounds.mjs'
import { scenarios } from './scenarios.mjs'
import { scratch } from './server.mjs'
import { align, goalTable, resultTable } from './table.mjs'

/** What is being measured; part of the message when it fails. */
let step = 'preparation'

/**
 * @param {ReturnType<typeof readOptions>} options
 * @returns {Promise<number>} exit code
 */
async function bench(options) {
  const documents = {
    ours: options.document,
    prism: await withoutCallbacks(options.document, scratch),
    crowded: await amongOthers(options.document, scratch),
  }
  const servers = contestants(options.servers, documents)
  const chosen = scenarios.filter(({ id }) => options.parts.includes(id))
  const machine = `Node ${process.version}, ${process.platform} ${process.arch}, ${cpus().length} × ${cpus()[0]?.model}`

  const samples = await speedRounds(servers, chosen, options, progress)
  if (options.parts.includes('start')) {
    const started = servers.filter(({ parts }) => parts.includes('start'))
    samples.push(...(await startRounds(started, progress)))
  }
  const deliveries = options.parts.includes('deliveries') ? await deliveryRounds(options.rounds, progress) : undefined
  const isJudged = options.parts.includes('judging') && options.servers.includes('prism-error')
  const judged = isJudged ? await judgingRounds(documents.prism, options.rounds, progress) : []
  clearProgress()
  const goals = [
    ...judge(samples, options.parts, options.servers),
    ...(deliveries === undefined ? [] : deliveryGoals(deliveries.rounds)),
    ...(judged.length > 0 ? judgingGoals(judged) : []),
  ]

  process.stdout.write(`${machine}; medians\n\n${resultTable(samples, chosen, servers)}`)
  if (deliveries !== undefined) process.stdout.write(`\n${align(deliveryRows(deliveries))}`)
  if (judged.length > 0) process.stdout.write(`\n${align(judgingRows(judged))}`)
  if (goals.length > 0) process.stdout.write(`\n${goalTable(goals)}`)
  if (options.json)
    writeFileSync(
      options.json,
      `${JSON.stringify({ machine, options, goals, samples, deliveries, judged }, null, 2)}\n`,
    )
  return options.strict && goals.some(({ verdict }) => verdict !== 'met') ? 1 : 0
}

/**
 * @param {string} next
 */
function progress(next) {
  step = next
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${step}`)
}

function clearProgress() {
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
}

/**
 * @param {unknown} error
 * @returns {string} its message and the messages of its causes
 */
function explain(error) {
  if (!(error instanceof Error)) return String(error)
  return error.cause ? `${error.message}\n  because: ${explain(error.cause)}` : error.message
}

try {
  const options = readOptions(process.argv.slice(2))
  if (options.help) process.stdout.write(help)
  process.exitCode = options.help ? 0 : await bench(options)
} catch (error) {
  clearProgress()
  const usage = error instanceof UsageError
  process.stderr.write(usage ? `bench: ${error.message}\n\n${help}` : `bench: ${step}: ${explain(error)}\n`)
  process.exitCode = usage ? 2 : 1
}
