import { type JsonType, typeOf } from './shape.ts'
import { isRecord, memberOf, type Source } from './source.ts'

export function typesIn(schema: unknown): JsonType[] {
  const type = memberOf(schema, 'type')
  return (Array.isArray(type) ? type : [type]).filter((one): one is JsonType => typeof one === 'string')
}

/** The types that all of the schemas allow; `undefined` when none speaks of types. */
export function typesOf(schemas: readonly { value: unknown }[]): JsonType[] | undefined {
  let types: JsonType[] | undefined
  for (const { value } of schemas) {
    const own = typesIn(value)
    if (own.length === 0) continue
    types = types === undefined ? own : types.flatMap(type => narrower(type, own))
  }
  return types && [...new Set(types)]
}

function narrower(type: JsonType, others: readonly JsonType[]): JsonType[] {
  if (others.includes(type)) return [type]
  if (type === 'number' && others.includes('integer')) return ['integer']
  return type === 'integer' && others.includes('number') ? ['integer'] : []
}

export function valuesOf(schemas: readonly { value: unknown }[]): unknown[] | undefined {
  let values: unknown[] | undefined
  const narrow = (own: unknown[]): void => {
    const written = new Set(own.map(one => JSON.stringify(one)))
    values = values === undefined ? own : values.filter(one => written.has(JSON.stringify(one)))
  }
  for (const { value } of schemas) {
    if (!isRecord(value)) continue
    if (Object.hasOwn(value, 'const')) narrow([value.const])
    if (Array.isArray(value.enum)) narrow(value.enum)
  }
  return values
}

export function isOfType(value: unknown, types: readonly JsonType[] | undefined): boolean {
  const type = typeOf(value)
  return types === undefined || types.some(one => one === type || (one === 'number' && type === 'integer'))
}

/** Whether a schema says nothing else that counts. */
export function isOnly(value: unknown, keyword: string): boolean {
  const keys = Object.keys(recordOf(value)).filter(key => !['description', 'title'].includes(key))
  return keys.includes(keyword) && keys.every(key => key === keyword || (key === 'type' && keyword === 'required'))
}

/** Whether a schema is more than a scalar. */
export function isDeep({ value }: Source): boolean {
  return ['properties', 'items', 'allOf', 'anyOf', 'oneOf', 'additionalProperties', 'patternProperties'].some(
    keyword => typeof memberOf(value, keyword) === 'object',
  )
}

export function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter(one => typeof one === 'string') : []
}

export function recordOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {}
}
