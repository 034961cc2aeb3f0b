import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { receiver } from '../events/kit.ts'
import { raw } from '../server/kit.ts'
import { contrato, freePort, interrupt, project, type Running, start, startMock, temporaryFolder } from './kit.ts'

async function startListening(args: readonly string[]): Promise<Running & { readonly url: string }> {
  const running = start(process.execPath, [path.join(project, 'dist/cli.js'), 'listen', '--port', '0', ...args])
  const [url] = await running.printed(/http:\/\/127\.0\.0\.1:\d+/)
  return { ...running, url }
}

const fields = { 'content-type': 'application/json', 'x-businessid': 'b', 'x-instanceid': 'i', 'x-whatsappid': '' }

function post(url: string, body: unknown, headers: Record<string, string> = fields): Promise<Response> {
  return fetch(url, { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) })
}

describe('contrato listen', () => {
  it('has no complaint about any event of the mock', async () => {
    const listening = await startListening([])
    const mock = await startMock([])
    await fetch(`${mock.url}/api/v2/instance/inst-1/webhook`, {
      method: 'POST',
      headers: { authorization: 'Bearer any', 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'CRM', url: `${listening.url}/hook`, enabled: true }),
    })
    const events = (await (await fetch(`${mock.url}/__contrato/events`)).json()) as { event: string }[]
    expect(events).toHaveLength(19)
    for (const { event } of events) {
      const order = { event, dynamic: event.length % 2 === 0 }
      const response = await post(`${mock.url}/__contrato/events`, order)
      expect(await response.json(), event).toMatchObject({ deliveries: [{ state: 'delivered' }] })
    }
    const { code, out, err } = await interrupt(listening)
    expect(out.match(/✔/g), out).toHaveLength(19)
    expect(err).toContain('19 events, 0 findings')
    expect(code).toBe(0)
    await interrupt(mock)
  })

  it('names what is wrong with an event, with the place in the document', async () => {
    const listening = await startListening(['--count', '5'])
    await post(listening.url, { event: 'connection.update', data: { state: 'asleep' } })
    await post(listening.url, { event: 'connection.update' }, { 'content-type': 'application/json' })
    await post(listening.url, { event: 'moon.rise' })
    await post(listening.url, '{"event":')
    await fetch(listening.url, { method: 'PUT', headers: fields, body: '{"event":"chats.set","data":[]}' })
    const { code, out } = await listening.ended
    expect(out).toMatch(
      /✖ connectionUpdate POST \/\nerror event-invalid .*payloads\.yaml:\d+:\d+\n.*data\.state: must be one of/,
    )
    expect(out).toMatch(/x-businessId.* is required/)
    expect(out).toContain('is called moon.rise, which is none of the 19 events')
    expect(out).toContain('came as PUT instead of POST')
    expect(code).toBe(1)
  })

  it('tells a program, line by line and as a report', async () => {
    await using place = await temporaryFolder()
    const file = path.join(place.folder, 'report.json')
    const listening = await startListening(['--count', '1', '--json', '--reporter', `json=${file}`])
    await post(
      `${listening.url}/hook?apikey=secret`,
      { event: 'chats.set', data: 5 },
      { ...fields, authorization: 'Bearer secret' },
    )
    const { code, out } = await listening.ended
    expect(JSON.parse(out)).toMatchObject({ event: 'chatsSet', method: 'POST', findings: [{ code: 'event-invalid' }] })
    expect(out).not.toContain('secret')
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({
      command: 'listen',
      findings: [{ code: 'event-invalid' }],
    })
    expect(code).toBe(1)
  })

  it('passes events on, and the answer back', async () => {
    await using here = await receiver(() => ({ status: 202, body: 'taken' }))
    const listening = await startListening(['--forward', `${here.url}/mine?x=1`, '--count', '1'])
    const response = await post(`${listening.url}/hook`, { event: 'chats.set', data: [] })
    expect([response.status, await response.text()]).toEqual([202, 'taken'])
    expect(here.got[0]).toMatchObject({ method: 'POST', text: '{"event":"chats.set","data":[]}' })
    expect(here.got[0]?.url).toBe('/mine?x=1')
    expect((await listening.ended).code).toBe(0)
  })

  it('passes on what is meant for the receiver, and no fields of the connection', async () => {
    await using here = await receiver(() => ({
      headers: { 'x-answer': '1', connection: 'close, x-hop', 'x-hop': '1' },
    }))
    const listening = await startListening(['--forward', here.url, '--count', '1'])
    const { host, port } = new URL(listening.url)
    const answer = await raw(
      Number(port),
      `POST /hook?a=1 HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nX-Keep: 1\r\nConnection: close, X-Drop\r\nX-Drop: 1\r\nTE: trailers\r\nContent-Length: 2\r\n\r\n{}`,
    )
    expect(here.got[0]).toMatchObject({ url: '/hook?a=1', text: '{}', headers: { 'x-keep': '1' } })
    expect(here.got[0]?.headers).not.toHaveProperty('x-drop')
    expect(here.got[0]?.headers).not.toHaveProperty('te')
    expect(answer).toMatch(/x-answer: 1/i)
    expect(answer).not.toMatch(/x-hop/i)
    await listening.ended
  })

  it('tells the sender and its own user that the receiver behind it is down', async () => {
    const listening = await startListening(['--forward', `http://127.0.0.1:${await freePort()}`, '--count', '1'])
    const response = await post(listening.url, { event: 'chats.set', data: [] })
    expect(response.status).toBe(502)
    expect(await response.json()).toMatchObject({ detail: expect.stringContaining('ECONNREFUSED') })
    expect((await listening.ended).err).toContain('cannot be reached: connect ECONNREFUSED')
  })

  it('reads what is packed, and recognizes an event under another media type', async () => {
    const listening = await startListening(['--count', '2'])
    const body = gzipSync('{"event":"chats.set","data":[]}')
    await fetch(listening.url, { method: 'POST', headers: { ...fields, 'content-encoding': 'gzip' }, body })
    await post(listening.url, { event: 'chats.set', data: [] }, { ...fields, 'content-type': 'text/plain' })
    const { out } = await listening.ended
    expect(out).toMatch(/^✔ chatsSet POST \/\n✖ chatsSet POST \/\n/)
    expect(out).toContain('Content-Type: text/plain is not supported')
  })

  it('says of what is no event why it fits none', async () => {
    const listening = await startListening(['--count', '3'])
    await fetch(`${listening.url}/favicon.ico`)
    await post(listening.url, '{"event":')
    await post(listening.url, `"${'x'.repeat(17_000_000)}"`)
    const { out, code } = await listening.ended
    expect(out).toMatch(/fits none of the 19 events.*: came as GET instead of POST; /)
    expect(out).toMatch(/: body: is not valid JSON: it ends too early/)
    expect(out).toMatch(/: body: is longer than 16777216 bytes/)
    expect(code).toBe(1)
  })

  it('tells of an event that breaks off, and of a sender that does not wait', async () => {
    await using slow = await receiver(() => new Promise(resolve => setTimeout(() => resolve({}), 500)))
    const listening = await startListening(['--forward', slow.url])
    const { port } = new URL(listening.url)
    const head = 'POST /hook?token=abc HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'
    const hangUp = async (text: string): Promise<void> => {
      const socket = connect(Number(port), '127.0.0.1')
      await new Promise<void>(resolve => socket.write(text, () => resolve()))
      setTimeout(() => socket.destroy(), 100)
    }
    await hangUp(`${head}Content-Length: 40\r\n\r\n{"event":`)
    await hangUp(`${head}Transfer-Encoding: chunked\r\n\r\n5\r\n{"eve`)
    await hangUp(`${head}Content-Length: 21\r\n\r\n{"event":"moon.rise"}`)
    await expect.poll(listening.err).toContain('the sender hung up before it was answered')
    const { code, out, err } = await interrupt(listening)
    expect(out).toContain('An event broke off after 9 of 40 bytes of its body')
    expect(out).toContain('An event broke off after 5 bytes of its body')
    expect(out).not.toContain('abc')
    expect(err).toContain('1 event, ')
    expect(code).toBe(1)
  })

  it('prints no secret of its address', async () => {
    const listening = await startListening(['--json', '--count', '1'])
    await post(`${listening.url}/hook?sig=hidden99&page=2`, { event: 'moon.rise' })
    const { out } = await listening.ended
    expect(JSON.parse(out).target).toBe('/hook?sig=$TOKEN&page=2')
  })

  it('does not pass events on to itself', async () => {
    const port = await freePort()
    const outcome = await contrato(['listen', '--port', String(port), '--forward', `http://localhost:${port}/x`])
    expect(outcome).toMatchObject({ code: 2, err: expect.stringContaining('leads to contrato listen itself') })
  })

  it('takes the secret from the environment', async () => {
    const outcome = await contrato(['listen', '--secret-env', 'NOBODY_SET_THIS'])
    expect(outcome).toMatchObject({ code: 2, err: expect.stringContaining('NOBODY_SET_THIS is not set') })
  })

  it('verifies signatures', async () => {
    const listening = await startListening(['--delivery', 'standard-webhooks', '--count', '1'])
    await post(listening.url, { event: 'chats.set', data: [] })
    const { code, out } = await listening.ended
    expect(out).toContain('error event-unsigned')
    expect(out).toContain('the field webhook-id is missing')
    expect(code).toBe(1)
  })

  it.each([
    [['--forward', 'there'], '--forward there is not an http or https URL'],
    [['--count', '0'], '--count 0 is not a number of events'],
    [['--port', '70000'], '70000 is not a port'],
    [['--delivery', 'pigeon'], 'pigeon is not a way to deliver events'],
    [['--delivery', 'standard-webhooks', '--secret', 'whsec_?'], 'The secret cannot be used for standard-webhooks'],
    [['--secret', 'a', '--secret-env', 'HOME'], 'are two secrets'],
    [['--reporter', 'pigeon'], 'pigeon is not a reporter'],
    [['--json', '--reporter', 'json'], 'both go to standard output'],
  ])('does not start with %j', async (flags, says) => {
    expect(await contrato(['listen', ...flags])).toMatchObject({ code: 2, err: expect.stringContaining(says) })
  })
})
