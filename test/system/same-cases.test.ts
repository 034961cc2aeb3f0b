import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { project, start } from './kit.ts'

/** Tells the requests of a run against a mock that makes one mistake, in their order, and the ids of what was found. */
const program = `
const [face, seed, workers] = process.argv.slice(1)
const { Api, createMock, loadDocument, runContract, shippedDocument } = await import(face)
const api = new Api(await loadDocument(shippedDocument()))
const mock = await createMock(shippedDocument())
const requests = []
const target = async request => {
  requests.push([request.method, request.target, Buffer.from(request.body).toString('base64'), ...request.headers].join(' '))
  const { method, target, headers, body } = request
  const answer = await mock.fetch(new Request('http://mock' + target, {
    method,
    headers: headers.flatMap((name, at) => (at % 2 === 0 ? [[name, headers[at + 1]]] : [])),
    ...(body.length > 0 && { body }),
  }))
  const bytes = Buffer.from(await answer.arrayBuffer())
  const text = bytes.toString().replace('"enabled":true', '"enabled":"yes"')
  return { status: answer.status, headers: ['content-type', answer.headers.get('content-type') ?? ''], body: Buffer.from(text) }
}
const { findings } = await runContract(api, target, { seed: Number(seed), workers: Number(workers), infer: false, include: ['createWebhook', 'readWebhook'] })
process.stdout.write(JSON.stringify({ requests, ids: findings.map(({ code, caseId, message }) => [code, caseId, message].join(' ')) }))
`

type Told = { readonly requests: readonly string[]; readonly ids: readonly string[] }

async function toldBy(seed: number, workers: number): Promise<Told> {
  const face = pathToFileURL(path.join(project, 'dist/index.js')).href
  const args = ['--input-type=module', '-e', program, face, String(seed), String(workers)]
  const { code, out, err } = await start(process.execPath, args).ended
  expect({ code, err }).toEqual({ code: 0, err: '' })
  return JSON.parse(out) as Told
}

it('the cases of a run are the same in another process with the same seed, one at a time or eight, and others with another seed', {
  timeout: 60_000,
}, async () => {
  const [one, again, many, other] = await Promise.all([toldBy(7, 1), toldBy(7, 1), toldBy(7, 8), toldBy(8, 1)])
  expect(one.ids.length).toBeGreaterThan(0)
  expect(again).toEqual(one)
  expect(many.ids).toEqual(one.ids)
  expect(new Set(many.requests)).toEqual(new Set(one.requests))
  expect(other.requests).not.toEqual(one.requests)
})
