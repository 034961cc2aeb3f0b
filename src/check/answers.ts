import { bestMediaType, type HttpResponse, headerOf, parseMediaType } from '../http/index.ts'
import { type Content, decodeBody, type Operation, type ResponseDescription } from '../model/index.ts'

/** Most bytes of bodies that are remembered at the same time, and of one of them. */
const maxBytes = 4 * 1024 * 1024
const maxBody = 1024 * 1024

/** Most bodies that are remembered at the same time. */
const maxBodies = 500

/** The bytes of an answer as what its Content-Type says they are, whatever was asked. */
export class Answer {
  readonly bytes: Uint8Array
  /** The Content-Type field. */
  readonly type: string | undefined
  /** The media type that it names, without parameters. */
  readonly essence: string | undefined
  /** The documented media type that it names. */
  readonly content: Content | undefined
  /** What came of decoding the body by that type; `undefined` where there is no type or no body. */
  readonly decoded: ReturnType<typeof decodeBody> | undefined
  /** The decoded body, where it could be decoded. */
  readonly body: { readonly value: unknown } | undefined
  readonly #learnt = new Map<unknown, unknown>()

  constructor(bytes: Uint8Array, type: string | undefined, description: ResponseDescription | undefined) {
    this.bytes = bytes
    this.type = type
    this.essence = type === undefined ? undefined : parseMediaType(type)?.essence
    const documented = description?.content.map(({ mediaType }) => mediaType) ?? []
    const best = type === undefined || this.essence === undefined ? undefined : bestMediaType(documented, type)
    this.content = description?.content.find(({ mediaType }) => mediaType === best)
    this.decoded =
      type === undefined || this.essence === undefined || bytes.length === 0
        ? undefined
        : decodeBody(type, bytes, this.content?.shape)
    this.body = this.decoded?.kind === 'value' ? { value: this.decoded.value } : undefined
  }

  /** What a question comes to that needs nothing but the answer; it is thought about once. */
  learn<T>(question: (answer: Answer) => T): T {
    if (!this.#learnt.has(question)) this.#learnt.set(question, question(this))
    return this.#learnt.get(question) as T
  }
}

/**
 * The answers that were seen, so that the same bytes are decoded and looked through once: a list that is asked for again
 * and again, a refusal. Holds no more than {@link maxBytes}.
 */
export class Answers {
  readonly #seen = new Map<string, Answer>()
  #bytes = 0

  /** @param description what the operation says of the status of the answer */
  of(
    { status, headers, body }: HttpResponse,
    operation: Operation,
    description: ResponseDescription | undefined,
  ): Answer {
    const type = headerOf(headers, 'content-type')
    if (body.length === 0 || body.length > maxBody) return new Answer(body, type, description)
    const key = `${operation.pointer} ${status} ${body.length}${type === undefined ? '' : ` ${type}`}`
    const known = this.#seen.get(key)
    if (known !== undefined && Buffer.compare(known.bytes, body) === 0) return known
    // Whoever answers may write the next answer to the same place.
    const answer = new Answer(Buffer.from(body), type, description)
    if (known === undefined) this.#makeRoomFor(body.length)
    this.#seen.set(key, answer)
    return answer
  }

  #makeRoomFor(length: number): void {
    if (this.#bytes + length > maxBytes || this.#seen.size >= maxBodies) {
      this.#seen.clear()
      this.#bytes = 0
    }
    this.#bytes += length
  }
}
