// @ts-check
/** The document among many other paths. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import SwaggerParser from '@apidevtools/swagger-parser'

/** Paths that are added. */
const OTHERS = 1000

/** Where the added paths part from those of the document: at the root, beside a literal segment, beside a parameter. */
const places = [
  (/** @type {string} */ path, /** @type {number} */ at) => `/other-${at}${path}`,
  (/** @type {string} */ path, /** @type {number} */ at) => path.replace(/(\/\w+)(\/\{)/, `$1-${at}$2`),
  (/** @type {string} */ path, /** @type {number} */ at) => path.replace(/(\/\{\w+\})(\/?)/, `$1/other-${at}$2`),
]

/** What is left out of the added paths, so that the document stays within the size that is read. */
const long = new Set(['examples', 'example', 'description', 'callbacks'])

/**
 * A copy with a thousand other paths, each of which describes what one of the document's own does.
 *
 * @param {string} path of an OpenAPI document
 * @param {string} folder to write the copy into
 * @returns {Promise<string>} path of the copy
 */
export async function amongOthers(path, folder) {
  const document = /** @type {any} */ (await SwaggerParser.bundle(path, { resolve: { http: false } }))
  const own = Object.entries(document.paths)
  for (let at = 0; at < OTHERS; at += 1) {
    const [name, pathItem] = /** @type {[string, any]} */ (own[at % own.length])
    const place = /** @type {(typeof places)[number]} */ (places[at % places.length])
    document.paths[place(name, at)] = renamed(pathItem, at)
  }
  const added = Object.keys(document.paths).length - own.length
  if (added !== OTHERS) throw new Error(`${path}: ${added} instead of ${OTHERS} paths were added`)
  const copy = join(folder, 'crowded-document.json')
  writeFileSync(copy, JSON.stringify(document))
  return copy
}

/**
 * @param {any} pathItem
 * @param {number} at
 * @returns {any} a copy without what makes it long, whose operations have names of their own
 */
function renamed(pathItem, at) {
  const copy = JSON.parse(JSON.stringify(pathItem, (key, value) => (long.has(key) ? undefined : value)))
  for (const operation of Object.values(copy)) if (operation?.operationId) operation.operationId += `Other${at}`
  return copy
}
