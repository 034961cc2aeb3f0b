// @ts-check
/** The document as Prism gets it. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import SwaggerParser from '@apidevtools/swagger-parser'
import { dump, load } from 'js-yaml'

/**
 * Prism calls the callbacks of an operation on each request; here nothing is to be sent to anybody. So it gets a copy
 * without them, bundled into one file because the copy lies somewhere else.
 *
 * @param {string} path of an OpenAPI document
 * @param {string} folder to write the copy into
 * @returns {Promise<string>} path of the copy
 */
export async function withoutCallbacks(path, folder) {
  const document = /** @type {any} */ (load(readFileSync(path, 'utf8')))
  delete document.components?.callbacks
  for (const pathItem of Object.values(document.paths ?? {})) {
    for (const operation of Object.values(pathItem)) delete operation?.callbacks
  }
  const bundled = await SwaggerParser.bundle(path, document, { resolve: { http: false } })
  const copy = join(folder, 'document-for-prism.yaml')
  writeFileSync(copy, dump(bundled, { noRefs: true }))
  return copy
}
