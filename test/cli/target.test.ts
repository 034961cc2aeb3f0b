import { describe, expect, it } from 'vitest'
import { confirmHost } from '../../src/cli/confirm-host.ts'
import { progressOn } from '../../src/cli/progress.ts'
import { credentialsOf, curlFor } from '../../src/cli/target.ts'
import { apiOf, request } from '../kit/index.ts'

describe('a host', () => {
  it.each([
    'http://127.0.0.1:3000',
    'http://localhost',
    'http://api.localhost',
    'http://[::1]:80',
    'http://10.1.2.3',
    'http://192.168.0.9',
    'http://[fd00::1]',
    'http://[::ffff:10.0.0.1]',
    'http://169.254.1.1',
    'http://no-such-name.invalid',
  ])('%s is asked without more ado', async url => {
    await expect(confirmHost(new URL(url), [])).resolves.toBeUndefined()
  })

  it.each([
    ['http://8.8.8.8', '8.8.8.8'],
    ['http://[2001:4860:4860::8888]:81', '2001:4860:4860::8888'],
    ['http://[::ffff:8.8.8.8]', '::ffff:808:808'],
    ['http://0x08080808', '8.8.8.8'],
  ])('%s is asked only when it is named', async (url, host) => {
    await expect(confirmHost(new URL(url), ['staging.example'])).rejects.toMatchObject({
      exitCode: 2,
      message: `${host} is neither this machine nor in a private network`,
      help: expect.stringContaining(`--confirm-host ${host}`),
    })
    await expect(confirmHost(new URL(url), [host])).resolves.toBeUndefined()
    await expect(confirmHost(new URL(url), [new URL(url).host])).resolves.toBeUndefined()
  })
})

describe('the line that repeats a request', () => {
  it('takes the token from the variable that it came from, and repeats the fields of every request', () => {
    const curl = curlFor('http://h', ['X-Trace', '7', 'X-Auth-Token', 's3cret'], 'STAGING')
    const sent = request('GET /a', { headers: { Authorization: 'Bearer $TOKEN' } })
    expect(curl(sent)).toBe(
      `curl -i 'http://h/a' -H "Authorization: Bearer $STAGING" -H 'X-Trace: 7' -H "X-Auth-Token: $X_AUTH_TOKEN"`,
    )
  })

  it('puts a key of the query in by its variable', () => {
    expect(curlFor('http://h', [], 'KEY')(request('GET /a?key=$TOKEN'))).toBe('curl -i "http://h/a?key=$KEY"')
  })
})

describe('credentials that are given', () => {
  const schemes = `
components:
  securitySchemes:
    key: { type: apiKey, in: header, name: X-Key }
    bearer: { type: http, scheme: bearer }
    basic: { type: http, scheme: basic }
    session: { type: apiKey, in: cookie, name: sid }
paths: { /a: { get: { responses: {}, security: [ { key: [], bearer: [] }, { basic: [] }, { session: [] } ] } } }
`
  const given = async (fields: readonly string[], bearer?: string) =>
    credentialsOf(await apiOf(schemes), fields, bearer)

  it('are those of the schemes that they are fields of, each its own', async () => {
    const { tokens, token, headers, variables } = await given(['x-key', 'k', 'X-Trace', '7'], 'b')
    expect([...tokens]).toEqual([
      ['key', 'k'],
      ['bearer', 'b'],
    ])
    expect([token, headers, [...variables]]).toEqual([undefined, ['X-Trace', '7'], [['x-key', 'X_KEY']]])
    const curl = curlFor('http://h', headers, 'TOKEN', variables)
    expect(curl(request('GET /a', { headers: { 'X-Key': '$TOKEN', Authorization: 'Bearer $TOKEN' } }))).toBe(
      `curl -i 'http://h/a' -H "X-Key: $X_KEY" -H "Authorization: Bearer $TOKEN" -H 'X-Trace: 7'`,
    )
  })

  it.each<[string, readonly string[], string, string]>([
    ['a bearer token', ['Authorization', 'bearer t'], 'bearer', 't'],
    ['a user and a password', ['Authorization', 'Basic dTpw'], 'basic', 'u:p'],
    ['a cookie', ['Cookie', 'sid=s'], 'session', 's'],
  ])('may be %s', async (_, fields, scheme, secret) => {
    const { tokens, headers } = await given(fields)
    expect([[...tokens], headers]).toEqual([[[scheme, secret]], []])
  })

  it('are no others', async () => {
    const fields = ['Authorization', 'Digest x', 'Cookie', 'sid=s; theme=light']
    expect(await given(fields)).toMatchObject({ tokens: new Map(), headers: fields })
  })

  it('are for all that is asked for, where the token is of no bearer scheme', async () => {
    const api = await apiOf(schemes.replace('key: [], bearer: []', 'key: []'))
    expect(credentialsOf(api, [], 'k')).toMatchObject({ tokens: new Map(), token: 'k' })
  })
})

describe('progress', () => {
  const shownOn = (columns?: number): string => {
    let said = ''
    const terminal = {
      out: () => undefined,
      err: (text: string) => {
        said += text
      },
      input: async () => '',
      env: {},
      colours: false,
      interrupted: () => new Promise<void>(() => {}),
      ...(columns !== undefined && { columns }),
    }
    const progress = progressOn(terminal)
    progress.show('12 requests of many')
    progress.show('too soon to be read')
    progress.end()
    return said
  }

  it('is one line that is taken away in the end, no wider than the terminal', () => {
    expect(shownOn(80)).toBe('\r\u001b[2K12 requests of many\r\u001b[2K')
    expect(shownOn(6)).toBe('\r\u001b[2K12 re\r\u001b[2K')
  })

  it('is not there where nobody watches', () => {
    expect(shownOn()).toBe('')
  })
})
