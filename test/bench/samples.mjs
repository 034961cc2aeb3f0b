// @ts-check
/** What a run has found, sample by sample, and the median of it. */
import { median } from './statistics.mjs'

/**
 * @typedef {import('./contestants.mjs').ContestantId} ContestantId
 * @typedef {import('./scenarios.mjs').ScenarioId | 'start'} Part of a run
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
  const fitting = samples.filter(sample => sample.server === server && sample.part === part)
  return median(fitting.flatMap(({ figures }) => figures[name] ?? []))
}
