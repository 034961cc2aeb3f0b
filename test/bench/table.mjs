// @ts-check
/** The run as text. */
import { figure } from './samples.mjs'

/**
 * @typedef {import('./samples.mjs').Sample} Sample
 * @typedef {import('./samples.mjs').Figures} Figures
 * @typedef {import('./contestants.mjs').Contestant} Contestant
 *
 * @typedef {object} Column
 * @property {string} title
 * @property {keyof Figures} figure
 * @property {(value: number) => string} show
 */

const number = (/** @type {number} */ value, digits = 0) =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })

/** @type {Column[]} */
const speedColumns = [
  { title: 'req / CPU s', figure: 'perCpuSecond', show: value => number(value) },
  { title: 'p50 ms', figure: 'p50', show: value => number(value, 2) },
  { title: 'p99 ms', figure: 'p99', show: value => number(value, 2) },
  { title: 'req / s', figure: 'perSecond', show: value => number(value) },
]

/** @type {Column[]} */
const startColumns = [
  { title: 'start ms', figure: 'startSeconds', show: value => number(value * 1000) },
  { title: 'CPU ms', figure: 'cpuSeconds', show: value => number(value * 1000) },
  { title: 'idle MB', figure: 'residentBytes', show: value => number(value / 1e6) },
]

/**
 * @param {Sample[]} samples
 * @param {import('./scenarios.mjs').Scenario[]} scenarios that were run
 * @param {Contestant[]} servers
 * @returns {string} one block of lines for each scenario and one for the start, medians only
 */
export function resultTable(samples, scenarios, servers) {
  const blocks = scenarios.map(({ id, title }) => block(samples, id, title, speedColumns, servers))
  const started = servers.filter(({ id }) => samples.some(({ part, server }) => part === 'start' && server === id))
  if (started.length > 0) blocks.push(block(samples, 'start', 'start to first answer', startColumns, started))
  return blocks.map(rows => align(rows)).join('\n')
}

/**
 * @param {Sample[]} samples
 * @param {import('./samples.mjs').Part} part
 * @param {string} title
 * @param {Column[]} columns
 * @param {Contestant[]} servers
 * @returns {string[][]}
 */
function block(samples, part, title, columns, servers) {
  const rows = servers
    .filter(({ parts }) => parts.some(one => one === part))
    .map(server => [
      `  ${server.title}`,
      ...columns.map(column => {
        const value = figure(samples, server.id, part, column.figure)
        return Number.isNaN(value) ? 'n/a' : column.show(value)
      }),
    ])
  return [[title, ...columns.map(column => column.title)], ...rows]
}

/**
 * @param {{ title: string, bound: string, limit: number, ratio: number, verdict: string }[]} judged
 * @returns {string}
 */
export function goalTable(judged) {
  const rows = judged.map(({ title, bound, limit, ratio, verdict }) => [
    `  ${title}`,
    `${bound} ${number(limit, 2)}`,
    Number.isNaN(ratio) ? 'n/a' : number(ratio, 2),
    verdict,
  ])
  return align([['contrato mock', 'goal', 'ratio', ''], ...rows])
}

/**
 * @param {string[][]} rows
 * @returns {string} the first column flush left, the others flush right
 */
export function align(rows) {
  const line = (/** @type {string[]} */ [first = '', ...rest]) =>
    first.padEnd(36) + rest.map(cell => cell.padStart(14)).join('')
  return rows.map(row => `${line(row).trimEnd()}\n`).join('')
}
