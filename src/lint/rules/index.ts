import { clientErrorMissing } from './client-error-missing.ts'
import { defaultInvalid } from './default-invalid.ts'
import { enumInvalid } from './enum-invalid.ts'
import { exampleInvalid } from './example-invalid.ts'
import { extensionInvalid } from './extension-invalid.ts'
import { operationIdMissing } from './operation-id-missing.ts'
import { operationUnreachable } from './operation-unreachable.ts'
import { refusalMissing } from './refusal-missing.ts'
import { schemaUnsatisfiable } from './schema-unsatisfiable.ts'
import { schemaUnusable } from './schema-unusable.ts'
import { securityMissing } from './security-missing.ts'
import { successMissing } from './success-missing.ts'

/** Every rule of our own, in the order in which they are asked. */
export const rules = [
  schemaUnusable,
  schemaUnsatisfiable,
  exampleInvalid,
  defaultInvalid,
  enumInvalid,
  extensionInvalid,
  operationUnreachable,
  operationIdMissing,
  successMissing,
  clientErrorMissing,
  securityMissing,
  refusalMissing,
] as const

/** The code of a rule of our own; a ruleset may set its severity under this name. */
export type RuleCode = (typeof rules)[number]['code']
