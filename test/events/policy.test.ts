import { networkInterfaces } from 'node:os'
import ipaddr from 'ipaddr.js'
import { describe, expect, it } from 'vitest'
import { blockOf, kindOf, neverIn } from '../../src/events/address.ts'
import { Policy } from '../../src/events/policy.ts'
import { sendPinned } from '../../src/events/send.ts'
import { createMock } from '../../src/index.ts'
import { receiver, register } from './kit.ts'

const resolve = async (host: string): Promise<string[]> => {
  const known: Record<string, string[]> = {
    'public.test': ['93.184.216.34'],
    'loopback.test': ['127.0.0.1'],
    'private.test': ['10.1.2.3'],
    'metadata.test': ['169.254.169.254'],
    'mixed.test': ['93.184.216.34', '169.254.169.254'],
    'zero.test': ['0.0.0.0'],
    localhost: ['127.0.0.1', '::1'],
    'metadata.google.internal': ['169.254.169.254'],
    'redis.test': ['10.9.9.9'],
  }
  return known[host] ?? []
}

async function verdict(url: string, options: ConstructorParameters<typeof Policy>[0] = {}): Promise<string> {
  return (await new Policy({ resolve, ...options }).judge(new URL(url))).kind
}

describe('an address', () => {
  it.each([
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['::1', 'loopback'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:7f00:1', 'loopback'],
    ['10.0.0.1', 'private'],
    ['172.16.0.1', 'private'],
    ['192.168.1.1', 'private'],
    ['::ffff:192.168.1.1', 'private'],
    ['100.64.0.1', 'private'],
    ['fd00::1', 'private'],
    ['8.8.8.8', 'public'],
    ['172.32.0.1', 'public'],
    ['2606:4700::1111', 'public'],
    ['0.0.0.0', 'never'],
    ['0.1.2.3', 'never'],
    ['::', 'never'],
    ['169.254.169.254', 'never'],
    ['::ffff:169.254.169.254', 'never'],
    ['::ffff:a9fe:a9fe', 'never'],
    ['::169.254.169.254', 'never'],
    ['::127.0.0.1', 'never'],
    ['::8.8.8.8', 'never'],
    ['64:ff9b::7f00:1', 'never'],
    ['64:ff9b::a9fe:a9fe', 'never'],
    ['64:ff9b:1::1', 'never'],
    ['2002:7f00:1::', 'never'],
    ['2002:a9fe:a9fe::', 'never'],
    ['2001:0:7f00:1::', 'never'],
    ['fe80::1', 'never'],
    ['fe80::1%eth0', 'never'],
    ['fec0::1', 'never'],
    ['ff02::1', 'never'],
    ['100.100.100.200', 'never'],
    ['168.63.129.16', 'never'],
    ['fd00:ec2::254', 'never'],
    ['192.0.0.192', 'never'],
    ['192.0.2.1', 'never'],
    ['198.18.0.1', 'never'],
    ['224.0.0.1', 'never'],
    ['240.0.0.1', 'never'],
    ['255.255.255.255', 'never'],
    ['2001:db8::1', 'never'],
    ['nonsense', 'never'],
  ])('%s is %s', (address, kind) => {
    expect(kindOf(address)).toBe(kind)
  })
})

describe('a mock that only this machine reaches', () => {
  it.each([
    ['http://127.0.0.1:9/', 'allowed'],
    ['http://localhost:9/', 'allowed'],
    ['http://LOCALHOST.:9/', 'allowed'],
    ['http://nobody.test/', 'unresolved'],
    ['http://private.test./', 'blocked'],
    ['http://metadata.google.internal/', 'blocked'],
    ['http://metadata.google.internal./', 'blocked'],
    ['http://127.0.0.1@169.254.169.254/', 'blocked'],
    ['http://169.254.169.254:80#@127.0.0.1/', 'blocked'],
    ['http://169.254.169.254./', 'blocked'],
    ['http://[::]/', 'blocked'],
    ['http://[::169.254.169.254]/', 'blocked'],
    ['http://[2002:a9fe:a9fe::1]/', 'blocked'],
    ['http://[2001:0:4136:e378:8000:63bf:5601:5601]/', 'blocked'],
    ['http://100.64.0.1/', 'blocked'],
    ['http://192.0.0.8/', 'blocked'],
    ['http://198.19.255.255/', 'blocked'],
    ['http://240.0.0.1/', 'blocked'],
    ['http://[::1]:9/', 'allowed'],
    ['http://loopback.test/', 'allowed'],
    ['https://public.test/', 'allowed'],
    ['http://8.8.8.8/', 'allowed'],
    ['http://10.0.0.1/', 'blocked'],
    ['http://private.test/', 'blocked'],
    ['http://metadata.test/', 'blocked'],
    ['http://mixed.test/', 'blocked'],
    ['http://zero.test/', 'blocked'],
    ['http://0/', 'blocked'],
    ['http://169.254.169.254/', 'blocked'],
    ['http://2852039166/', 'blocked'],
    ['http://0xa9fea9fe/', 'blocked'],
    ['http://0xa9.0xfe.0xa9.0xfe/', 'blocked'],
    ['http://0251.0376.0251.0376/', 'blocked'],
    ['http://169.254.43518/', 'blocked'],
    ['http://[::ffff:169.254.169.254]/', 'blocked'],
    ['http://[0:0:0:0:0:ffff:a9fe:a9fe]/', 'blocked'],
    ['http://[64:ff9b::169.254.169.254]/', 'blocked'],
    ['http://①⑥⑨.②⑤④.①⑥⑨.②⑤④/', 'blocked'],
    ['http://169。254。169。254/', 'blocked'],
    ['http://167772161/', 'blocked'],
    ['ftp://127.0.0.1/', 'blocked'],
  ])('%s is %s', async (url, kind) => {
    expect(await verdict(url)).toBe(kind)
  })

  it('calls what is listed, by block, address or name', async () => {
    expect(await verdict('http://10.1.2.3/', { allowTargets: ['10.0.0.0/8'] })).toBe('allowed')
    expect(await verdict('http://[::ffff:10.1.2.3]/', { allowTargets: ['10.0.0.0/8'] })).toBe('allowed')
    expect(await verdict('http://10.1.2.3/', { allowTargets: ['10.1.2.4'] })).toBe('blocked')
    expect(await verdict('http://private.test/', { allowTargets: ['private.test'] })).toBe('allowed')
    expect(await verdict('http://10.1.2.3/', { allowTargets: ['private.test'] })).toBe('blocked')
    expect(await verdict('http://metadata.test/', { allowTargets: ['metadata.test'] })).toBe('blocked')
  })

  it('knows a listed host by its name with the dot of the root, too', async () => {
    expect(await verdict('http://private.test./', { allowTargets: ['private.test'] })).toBe('allowed')
    expect(await verdict('http://private.test/', { allowTargets: ['private.test.'] })).toBe('allowed')
  })

  it('never calls its own servers, whatever is listed', async () => {
    const ownServers = [
      { what: 'the Redis of this mock', host: 'localhost', port: 6379 },
      { what: 'the Redis of this mock', host: 'redis.test', port: 6380 },
    ]
    const options = { ownServers, allowTargets: ['127.0.0.1', '10.0.0.0/8'] }
    expect(await verdict('http://127.0.0.2:6379/', options)).toBe('blocked')
    expect(await verdict('http://[::ffff:127.0.0.1]:6379/', options)).toBe('blocked')
    expect(await verdict('http://10.9.9.9:6380/', options)).toBe('blocked')
    expect(await verdict('http://10.9.9.9:6379/', options)).toBe('allowed')
    expect(await new Policy({ resolve, ...options }).judge(new URL('http://localhost:6379/'))).toEqual({
      kind: 'blocked',
      says: 'localhost port 6379 is the Redis of this mock, which is never called',
    })
  })

  it('calls its own port on other machines, and not on an address of this one', async () => {
    const options = { ownPort: 4010, boundTo: '0.0.0.0', allowTargets: ['203.0.114.0/24'] }
    expect(await verdict('http://203.0.114.9:4010/', options)).toBe('allowed')
    const own = Object.values(networkInterfaces()).flatMap(each => each ?? [])
    for (const { address, family } of own.filter(each => each.family === 'IPv4')) {
      const allowTargets = kindOf(address) === 'never' ? [] : [address]
      expect(await verdict(`http://${address}:4010/`, { ...options, allowTargets }), family).toBe('blocked')
    }
  })

  it('does not call itself, under any name', async () => {
    const options = { ownPort: 4010, boundTo: '127.0.0.1' }
    expect(await verdict('http://127.0.0.1:4010/__contrato/events', options)).toBe('blocked')
    expect(await verdict('http://[::ffff:127.0.0.1]:4010/', options)).toBe('blocked')
    expect(await verdict('http://loopback.test:4010/', { ...options, allowTargets: ['loopback.test'] })).toBe('blocked')
    expect(await verdict('http://127.0.0.1:4011/', options)).toBe('allowed')
  })
})

describe('a mock that other machines reach', () => {
  it('calls only what is listed', async () => {
    const boundTo = '0.0.0.0'
    expect(await verdict('http://127.0.0.1/', { boundTo })).toBe('blocked')
    expect(await verdict('http://public.test/', { boundTo })).toBe('blocked')
    expect(await verdict('http://public.test/', { boundTo, allowTargets: ['public.test'] })).toBe('allowed')
    expect(await verdict('http://127.0.0.1/', { boundTo, allowTargets: ['127.0.0.0/8'] })).toBe('allowed')
  })

  it('says which flag would allow a target', async () => {
    const policy = new Policy({ boundTo: '0.0.0.0', resolve })
    expect(await policy.judge(new URL('http://private.test/'))).toEqual({
      kind: 'blocked',
      says: 'private.test (10.1.2.3) is not listed, and the mock can be reached from other machines; --allow-target private.test would allow it',
    })
  })
})

describe('a list', () => {
  it.each([
    '0.0.0.0/0',
    '169.254.0.0/16',
    '169.254.169.254',
    '128.0.0.0/1',
    '::/0',
    'fe80::/10',
    '[fe80::1]',
    '100.100.100.200',
    '100.64.0.0/10',
    '192.0.0.0/8',
    '198.0.0.0/8',
    'fd00::/8',
    '::ffff:0:0/96',
    '::ffff:169.254.0.0/112',
    '64:ff9b::/96',
    '2000::/3',
  ])('that covers what is never called stops the start: %s', entry => {
    expect(() => new Policy({ allowTargets: [entry] })).toThrow(/ covers .* are never called$/)
  })

  it('reaches no special range that the library knows', () => {
    const known = [ipaddr.IPv4, ipaddr.IPv6].flatMap(({ prototype }) => {
      const ranges: Record<string, unknown[]> = Reflect.get(prototype, 'SpecialRanges')
      return Object.values(ranges).flatMap(range => (Array.isArray(range[0]) ? range : [range]) as [object, number][])
    })
    const never = known.filter(([start]) => kindOf(String(start)) === 'never' && !String(start).startsWith('::ffff:'))
    expect(never.length).toBeGreaterThan(25)
    for (const [start, bits] of never) {
      // The block around it, twice as large.
      const around = blockOf(`${start}/${bits - 1}`)
      expect(around && neverIn(around), `${start}/${bits}`).toBeDefined()
    }
  })

  it('may name IPv4 as IPv6', async () => {
    expect(await verdict('http://10.1.2.3/', { allowTargets: ['::ffff:10.0.0.0/104'] })).toBe('allowed')
    expect(await verdict('http://10.1.2.3/', { allowTargets: ['::ffff:10.1.2.3'] })).toBe('allowed')
    expect(await verdict('http://10.1.2.4/', { allowTargets: ['::ffff:10.1.2.3'] })).toBe('blocked')
  })

  it.each(['', 'a b', 'http://x', 'x:80', '10.0.0.0/33', '10.0.0.0/x', '0x7f.1', 'a/b', '*'])(
    'with what is no target stops the start: "%s"',
    entry => {
      expect(() => new Policy({ allowTargets: [entry] })).toThrow(/is neither an address/)
    },
  )
})

describe('a delivery', () => {
  it('that is not allowed is recorded with the flag that would allow it, and nobody is called', async () => {
    await using mock = await createMock()
    await register(mock, 'http://192.168.77.77/hook')
    expect((await mock.trigger('messages.update')).deliveries).toMatchObject([
      {
        state: 'blocked_by_policy',
        attempts: [{ reason: '192.168.77.77 is a private address; --allow-target 192.168.77.77 would allow it' }],
      },
    ])
  })

  it('judges the name anew at each attempt', async () => {
    await using here = await receiver(() => ({ status: 500 }))
    let asked = 0
    const rebinding = async (): Promise<string[]> => {
      asked += 1
      return [asked === 1 ? '127.0.0.1' : '169.254.169.254']
    }
    await using mock = await createMock(undefined, { events: { profile: 'standard-webhooks', resolve: rebinding } })
    await register(mock, `http://rebind.test:${here.port}/`)
    expect(asked).toBe(0)
    await mock.trigger('messages.update')
    expect(asked).toBe(1)
    expect(here.got[0]?.headers.host).toBe(`rebind.test:${here.port}`)
    await mock.clock.advance('1m')
    expect(asked).toBe(2)
    expect(mock.deliveries).toMatchObject([{ state: 'blocked_by_policy' }])
    expect(here.got).toHaveLength(1)
  })

  it('gives up a name server that keeps silent', async () => {
    const silent = (): Promise<string[]> => new Promise(() => {})
    const request = { method: 'POST', target: '', headers: [], body: new Uint8Array() }
    expect(await sendPinned(new URL('http://x.test/'), request, new Policy({ resolve: silent }), 50)).toEqual({
      kind: 'failed',
      says: 'no answer within 50 ms',
    })
  })

  it('goes to the next address where nobody listens at the first', async () => {
    await using here = await receiver()
    const both = async (): Promise<string[]> => ['::1', '127.0.0.1']
    await using mock = await createMock(undefined, { events: { resolve: both } })
    await register(mock, `http://both.test:${here.port}/`)
    expect((await mock.trigger('messages.update')).deliveries).toMatchObject([{ state: 'delivered' }])
  })

  it('does not reach the mock itself', async () => {
    await using mock = await createMock()
    const server = await mock.listen()
    await register(mock, `${server.url}/__contrato/events`)
    expect((await mock.trigger('messages.update')).deliveries).toMatchObject([{ state: 'blocked_by_policy' }])
  })
})
