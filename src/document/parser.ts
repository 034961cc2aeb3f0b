import type SwaggerParser from '@apidevtools/swagger-parser'

/**
 * The parser of swagger-parser without its own look at the entry: what that complains about has no place, and it refuses
 * the documents without paths that OpenAPI 3.1 allows. Imported when it is needed, because it is slow to start.
 */
export async function makeParser(): Promise<SwaggerParser> {
  const { default: Parser } = await import('@apidevtools/swagger-parser')
  const { parse } = Object.getPrototypeOf(Parser.prototype) as SwaggerParser
  return Object.assign(new Parser(), { parse })
}
