import { existsSync } from 'node:fs'
import path from 'node:path'

const folder = process.env.CONTRATO_DOCUMENTS ?? path.join('..', 'shared', 'documents')

/** Public descriptions that are not part of the project. */
export const realDocuments = {
  /** Why tests of them are skipped; `false` when they are there. */
  skip: existsSync(folder) ? false : `no documents at ${folder}; name their folder in CONTRATO_DOCUMENTS`,
  file: (name: string): string => path.join(folder, name),
} as const
