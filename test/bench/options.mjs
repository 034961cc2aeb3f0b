// @ts-check
/** The command line. */
import { parseArgs } from 'node:util'
import { contestantIds } from './contestants.mjs'

/** @typedef {import('./samples.mjs').Part} Part */

/** @type {Part[]} */
const parts = ['valid', '400', '401', 'same', 'different', 'start', 'deliveries', 'judging']

export const help = `Compares the speed of the mock and of the check with other servers on this machine.

  npm run bench -- [options]

  --rounds N        how often each speed is taken; the median is shown (15)
  --requests N      at most, for each of those (50000)
  --only LIST       of ${parts.join(', ')} (all)
  --skip LIST       of ${contestantIds.join(', ')} (none)
  --document FILE   that the mocks serve (openapi/webhook.yaml)
  --json FILE       also write every sample there
  --strict          exit 1 unless every goal is met
  --help

A usage error exits 2.
`

export class UsageError extends Error {}

/**
 * @param {string[]} args
 */
export function readOptions(args) {
  const { values } = parse(args)
  const skipped = list('--skip', values.skip ?? '', contestantIds)
  return {
    rounds: count('--rounds', values.rounds ?? '15', 100),
    requests: count('--requests', values.requests ?? '50000', 1_000_000),
    parts: list('--only', values.only ?? parts.join(), parts),
    servers: contestantIds.filter(id => !skipped.includes(id)),
    document: values.document ?? 'openapi/webhook.yaml',
    json: values.json,
    strict: values.strict ?? false,
    help: values.help ?? false,
  }
}

/**
 * @param {string[]} args
 */
function parse(args) {
  try {
    return parseArgs({
      args,
      options: {
        rounds: { type: 'string' },
        requests: { type: 'string' },
        only: { type: 'string' },
        skip: { type: 'string' },
        document: { type: 'string' },
        json: { type: 'string' },
        strict: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

/**
 * @param {string} flag
 * @param {string} text
 * @param {number} most
 * @returns {number}
 */
function count(flag, text, most) {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1 || value > most) {
    throw new UsageError(`${flag} takes a whole number from 1 to ${most}, not '${text}'`)
  }
  return value
}

/**
 * @template {string} T
 * @param {string} flag
 * @param {string} text separated by commas
 * @param {T[]} known
 * @returns {T[]} in the order of the known ones
 */
function list(flag, text, known) {
  const wanted = text.split(',').filter(Boolean)
  const unknown = wanted.find(word => !known.some(one => one === word))
  if (unknown !== undefined) throw new UsageError(`${flag} takes ${known.join(', ')}, not '${unknown}'`)
  return known.filter(word => wanted.includes(word))
}
