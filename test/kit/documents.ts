import path from 'node:path'
import { type Document, DocumentTrouble, loadDocument, type ReadOptions } from '../../src/document/index.ts'
import type { Position } from '../../src/finding/index.ts'
import { Api, type CredentialOptions, type Operation } from '../../src/model/index.ts'
import { type Files, folderWith } from './files.ts'

const head = "openapi: 3.1.0\ninfo: { title: Test, version: '1' }\n"

/** Loads the first of these files, from a folder of their own. */
export async function documentIn(files: Files): Promise<Document> {
  const folder = await folderWith(files)
  return loadDocument(path.join(folder, Object.keys(files)[0] ?? ''))
}

/** Loads one YAML text; without an `openapi` field it is given 3.1.0 and an `info`. */
export function documentOf(yaml: string): Promise<Document> {
  return documentIn({ 'openapi.yaml': withHead(yaml) })
}

/** The model of one YAML text. */
export async function apiOf(yaml: string, credentials?: CredentialOptions): Promise<Api> {
  return new Api(await documentOf(yaml), credentials)
}

/** The only operation of a text that describes one: its parameters, body and answers. */
export async function operationOf(operation: string, where = 'post: /things'): Promise<Operation> {
  const [method = '', template = ''] = where.split(': ')
  const api = await apiOf(
    `paths:\n  ${JSON.stringify(template)}:\n    ${method}:\n${indent(withResponses(operation), 6)}`,
  )
  const [found] = api.operations
  if (found === undefined) throw new Error('the text describes no operation')
  return found
}

/** What is wrong with files: why they make no document, or where it is imperfect, each with its place below their folder. */
export async function troubleIn(files: Files, entry = Object.keys(files)[0] ?? ''): Promise<Told[]> {
  const folder = await folderWith(files)
  return troubleOf(path.join(folder, entry), folder)
}

export type Told = { readonly code: string; readonly message: string; readonly at: string | undefined }

/** What is wrong with a document; what is said is shown without the folder. */
export async function troubleOf(file: string, folder = path.dirname(file), options: ReadOptions = {}): Promise<Told[]> {
  const findings = await loadDocument(file, options).then(
    document => document.imperfections,
    (error: unknown) => {
      if (!(error instanceof DocumentTrouble)) throw error
      return error.findings
    },
  )
  return findings.map(({ code, message, position }) => ({
    code,
    message: without(folder, message),
    at: position && placeIn(folder, position),
  }))
}

/** A position as `file:line:column`, the file as seen from the folder. */
function placeIn(folder: string, { file, line, column }: Position): string {
  return `${path.relative(folder, path.resolve(file))}:${line}:${column}`
}

/** A function that tells where a pointer of the document leads, as `file:line:column`. */
export function locator(document: Document): (pointer: string) => string {
  const folder = path.dirname(document.files[0] ?? '')
  return pointer => placeIn(folder, document.locate(pointer))
}

function without(folder: string, message: string): string {
  const shown = path.relative(process.cwd(), folder)
  return message.replaceAll(`${folder}/`, '').replaceAll(`${shown}/`, '').replaceAll(folder, '.').replaceAll(shown, '.')
}

function withHead(yaml: string): string {
  return /^openapi:/m.test(yaml) ? yaml : head + yaml
}

function withResponses(operation: string): string {
  return /^responses:/m.test(operation) ? operation : `${operation}\nresponses: { '200': { description: Done } }`
}

function indent(text: string, by: number): string {
  return text.replace(/^(?=.)/gm, ' '.repeat(by))
}
