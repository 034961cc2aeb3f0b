type Node = Record<string, unknown>

const isText = (value: unknown): boolean => typeof value === 'string'
const isNumber = (value: unknown): boolean => typeof value === 'number'
const isBoolean = (value: unknown): boolean => typeof value === 'boolean'
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)
const isSchema = (value: unknown): boolean => isObject(value) || isBoolean(value)
const isSize = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 0

const types = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string']

/** What each keyword must be, for a validator to be made of it. Source: OpenAPI 3.0.4, section 4.7.24. */
const usable: Readonly<Record<string, (value: unknown) => boolean>> = {
  // What is no schema is told with its place by the check of the structure, so it is left for it.
  type: value => [value].flat().length > 0 && [value].flat().every(type => types.includes(type as string)),
  properties: isObject,
  patternProperties: isObject,
  items: isSchema,
  additionalProperties: isSchema,
  not: isSchema,
  ...Object.fromEntries(['allOf', 'anyOf', 'oneOf'].map(key => [key, isFilledList])),
  required: value => Array.isArray(value) && value.every(isText),
  enum: isFilledList,
  pattern: isText,
  format: isText,
  ...Object.fromEntries(['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'].map(key => [key, isNumber])),
  multipleOf: value => isNumber(value) && (value as number) > 0,
  ...Object.fromEntries(
    ['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties'].map(key => [key, isSize]),
  ),
  uniqueItems: isBoolean,
}

/**
 * Drops keywords whose value says nothing (`required: true`, `type: date`, `maxLength: "10"`), which would keep a validator
 * from being made. The specification's own schema has told of each, as an imperfection.
 */
export function dropUnusable(schema: Node): void {
  // A list of items was allowed by the draft that people had in mind.
  if (Array.isArray(schema.items) && schema.items.every(isSchema) && schema.items.length > 0) {
    schema.prefixItems = schema.items
  }
  for (const [keyword, value] of Object.entries(schema)) {
    if (Object.hasOwn(usable, keyword) && usable[keyword]?.(value) === false) delete schema[keyword]
  }
}

function isFilledList(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0
}
