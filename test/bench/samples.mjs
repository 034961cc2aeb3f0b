// @ts-check
/** What a run has found, sample by sample, and the median of it. */
import { median } from './statistics.mjs'

/**
 * @typedef {import('./contestants.mjs').ContestantId} ContestantId
 * @typedef {import('./scenarios.mjs').ScenarioId | 'start' | 'deliveries' | 'judging'} Part of a run
 *
 * @typedef {import('./measure.mjs').Speed & import('./measure.mjs').Start} Figures
 *
 * @typedef {object} Sample
 * @property {ContestantId} server
 * @property {Part} part
 * @property {Partial<Figures>} figures
 */

/**
 * @param {Sample[]} samples
 * @param {ContestantId} server
 * @param {Part} part
 * @param {keyof Figures} name
 * @returns {number} the median; NaN when it was not measured
 */
export function figure(samples, server, part, name) {
  return median(valuesOf(samples, server, part, name))
}

/**
 * One server's figure divided by another's, round by round, because what slows the machine for a while slows both of a
 * round.
 *
 * @param {Sample[]} samples
 * @param {readonly [ContestantId, ContestantId]} servers
 * @param {Part} part
 * @param {keyof Figures} name
 * @returns {number} the median; NaN when it was not measured
 */
export function ratio(samples, [server, other], part, name) {
  const others = valuesOf(samples, other, part, name)
  return median(valuesOf(samples, server, part, name).map((value, round) => value / (others[round] ?? Number.NaN)))
}

/**
 * @param {Sample[]} samples
 * @param {ContestantId} server
 * @param {Part} part
 * @param {keyof Figures} name
 * @returns {number[]} a value for each round
 */
function valuesOf(samples, server, part, name) {
  const fitting = samples.filter(sample => sample.server === server && sample.part === part)
  return fitting.flatMap(({ figures }) => figures[name] ?? [])
}
