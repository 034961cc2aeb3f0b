// @ts-check
/** What our mock has to reach, always relative to another server of the same run on the same machine. */
import { ratio } from './samples.mjs'

/**
 * @typedef {import('./contestants.mjs').ContestantId} ContestantId
 * @typedef {import('./samples.mjs').Sample} Sample
 *
 * @typedef {object} Goal
 * @property {string} title
 * @property {import('./samples.mjs').Part} part
 * @property {keyof import('./samples.mjs').Figures} figure
 * @property {ContestantId} of the server that has to reach it
 * @property {ContestantId} to the server it is compared to
 * @property {'at least' | 'at most'} bound
 * @property {number} limit of ours divided by the other's
 *
 * @typedef {Goal & { ratio: number, verdict: 'met' | 'missed' | 'not measured' }} Judged
 */

/** @type {Goal[]} */
const goals = [
  { title: 'valid create, to node:http', ...perCpuSecond('http', 0.6) },
  { title: 'valid create, to Express 5', ...perCpuSecond('express', 4) },
  { title: 'valid create, to Prism', ...perCpuSecond('prism', 15) },
  { title: 'valid create, to Prism -v error', ...perCpuSecond('prism-error', 9) },
  { title: '1,000 more paths, to without', ...perCpuSecond('ours', 0.9), of: 'ours-crowded' },
  { title: '--dynamic, same request, to Prism', ...dynamic('same', 20) },
  { title: '--dynamic, all different, to Prism', ...dynamic('different', 5) },
  {
    title: 'cold start, to Prism',
    part: 'start',
    figure: 'startSeconds',
    of: 'ours',
    to: 'prism',
    bound: 'at most',
    limit: 1 / 3,
  },
  {
    title: 'idle memory, to Prism',
    part: 'start',
    figure: 'residentBytes',
    of: 'ours',
    to: 'prism',
    bound: 'at most',
    limit: 1 / 2,
  },
]

/**
 * @param {ContestantId} to
 * @param {number} limit
 * @returns {Omit<Goal, 'title'>}
 */
function perCpuSecond(to, limit) {
  return { part: 'valid', figure: 'perCpuSecond', of: 'ours', to, bound: 'at least', limit }
}

/**
 * @param {import('./scenarios.mjs').ScenarioId} part
 * @param {number} limit
 * @returns {Omit<Goal, 'title'>}
 */
function dynamic(part, limit) {
  return { part, figure: 'perCpuSecond', of: 'ours-dynamic', to: 'prism-dynamic', bound: 'at least', limit }
}

/**
 * @param {Sample[]} samples
 * @param {import('./samples.mjs').Part[]} parts that were run
 * @param {ContestantId[]} servers that took part
 * @returns {Judged[]} the goals this run can speak about
 */
export function judge(samples, parts, servers) {
  return goals
    .filter(({ part, of, to }) => parts.includes(part) && servers.includes(of) && servers.includes(to))
    .map(goal => {
      const reached = ratio(samples, [goal.of, goal.to], goal.part, goal.figure)
      return { ...goal, ratio: reached, verdict: verdict(goal, reached) }
    })
}

/**
 * @param {{ bound: 'at least' | 'at most', limit: number }} goal
 * @param {number} ratio
 * @returns {Judged['verdict']}
 */
export function verdict({ bound, limit }, ratio) {
  if (Number.isNaN(ratio)) return 'not measured'
  return (bound === 'at least' ? ratio >= limit : ratio <= limit) ? 'met' : 'missed'
}
