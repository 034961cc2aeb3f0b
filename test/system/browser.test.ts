import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { interrupt, type Running, start, temporaryFolder } from './kit.ts'

/** The browser of this machine: as named in CHROMIUM, else on the path. */
const executablePath =
  process.env.CHROMIUM ??
  (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap(folder => ['chromium', 'chromium-browser', 'google-chrome'].map(name => join(folder, name)))
    .find(existsSync)

const document = `openapi: 3.1.0
info: { title: Called by pages, version: '1' }
components:
  securitySchemes: { token: { type: http, scheme: bearer }, cookie: { type: apiKey, in: cookie, name: sid } }
paths:
  /things/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    get:
      responses:
        '200':
          description: one
          headers: { X-Total: { required: true, schema: { type: integer }, example: 7 } }
          content: { application/json: { example: { method: GET } } }
    put:
      security: [{ token: [] }]
      requestBody: { content: { application/json: { schema: { type: object, required: [name] } } } }
      responses:
        '200': { description: kept, content: { application/json: { example: { method: PUT } } } }
        '400': { description: bad, content: { application/json: { example: { wrong: true } } } }
        '401': { description: who, content: { application/json: { example: { who: true } } } }
    delete:
      security: [{ token: [] }]
      responses: { '204': { description: gone } }
`

type Asked = { status: number; body: unknown; total: string | null }

describe.skipIf(executablePath === undefined)(
  `a page on another origin${executablePath === undefined ? ' (skipped: no chromium on the path; name one in CHROMIUM)' : ''}`,
  () => {
    let browser: Browser
    let running: Running & { readonly url?: string }
    let url: string
    let ask: (path: string, init?: RequestInit) => Promise<Asked>
    const close: (() => PromiseLike<unknown>)[] = []

    describe.each<[string, readonly string[]]>([
      ['HTTP', []],
      ['HTTPS', ['--https']],
    ])('over %s', (_, flags) => {
      beforeAll(async () => {
        const place = await temporaryFolder()
        await writeFile(join(place.folder, 'api.yaml'), document)
        running = start(
          process.execPath,
          [join(process.cwd(), 'dist/cli.js'), 'mock', 'api.yaml', '-p', '0', ...flags],
          {
            cwd: place.folder,
          },
        )
        url = (await running.printed(/https?:\/\/127\.0\.0\.1:\d+/))[0]
        const site = createServer((_request, response) => {
          response.setHeader('content-type', 'text/html').end('<!doctype html><title>page</title>')
        })
        await new Promise<void>(resolve => site.listen(0, '127.0.0.1', resolve))
        browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] })
        const page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage()
        await page.goto(`http://localhost:${(site.address() as AddressInfo).port}/`)
        ask = (path, init = {}) =>
          page.evaluate(
            async ([address, options]) => {
              const response = await fetch(address, options)
              const text = await response.text()
              return {
                status: response.status,
                body: text === '' ? undefined : JSON.parse(text),
                total: response.headers.get('x-total'),
              }
            },
            [`${url}${path}`, init] as const,
          )
        close.push(
          () => browser.close(),
          () => new Promise(resolve => site.close(resolve)),
          () => interrupt(running),
          () => place[Symbol.asyncDispose](),
        )
      }, 60_000)

      afterAll(async () => {
        for (const step of close.splice(0)) await step()
      })

      const token = { authorization: 'Bearer any', 'x-custom': 'a' }

      it('reads an answer and the fields that the document adds, with credentials', async () => {
        const answer = { status: 200, body: { method: 'GET' }, total: '7' }
        expect(await ask('/things/1')).toEqual(answer)
        expect(await ask('/things/1', { credentials: 'include' })).toEqual(answer)
      })

      it('passes the preflight of PUT and DELETE with Authorization and a field of its own', async () => {
        const json = { ...token, 'content-type': 'application/json' }
        const put = { method: 'PUT', credentials: 'include', headers: json } as const
        expect(await ask('/things/1', { ...put, body: '{"name":"a"}' })).toMatchObject({
          status: 200,
          body: { method: 'PUT' },
        })
        expect(await ask('/things/1', { method: 'DELETE', credentials: 'include', headers: token })).toMatchObject({
          status: 204,
        })
      })

      it('reads refusals too: 400, 401, 404', async () => {
        const headers = { 'content-type': 'application/json' }
        const put = { method: 'PUT', credentials: 'include', headers } as const
        expect(await ask('/things/1', { ...put, headers: { ...headers, ...token }, body: '{}' })).toMatchObject({
          status: 400,
        })
        expect(await ask('/things/1', { ...put, body: '{"name":"a"}' })).toMatchObject({ status: 401 })
        expect(await ask('/nowhere', { ...put, body: '{}' })).toMatchObject({ status: 404, body: { status: 404 } })
      })
    })
  },
)
