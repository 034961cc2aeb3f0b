import { isJson, parseMediaType } from '../http/index.ts'
import type { Api, Content, ResponseDescription } from '../model/index.ts'
import type { MadeBody } from './bodies.ts'
import { putInOrder } from './relate.ts'
import { makeTemplate, type Template } from './template.ts'

/** The templates of bodies that are served again and again, each made at its first use. */
export class Templates {
  readonly #api: Api
  readonly #known = new Map<Content, { readonly template: Template | undefined }>()

  constructor(api: Api) {
    this.#api = api
  }

  /** What was kept for a content; that it can have no template is known, too. */
  find(content: Content): { readonly template: Template | undefined } | undefined {
    return this.#known.get(content)
  }

  /** @param body makes the body, which is wanted only where a template is possible */
  keep(content: Content, response: ResponseDescription, body: () => MadeBody): Template | undefined {
    const template = isWritten(content) ? this.make(content, response, body()) : undefined
    this.#known.set(content, { template })
    return template
  }

  /** The template of one body, where its relations allow one and it keeps its schema with them. */
  make(content: Content, { relations }: ResponseDescription, { value }: MadeBody): Template | undefined {
    if (!isWritten(content)) return undefined
    const accepts = (): boolean => content.schema === undefined || content.schema.accepts(value)
    putInOrder(relations, value, accepts)
    return accepts() ? makeTemplate(this.#api, content, value, relations) : undefined
  }
}

/** Templates are of JSON texts. */
function isWritten({ mediaType }: Content): boolean {
  return isJson(parseMediaType(mediaType)?.essence ?? '')
}
