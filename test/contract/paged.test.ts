import { describe, expect, it } from 'vitest'
import { type ContractOptions, runContract } from '../../src/contract/index.ts'
import type { HttpRequest, HttpResponse } from '../../src/http/index.ts'
import { apiOf } from '../kit/index.ts'

/** Books in pages; nothing but names says what a parameter is for. */
const document = `
security: []
paths:
  /books:
    get:
      operationId: list
      parameters:
        - { name: limit, in: query, schema: { type: integer, minimum: 1, maximum: 5, default: 2 } }
        - { name: offset, in: query, schema: { type: integer, minimum: 0 } }
        - { name: genre, in: query, schema: &genre { type: string, enum: [ novel, poetry ] } }
      responses: { '200': { description: A page., content: { application/json: { schema: { type: array, items: &book {
        type: object, required: [ id, title ], properties: { id: { type: integer }, title: { type: string }, genre: *genre, note: &note { type: [ string, 'null' ] }, tags: &tags { type: array, items: { type: string } } } } } } } } }
    post:
      operationId: create
      requestBody: &input { required: true, content: { application/json: { schema: { type: object, required: [ title ], properties: { title: { type: string, maxLength: 100 }, genre: *genre, note: *note, isbn: { type: string, pattern: '^\\d{3}$' }, day: { type: string, format: date }, tags: *tags } }, example: { title: Nile, genre: novel, isbn: '978', day: '2024-02-29' } } } }
      responses: { '201': { description: Made., content: { application/json: { schema: *book } } }, '400': { description: Wrong. } }
  /books/{id}:
    parameters: [ { name: id, in: path, required: true, schema: { type: integer } } ]
    get: { operationId: read, responses: { '200': { description: One., content: { application/json: { schema: *book } } }, '404': { description: None. } } }
    put: { operationId: replace, requestBody: *input, responses: { '200': { description: One., content: { application/json: { schema: *book } } }, '400': { description: Wrong. }, '404': { description: None. } } }
    delete: { operationId: remove, responses: { '204': { description: Gone. }, '404': { description: None. } } }
`

type Book = Readonly<Record<string, unknown>>
type Steps = {
  readonly page: (books: readonly Book[], limit: number, offset: number) => readonly Book[]
  readonly ofGenre: (book: Book, genre: string | null) => boolean
  readonly create: (sent: Book) => Book
  readonly replace: (old: Book, sent: Book) => Book
  readonly remove: (books: Map<number, Book>, id: number) => void
  readonly location: (id: number) => string
  readonly isbn: RegExp
  readonly isDay: (text: string) => boolean
}

const right: Steps = {
  page: (books, limit, offset) => books.slice(offset, offset + limit),
  ofGenre: (book, genre) => genre === null || book.genre === genre,
  create: sent => sent,
  replace: (_, sent) => sent,
  remove: (books, id) => {
    books.delete(id)
  },
  location: id => `/books/${id}`,
  isbn: /^\d{3}$(?!\n)/,
  isDay: text => /^\d{4}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text),
}

function isGood(sent: unknown, { isbn, isDay }: Steps): sent is Book {
  if (typeof sent !== 'object' || sent === null || Array.isArray(sent)) return false
  const { title, genre, note, isbn: number, day, tags } = sent as Book
  const isText = (value: unknown): value is string => typeof value === 'string'
  const isFine = (value: unknown, fits: (text: string) => boolean): boolean =>
    value === undefined || (isText(value) && fits(value))
  return (
    isText(title) &&
    [...title].length <= 100 &&
    isFine(genre, text => ['novel', 'poetry'].includes(text)) &&
    (note === null || isFine(note, () => true)) &&
    isFine(number, text => isbn.test(text)) &&
    isFine(day, text => !Number.isNaN(Date.parse(text)) && isDay(text)) &&
    (tags === undefined || (Array.isArray(tags) && tags.every(isText)))
  )
}

function library(steps: Steps): (request: HttpRequest) => HttpResponse {
  const books = new Map<number, Book>()
  let last = 0
  const answer = (status: number, value?: unknown, headers: readonly string[] = []): HttpResponse => ({
    status,
    headers: value === undefined ? headers : ['content-type', 'application/json', ...headers],
    body: value === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(value)),
  })
  const parsed = (body: Uint8Array): unknown => {
    try {
      return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
    } catch {
      return undefined
    }
  }
  return ({ method, target, body }) => {
    const { pathname, searchParams: query } = new URL(target, 'http://x')
    const [, id] = /^\/books(?:\/(.+))?$/.exec(pathname) ?? []
    if (!/^\/books(\/|$)/.test(pathname)) return answer(404)
    if (id === undefined) {
      if (method === 'GET') {
        const found = [...books.values()].filter(book => steps.ofGenre(book, query.get('genre')))
        return answer(200, steps.page(found, Number(query.get('limit') ?? 2), Number(query.get('offset') ?? 0)))
      }
      if (method !== 'POST') return answer(405, undefined, ['allow', 'GET, POST'])
      const sent = parsed(body)
      if (!isGood(sent, steps)) return answer(400)
      last += 1
      const book = { ...steps.create(sent), id: last }
      books.set(last, book)
      return answer(201, book, ['location', steps.location(last)])
    }
    if (!['GET', 'PUT', 'DELETE'].includes(method)) return answer(405, undefined, ['allow', 'GET, PUT, DELETE'])
    const old = /^\d+$/.test(id) ? books.get(Number(id)) : undefined
    if (old === undefined) return answer(404)
    if (method === 'DELETE') {
      steps.remove(books, Number(id))
      return answer(204)
    }
    if (method === 'GET') return answer(200, old)
    const sent = parsed(body)
    if (!isGood(sent, steps)) return answer(400)
    const next = { ...steps.replace(old, sent), id: old.id }
    books.set(Number(id), next)
    return answer(200, next)
  }
}

const travelling: ContractOptions = { phases: ['examples', 'journeys'] }
const breaking: ContractOptions = { phases: ['examples', 'invalid'], include: ['create'] }

async function messages(change: Partial<Steps>, options: ContractOptions = travelling): Promise<string> {
  const answer = library({ ...right, ...change })
  const { findings } = await runContract(await apiOf(document), async request => answer(request), options)
  return findings.map(({ message }) => message).join('\n')
}

describe('a list in pages', () => {
  it('that is right is not accused', async () => {
    expect(await messages({})).toBe('')
  })

  it.each<[string, Partial<Steps>, string]>([
    ['one entry too many', { page: (books, limit, at) => books.slice(at, at + limit + 1) }, 'listed 2 with limit=1'],
    ['pages for entries', { page: (books, limit, at) => books.slice(at * limit, at * limit + limit) }, 'offset=1'],
    [
      'no entry on its last page',
      { page: (books, limit, at) => books.slice(0, -1).slice(at, at + limit) },
      'not at all',
    ],
    ['other genres', { ofGenre: () => true }, 'where genre=poetry was asked for'],
    ['what was removed', { remove: () => undefined, location: () => '' }, 'after remove had removed it'],
    [
      'the book before at Location',
      { location: id => `/books/${Math.max(1, id - 1)}` },
      'create answered with Location',
    ],
    [
      'what was not sent, after it was replaced',
      { replace: (old, sent) => ({ ...old, ...sent }) },
      'replaced the thing',
    ],
    ['a text for null', { create: sent => ({ ...sent, ...(sent.note === null && { note: '' }) }) }, 'note: ""'],
    [
      'tags apart',
      { create: sent => ({ ...sent, ...(sent.tags ? { tags: String(sent.tags).split(',') } : {}) }) },
      'tags',
    ],
  ])('is noticed where it has %s', async (_, change, says) => {
    expect(await messages(change)).toContain(says)
  })

  it('takes what is of a pattern and a format, and nothing that nearly is', async () => {
    expect(await messages({}, breaking)).toBe('')
    expect(await messages({ isbn: /\d{3}/ }, breaking)).toContain('with more before it')
    expect(await messages({ isbn: /^\d{3}\n?$/ }, breaking)).toContain('a line break behind it')
    expect(await messages({ isDay: () => true }, breaking)).toContain('nearly of its format')
  })
})
