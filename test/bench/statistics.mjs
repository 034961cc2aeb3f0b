// @ts-check

/**
 * @param {number[]} sorted ascending, not empty
 * @param {number} share from 0 to 1
 * @returns {number} the smallest value that this share of all values does not exceed
 */
export function percentile(sorted, share) {
  const rank = Math.max(Math.ceil(sorted.length * share), 1)
  return /** @type {number} */ (sorted[rank - 1])
}

/**
 * @param {number[]} values in any order
 * @returns {number} of an even count the mean of the middle two; NaN of none
 */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const pair = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]]
  return pair.reduce((/** @type {number} */ sum, value) => sum + (value ?? Number.NaN) / 2, 0)
}
