import { type HttpResponse, headerOf } from './message.ts'

/** Why bytes are no answer. */
export class NoAnswer extends Error {}

/** Longest head that is read, in bytes. */
const maxHead = 64 * 1024

/** Source: RFC 9110, sections 5.6.2 and 5.6.3. */
const token = /^[!#$%&'*+.^`|~\w-]+$/
const blanksAround = /^[ \t]+|[ \t]+$/g

type Stage = 'head' | 'sized' | 'size' | 'chunk' | 'chunk-end' | 'trailers' | 'open' | 'done'

/**
 * Reads one answer off a connection as the bytes come. Unlike node's client it goes on where the framing is wrong and can be
 * understood all the same, and says what was seen. Source: RFC 9112, sections 4 to 7.
 */
export class AnswerReader {
  readonly #method: string
  readonly #bodyLimit: number
  readonly #faults: string[] = []
  readonly #body: Buffer[] = []
  #stage: Stage = 'head'
  #rest: Buffer = Buffer.alloc(0)
  #hasBegun = false
  #status = 0
  /** Whether it is HTTP/1.1. */
  #isCurrent = false
  #headers: string[] = []
  /** Bytes that the body or the chunk still lacks. */
  #missing = 0
  #announced = 0
  #length = 0
  /** Bytes that came after the end. */
  #extra = 0

  /** @param bodyLimit longest body that is read, in bytes */
  constructor(method: string, bodyLimit: number) {
    this.#method = method
    this.#bodyLimit = bodyLimit
  }

  /** Whether any byte has come. */
  get hasBegun(): boolean {
    return this.#hasBegun
  }

  get isComplete(): boolean {
    return this.#stage === 'done'
  }

  get status(): number {
    return this.#status
  }

  /** Whether the connection may carry another exchange after this one. Source: RFC 9112, section 9.3. */
  get mayGoOn(): boolean {
    const isSound = this.#stage === 'done' && this.#extra === 0 && this.#faults.length === 0 && this.#status >= 200
    return isSound && this.#isCurrent && !/\bclose\b/i.test(headerOf(this.#headers, 'connection') ?? '')
  }

  /** Bytes of the body so far; `undefined` before the head has come. */
  get bodyLength(): number | undefined {
    return this.#stage === 'head' ? undefined : this.#length
  }

  /** @throws NoAnswer when the bytes cannot be understood */
  push(bytes: Buffer): void {
    this.#hasBegun = true
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
    while (this.#rest.length > 0 && this.#step());
  }

  /**
   * The answer, once the connection has ended or the answer has.
   *
   * @throws NoAnswer when the connection ended too early
   */
  answer(): HttpResponse {
    const status = this.#status
    if (this.#stage === 'head') {
      const seen = this.#rest.length === 0 ? 'nothing came' : `only ${shown(this.#rest)} came`
      throw new NoAnswer(`the connection ended before the answer did: ${seen}`)
    }
    if (this.#stage === 'sized')
      throw new NoAnswer(`the body ended after ${this.#length} of the ${this.#announced} bytes of Content-Length`)
    if (this.#stage !== 'open' && this.#stage !== 'done')
      throw new NoAnswer('the chunked body ended before its last chunk')
    const body = this.#body.length === 1 ? (this.#body[0] as Buffer) : Buffer.concat(this.#body)
    const faults = this.#extra === 0 ? this.#faults : [...this.#faults, this.#overlong()]
    return { status, headers: this.#headers, body, ...(faults.length > 0 && { framing: faults }) }
  }

  #overlong(): string {
    const more = `${this.#extra} bytes more came`
    if (this.#method === 'HEAD') return `${more} after the head of an answer to HEAD, which has no body`
    if (isBodiless(this.#status)) return `${more} after the head of a ${this.#status}, which has no body`
    if (headerOf(this.#headers, 'transfer-encoding') !== undefined) return `${more} after the last chunk`
    return `${more} than the ${this.#announced} of Content-Length`
  }

  /** Takes what it can of the bytes at hand; `false` when more are needed. */
  #step(): boolean {
    switch (this.#stage) {
      case 'head':
        return this.#readHead()
      case 'sized':
        return this.#take('done')
      case 'chunk':
        return this.#take('chunk-end')
      case 'size':
        return this.#readSize()
      case 'chunk-end':
        return this.#readChunkEnd()
      case 'trailers':
        return this.#readTrailer()
      case 'open':
        this.#keep(this.#rest)
        this.#rest = Buffer.alloc(0)
        return false
      case 'done':
        this.#extra += this.#rest.length
        this.#rest = Buffer.alloc(0)
        return false
    }
  }

  #readHead(): boolean {
    const [end, size] = endOfHead(this.#rest)
    if (end < 0) {
      if (this.#rest.length > maxHead) throw new NoAnswer(`its head is longer than ${maxHead} bytes`)
      return false
    }
    const lines = this.#rest.subarray(0, end).toString('latin1').split(/\r?\n/)
    this.#rest = this.#rest.subarray(end + size)
    const [, minor, status] = /^HTTP\/1\.([01]) (\d{3})(?: |$)/.exec(lines[0] ?? '') ?? []
    if (status === undefined) throw new NoAnswer(`it begins with ${shown(lines[0] ?? '')}, which is no status line`)
    this.#status = Number(status)
    this.#isCurrent = minor === '1'
    // What is said in between is no answer yet. Source: RFC 9110, section 15.2.
    if (this.#status < 200 && this.#status !== 101) return true
    for (const line of lines.slice(1)) this.#readField(line)
    this.#stage = this.#framing()
    return true
  }

  #readField(line: string): void {
    const end = line.indexOf(':')
    const name = line.slice(0, Math.max(0, end))
    if (token.test(name)) this.#headers.push(name, line.slice(end + 1).replace(blanksAround, ''))
    else this.#faults.push(`the line ${shown(line)} of its head is no header field`)
  }

  /** How the end of the body is found. Source: RFC 9112, section 6.3. */
  #framing(): Stage {
    const lengths = this.#headers.filter(
      (_, at) => this.#headers[at - 1]?.toLowerCase() === 'content-length' && at % 2 === 1,
    )
    const coding = headerOf(this.#headers, 'transfer-encoding')
    if (lengths.length > 1) this.#faults.push(`Content-Length came ${lengths.length} times: ${lengths.join(', ')}`)
    if (coding !== undefined && lengths.length > 0)
      this.#faults.push(`Transfer-Encoding: ${coding} came together with Content-Length: ${lengths.join(', ')}`)
    const [length] = lengths
    const isNumber = length === undefined || /^\d{1,15}$/.test(length)
    if (!isNumber) this.#faults.push(`Content-Length is ${shown(length)}, which is no number of bytes`)
    if (this.#method === 'HEAD' || isBodiless(this.#status)) return 'done'
    if (coding !== undefined) return /(^|,)\s*chunked\s*$/i.test(coding) ? 'size' : 'open'
    if (length === undefined || !isNumber) return 'open'
    this.#announced = Number(length)
    this.#missing = this.#announced
    return this.#missing === 0 ? 'done' : 'sized'
  }

  #take(next: Stage): boolean {
    const taken = this.#rest.subarray(0, this.#missing)
    this.#keep(taken)
    this.#missing -= taken.length
    this.#rest = this.#rest.subarray(taken.length)
    if (this.#missing === 0) this.#stage = next
    return true
  }

  #keep(bytes: Buffer): void {
    this.#length += bytes.length
    if (this.#length > this.#bodyLimit) throw new NoAnswer(`its body is longer than ${this.#bodyLimit} bytes`)
    this.#body.push(bytes)
  }

  #readLine(): string | undefined {
    const end = this.#rest.indexOf(0x0a)
    if (end < 0) {
      if (this.#rest.length > maxHead) throw new NoAnswer('a line of its chunked body does not end')
      return undefined
    }
    const line = this.#rest.subarray(0, end).toString('latin1').replace(/\r$/, '')
    this.#rest = this.#rest.subarray(end + 1)
    return line
  }

  #readSize(): boolean {
    const line = this.#readLine()
    if (line === undefined) return false
    const [, digits] = /^([0-9a-f]{1,8})[ \t]*(?:;.*)?$/i.exec(line) ?? []
    if (digits === undefined)
      throw new NoAnswer(`its body is not chunked as it says: ${shown(line)} stands where the size of a chunk belongs`)
    this.#missing = Number.parseInt(digits, 16)
    this.#stage = this.#missing === 0 ? 'trailers' : 'chunk'
    return true
  }

  #readChunkEnd(): boolean {
    const line = this.#readLine()
    if (line === undefined) return false
    if (line !== '') throw new NoAnswer(`its body is not chunked as it says: ${shown(line)} stands where a chunk ends`)
    this.#stage = 'size'
    return true
  }

  #readTrailer(): boolean {
    const line = this.#readLine()
    if (line === undefined) return false
    if (line === '') this.#stage = 'done'
    return true
  }
}

/** Where the empty line is that ends the head, and how long it is. */
function endOfHead(bytes: Buffer): readonly [at: number, size: number] {
  const strict = bytes.indexOf('\r\n\r\n')
  const loose = bytes.indexOf('\n\n')
  return loose >= 0 && (strict < 0 || loose < strict) ? [loose, 2] : [strict, 4]
}

function isBodiless(status: number): boolean {
  return status === 204 || status === 304 || status < 200
}

function shown(text: string | Buffer): string {
  return JSON.stringify(text.toString('latin1').slice(0, 60))
}
