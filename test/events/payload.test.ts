import { describe, expect, it } from 'vitest'
import { createMock } from '../../src/index.ts'
import { mockOf, receiver, register } from './kit.ts'

async function told(
  trigger: Parameters<Awaited<ReturnType<typeof createMock>>['trigger']>[1],
  event = 'messages.upsert',
) {
  await using mock = await createMock(undefined, { seed: 'a' })
  await using here = await receiver()
  await register(mock, here.url)
  await mock.trigger(event, trigger)
  return here.got.map(({ text }) => JSON.parse(text))
}

describe('the payload of an event', () => {
  it('is the documented example', async () => {
    expect(await told({})).toMatchObject([{ data: { pushName: 'Marina Lopes' } }])
  })

  it('is joined with what is given', async () => {
    expect(await told({ data: { data: { pushName: 'Ana', content: { text: 'x' } } } })).toMatchObject([
      { event: 'messages.upsert', data: { pushName: 'Ana', content: { text: 'x' }, source: 'android' } },
    ])
  })

  it('takes null where null is given, and a list as a whole', async () => {
    const [got] = await told({ data: { instance: { WhatsApp: null } } })
    expect(got.instance.WhatsApp).toBeNull()
    const [set] = await told({ data: { data: [] } }, 'messages.set')
    expect(set.data).toEqual([])
  })

  it('is set at places', async () => {
    const set = [
      { path: 'data.pushName', value: 'Ana' },
      { path: 'data.content["a.b"].c', value: [1] },
      { path: 'data.content["a.b"].c[1]', value: 2 },
      { path: 'data.content.list[0].x', value: 3 },
    ]
    const content = { 'a.b': { c: [1, 2] }, list: [{ x: 3 }] }
    expect(await told({ set })).toMatchObject([{ data: { pushName: 'Ana', content } }])
  })

  it('is made up when asked, each time another, and the same for the same seed', async () => {
    const [one, two] = await told({ dynamic: true, count: 2 })
    expect(one).not.toEqual(two)
    expect(one.event).toBe('messages.upsert')
    expect(await told({ dynamic: true, count: 2 })).toEqual([one, two])
  })

  it('is refused with the place in the document when the document does not allow it', async () => {
    await using mock = await createMock()
    const refused = await mock.trigger('messages.upsert', { data: { data: { source: 'fax' } } }).catch(error => error)
    expect(refused.message).toMatch(
      /^The payload is not what the document says: messagesUpsert: data\.source .*payloads\.yaml:\d+:\d+\)$/,
    )
    expect(refused.findings).toMatchObject([
      {
        code: 'event-invalid',
        operation: 'onMessagesUpsert',
        pointer: expect.stringContaining('source'),
        position: { file: expect.stringMatching(/payloads\.yaml$/), line: expect.any(Number) },
      },
    ])
  })

  it('is sent all the same when asked', async () => {
    expect(await told({ data: { data: { source: 'fax' } }, unchecked: true })).toMatchObject([
      { data: { source: 'fax' } },
    ])
  })

  it.each(['', '.', 'a..b', 'a[', 'a[x]', '[9]b', 'data.'])('is not set at "%s", which is no path', async path => {
    await using mock = await createMock()
    await expect(mock.trigger('messages.upsert', { set: [{ path, value: 1 }] })).rejects.toThrow(
      /is no path|names item/,
    )
  })

  it.each([
    ['data.content.list[1]', 'names item 1 of a list that has 0'],
    ['data[0]', 'names item 0 of what is no list'],
  ])('is not set at %s, which %s', async (path, says) => {
    await using mock = await createMock()
    await expect(mock.trigger('messages.upsert', { set: [{ path, value: 1 }] })).rejects.toThrow(says)
  })

  it('is not set far behind the end of a list', async () => {
    await using mock = await createMock()
    const set = [{ path: 'data[999999999]', value: 1 }]
    await expect(mock.trigger('messages.set', { set })).rejects.toThrow(/names item 999999999 of a list/)
  })

  it('has a member of the name __proto__ and harms nobody', async () => {
    const set = [{ path: '__proto__.polluted', value: true }]
    const [got] = await told({ set, data: JSON.parse('{"__proto__": {"a": 1}}') })
    expect(Object.keys(got)).toContain('__proto__')
    expect({}).not.toHaveProperty('polluted')
  })

  it.each([0, -1, 1.5, 10_001, Number.NaN])('is not sent %d times', async count => {
    await using mock = await createMock()
    await expect(mock.trigger('messages.upsert', { count })).rejects.toThrow(/is not a number of events/)
  })
})

describe('events of other documents', () => {
  it('have forms, header and query parameters as they say, and no credentials of ours', async () => {
    await using here = await receiver()
    const document = `
security: [ { key: [] } ]
components: { securitySchemes: { key: { type: http, scheme: bearer } } }
paths: {}
webhooks:
  paid:
    put:
      security: [ { key: [] } ]
      parameters:
        - { name: X-Shop, in: header, required: true, schema: { type: string }, example: mine }
        - { name: mode, in: query, required: true, schema: { type: string, enum: [ live ] } }
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema: { type: object, required: [ amount ], properties: { amount: { type: integer, minimum: 5, maximum: 5 } } }
      responses: { 200: { description: ok } }
`
    await using mock = await mockOf(document, { events: { webhookUrl: `${here.url}/x?y=1` } })
    expect((await mock.trigger('paid')).deliveries).toMatchObject([{ state: 'delivered' }])
    expect(here.got[0]).toMatchObject({ method: 'PUT', url: '/x?y=1&mode=live', text: 'amount=5' })
    expect(here.got[0]?.headers).toMatchObject({
      'x-shop': 'mine',
      'content-type': 'application/x-www-form-urlencoded',
      'webhook-id': expect.stringMatching(/^msg_/),
    })
    expect(here.got[0]?.headers.authorization).toBeUndefined()
  })

  it('may have no payload', async () => {
    await using here = await receiver()
    const document = 'paths: {}\nwebhooks: { ping: { get: { responses: { 200: { description: ok } } } } }'
    await using mock = await mockOf(document, { events: { webhookUrl: here.url } })
    await mock.trigger('ping')
    expect(here.got[0]).toMatchObject({ method: 'GET', text: '' })
  })

  it('may not be there at all', async () => {
    await using mock = await mockOf('paths: {}')
    await expect(mock.trigger('ping')).rejects.toMatchObject({ help: expect.stringContaining('It describes none') })
  })

  it('are refused a profile, a secret or an address that cannot be used, at the start', async () => {
    for (const events of [
      { profile: 'pigeon' },
      { secret: 'whsec_?' },
      { webhookUrl: 'x' },
      { allowTargets: ['::/0'] },
    ]) {
      await expect(mockOf('paths: {}', { events })).rejects.toMatchObject({ name: 'Trouble', exitCode: 2 })
    }
  })
})
