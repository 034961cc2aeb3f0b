import { createHmac } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { receiver } from '../events/kit.ts'
import { contrato, freePort, interrupt, startMock, temporaryFolder } from './kit.ts'

const path1 = '/api/v2/instance/inst-1/webhook'

async function register(mock: string, url: string): Promise<void> {
  const response = await fetch(`${mock}${path1}`, {
    method: 'POST',
    headers: { authorization: 'Bearer any', 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'CRM', url, enabled: true }),
  })
  expect(response.status).toBe(201)
}

describe('contrato trigger', () => {
  it('makes the mock call who registered, and shows what became of it', async () => {
    await using here = await receiver((_, count) => ({ status: count === 4 || count === 34 ? 500 : 200 }))
    const mock = await startMock([])
    expect((await contrato(['trigger', '--url', mock.url])).out).toContain('messages.upsert')
    const nobody = await contrato(['trigger', 'messages.upsert', '--url', mock.url])
    expect(nobody).toMatchObject({ code: 1, out: expect.stringContaining('Nobody asked for messagesUpsert') })
    await register(mock.url, `${here.url}/hook`)
    const set = [
      '--set',
      'data.pushName=Ana',
      '--set',
      'data.messageTimestamp=5',
      '--data',
      '{"data":{"source":"web"}}',
    ]
    const { code, out } = await contrato(['trigger', 'messages.upsert', '--url', mock.url, '--count', '3', ...set])
    expect(out).toMatch(new RegExp(`^(✔ messagesUpsert → ${here.url}/hook: answered 200 \\(\\d+ ms\\)\n){3}$`))
    expect(code).toBe(0)
    await mock.printed(new RegExp(`^ *\\d+\\.\\d ms 200 → POST ${here.url}/hook messagesUpsert\n`, 'm'))
    expect(JSON.parse(here.got[0]?.text ?? '')).toMatchObject({
      data: { pushName: 'Ana', messageTimestamp: 5, source: 'web' },
    })
    const many = await contrato(['trigger', 'messages.upsert', '--url', mock.url, '--count', '30'])
    expect(many.out.split('\n').sort()).toEqual([
      '',
      `✔ messagesUpsert → ${here.url}/hook: answered 200, 29 times`,
      `✖ messagesUpsert → ${here.url}/hook: answered 500, which is no success`,
    ])
    const failed = await contrato(['trigger', 'messages.upsert', '--url', mock.url, '--json'])
    expect(failed.code).toBe(1)
    expect(JSON.parse(failed.out)).toMatchObject({ deliveries: [{ state: 'failed', attempts: [{ status: 500 }] }] })
    await interrupt(mock)
  })

  it('refuses a payload that the document does not allow, with the place', async () => {
    await using place = await temporaryFolder()
    const mock = await startMock([])
    const file = path.join(place.folder, 'payload.json')
    await writeFile(file, '{"data":{"source":"fax"}}')
    const order = ['trigger', 'messages.upsert', '--url', mock.url, '--data', `@${file}`]
    const refused = await contrato(order)
    expect(refused).toMatchObject({
      code: 2,
      err: expect.stringMatching(/payloads\.yaml:\d+:\d+\n.*data\.source must be one of/),
    })
    expect(await contrato([...order, '--unchecked'])).toMatchObject({ code: 1, err: '' })
    await interrupt(mock)
  })

  it.each([
    [['x', '--set', 'a'], 2, '--set a sets nothing'],
    [['x', '--data', '{'], 2, '--data is not JSON: --data:1:2: it ends too early'],
    [['x', '--data', '{"a":\n  fax}'], 2, '--data is not JSON: --data:2:3: fax} cannot stand there'],
    [['x', '--data', '@/nowhere.json'], 4, 'Cannot read /nowhere.json'],
    [['x', '--count', 'many'], 2, '--count many is not a number'],
    [['x', '--url', 'mock'], 2, 'mock is not an http or https URL'],
    [['x', '--url', 'http://127.0.0.1:1'], 3, 'No mock answers at http://127.0.0.1:1'],
  ])('says what is wrong with %j', async (args, code, says) => {
    expect(await contrato(['trigger', ...args])).toMatchObject({ code, err: expect.stringContaining(says) })
  })

  it('says that a server is no mock, or one that sends no events', async () => {
    await using here = await receiver(() => ({ status: 404, body: 'no' }))
    const elsewhere = await contrato(['trigger', 'x', '--url', here.url])
    expect(elsewhere).toMatchObject({ code: 3, err: expect.stringContaining('is no mock that sends events') })
  })
})

describe('contrato mock', () => {
  it('keeps every attempt in a file, though it is killed', async () => {
    await using here = await receiver(() => ({ status: 503, headers: { 'set-cookie': 'a=secret' } }))
    await using place = await temporaryFolder()
    const file = path.join(place.folder, 'deliveries.jsonl')
    const mock = await startMock(['--deliveries', file, '--delivery', 'standard-webhooks'])
    await register(mock.url, `${here.url}/hook?token=secret`)
    await contrato(['trigger', 'messages.upsert', '--url', mock.url])
    mock.child.kill('SIGKILL')
    await mock.ended
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n')
    expect(lines.map(line => JSON.parse(line))).toMatchObject([
      {
        delivery: 'dlv_1',
        event: 'messagesUpsert',
        attempt: 1,
        status: 503,
        state: 'waiting',
        nextAt: expect.any(String),
      },
    ])
    expect(lines.join()).not.toContain('secret')
  })

  it('does not start when it cannot write there', async () => {
    const outcome = await contrato(['mock', '--port', '0', '--deliveries', '/nowhere/a.jsonl'])
    expect(outcome).toMatchObject({ code: 4, err: expect.stringContaining('Cannot write /nowhere/a.jsonl') })
  })

  it('signs with what a variable holds', async () => {
    await using here = await receiver()
    const flags = ['--quiet', '--delivery', 'github', '--webhook-secret-env', 'SIGNS']
    const mock = await startMock(flags, { env: { SIGNS: 'it is a secret' } })
    await register(mock.url, here.url)
    expect((await contrato(['trigger', 'messages.upsert', '--url', mock.url])).code).toBe(0)
    const [got] = here.got
    const signature = createHmac('sha256', 'it is a secret')
      .update(got?.text ?? '')
      .digest('hex')
    expect(got?.headers['x-hub-signature-256']).toBe(`sha256=${signature}`)
    expect((await interrupt(mock)).out).not.toContain('secret')
  })

  it('says that several workers send no events', async () => {
    const mock = await startMock(['--workers', '2'])
    await mock.printed(/It sends no events: each worker would know a part of who asked/)
    await interrupt(mock)
  })

  it.each([
    [['--delivery', 'pigeon'], 'pigeon is not a way to deliver events'],
    [['--delivery', 'standard-webhooks', '--webhook-secret', 'whsec_?'], 'The secret cannot be used'],
    [['--webhook-secret', 'a', '--webhook-secret-env', 'HOME'], '--webhook-secret-env are two secrets'],
    [['--webhook-secret-env', 'NOBODY_SET_THIS'], 'NOBODY_SET_THIS is not set'],
    [['--webhook-url', 'here'], 'here is not an http or https URL'],
    [['--allow-target', '0.0.0.0/0'], 'are never called'],
    [['--deliveries', 'a.jsonl', '--workers', '2'], 'Events are sent by one process only'],
    [['--allow-target', '10.0.0.0/8', '--workers', '2'], 'Events are sent by one process only'],
  ])('does not start with %j', async (flags, says) => {
    const outcome = await contrato(['mock', '--port', String(await freePort()), ...flags])
    expect(outcome).toMatchObject({ code: 2, err: expect.stringContaining(says) })
  })

  it('keeps who registered through an edit of the document, of two documents served together', async () => {
    await using here = await receiver()
    await using place = await temporaryFolder()
    const document = (title: string, name: string): string => `
openapi: 3.1.0
info: { title: ${title}, version: '1' }
paths:
  /${name}:
    post:
      operationId: ${name}
      requestBody: { content: { application/json: { schema: { type: object } } } }
      responses: { '201': { description: Made } }
      callbacks: { ${name}Happened: { '{$request.body#/url}': { post: { responses: { 200: { description: ok } } } } } }
`
    const files = ['one', 'two'].map(name => path.join(place.folder, `${name}.yaml`))
    await writeFile(files[0] as string, document('One', 'one'))
    await writeFile(files[1] as string, document('Two', 'two'))
    const mock = await startMock([...files, '--watch'])
    await fetch(`${mock.url}/two`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ url: here.url }),
    })
    expect((await contrato(['trigger', 'twoHappened', '--url', mock.url])).code).toBe(0)
    await writeFile(files[1] as string, document('Two again', 'two'))
    await mock.printed(/reloaded/)
    expect((await contrato(['trigger', 'twoHappened', '--url', mock.url])).code).toBe(0)
    expect(here.got).toHaveLength(2)
    await interrupt(mock)
  })
})
