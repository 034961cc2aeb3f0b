// @ts-check
/** The servers compared, and the command that starts each. */
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * @typedef {'http' | 'ajv' | 'express' | 'prism' | 'prism-error' | 'ours' | 'ours-crowded' | 'prism-dynamic' | 'ours-dynamic'} ContestantId
 *
 * @typedef {object} Contestant
 * @property {ContestantId} id
 * @property {string} title
 * @property {'constant' | 'example' | 'truthful'} answers
 *   constant: it says one thing only, so every scenario needs a process of its own;
 *   example: whatever the document gives for the status; truthful: the body speaks of the request it answers
 * @property {readonly import('./samples.mjs').Part[]} parts in which it takes part
 * @property {(port: number, scenario: import('./scenarios.mjs').Scenario) => string[]} args of node
 *
 * @typedef {object} Documents
 * @property {string} ours path of the document as shipped
 * @property {string} prism path of the same promise without callbacks
 * @property {string} crowded path of the same promise among many others
 */

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '../..')

/** @type {ContestantId[]} */
export const contestantIds = [
  'http',
  'ajv',
  'express',
  'prism',
  'prism-error',
  'ours',
  'ours-crowded',
  'prism-dynamic',
  'ours-dynamic',
]

/** @type {readonly import('./samples.mjs').Part[]} */
const documented = ['valid', '400', '401']

/** @type {readonly import('./samples.mjs').Part[]} */
const generated = ['same', 'different']

/**
 * @param {ContestantId[]} ids
 * @param {Documents} documents
 * @returns {Contestant[]}
 */
export function contestants(ids, documents) {
  return ids.map(id => makers[id](documents))
}

/** @type {Record<ContestantId, (documents: Documents) => Contestant>} */
const makers = {
  http: () => ({
    id: 'http',
    title: 'node:http, constant',
    answers: 'constant',
    parts: documented,
    args: (port, { status }) => [join(here, 'servers/bare-http.mjs'), `${port}`, `${status}`],
  }),
  ajv: () => ({
    id: 'ajv',
    title: 'node:http + Ajv by hand',
    answers: 'truthful',
    parts: documented,
    args: port => [join(here, 'servers/ajv-http.mjs'), `${port}`],
  }),
  express: () => ({
    id: 'express',
    title: 'Express 5, constant',
    answers: 'constant',
    parts: documented,
    args: (port, { status }) => [join(here, 'servers/bare-express.mjs'), `${port}`, `${status}`],
  }),
  prism: documents => prism('prism', 'Prism', documents, [...documented, 'start'], []),
  'prism-error': documents => prism('prism-error', 'Prism -v error', documents, documented, ['-v', 'error']),
  'prism-dynamic': documents =>
    prism('prism-dynamic', 'Prism -d -v error', documents, generated, ['-d', '-v', 'error']),
  ours: documents => ours('ours', 'contrato mock', documents.ours, [...documented, 'start'], []),
  'ours-crowded': documents => ours('ours-crowded', 'contrato, 1,000 more paths', documents.crowded, ['valid'], []),
  'ours-dynamic': documents => ours('ours-dynamic', 'contrato --dynamic', documents.ours, generated, ['--dynamic']),
}

/**
 * @param {ContestantId} id
 * @param {string} title
 * @param {string} document
 * @param {readonly import('./samples.mjs').Part[]} parts
 * @param {string[]} flags
 * @returns {Contestant}
 */
function ours(id, title, document, parts, flags) {
  const program = binary(join(root, 'package.json'), 'contrato')
  if (!existsSync(program)) throw new Error(`${program} is missing. Run 'npm run build', or give --skip ${id}.`)
  return {
    id,
    title,
    answers: 'truthful',
    parts,
    args: port => [program, 'mock', document, '--port', `${port}`, ...flags],
  }
}

/**
 * @param {ContestantId} id
 * @param {string} title
 * @param {Documents} documents
 * @param {readonly import('./samples.mjs').Part[]} parts
 * @param {string[]} flags
 * @returns {Contestant}
 */
function prism(id, title, documents, parts, flags) {
  const manifest = createRequire(import.meta.url).resolve('@stoplight/prism-cli/package.json')
  const program = binary(manifest, 'prism')
  return {
    id,
    title,
    answers: 'example',
    parts,
    args: port => [program, 'mock', documents.prism, '-p', `${port}`, ...flags],
  }
}

/**
 * @param {string} manifest path of a package.json
 * @param {string} command
 * @returns {string} path of the program that the package installs under this name
 */
function binary(manifest, command) {
  const path = JSON.parse(readFileSync(manifest, 'utf8')).bin?.[command]
  if (!path) throw new Error(`${manifest} has no bin.${command}`)
  return join(dirname(manifest), path)
}
