import { createRequire } from 'node:module'

type Parser = typeof import('@rgrove/parse-xml')

let parser: Parser | undefined

/**
 * Why a text is no well-formed XML; `undefined` when it is. What a document type declares is not looked at. Source: XML 1.0,
 * fifth edition, section 2.1.
 */
export function whyNotXml(text: string): string | undefined {
  // Few documents speak XML, so that the parser is loaded for the first of them.
  parser ??= createRequire(import.meta.url)('@rgrove/parse-xml') as Parser
  try {
    parser.parseXml(text, { ignoreUndefinedEntities: text.includes('<!DOCTYPE') })
    return undefined
  } catch (error) {
    if (error instanceof parser.XmlError) return error.message.split('\n', 1)[0]
    if (error instanceof RangeError) return 'it is nested too deeply to be read'
    throw error
  }
}
