import { mkdir, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import path from 'node:path'
import { generate } from 'selfsigned'
import { describe, expect, it, vi } from 'vitest'
import { contrato, freePort, interrupt, type Running, start, startMock, temporaryFolder } from './kit.ts'

/** Milliseconds that something which takes a moment is waited for; a busy machine takes many moments. */
const patience = 20_000

/** A document with one operation, whose answer is a list of one word. */
function documentSaying(word: string, name = 'things'): string {
  return `openapi: 3.1.0
info: { title: The ${name}, version: '1' }
paths:
  /${name}:
    get:
      operationId: list-${name}
      responses:
        '200':
          description: all of them
          content:
            application/json:
              schema: { type: array, maxItems: 1, items: { $ref: '#/components/schemas/Word' } }
              example: [${word}]
    post:
      operationId: create-${name}
      responses:
        '201':
          description: made
          x-contract: { unique: [$response.body#/id, $response.body#/number] }
          content:
            application/json:
              schema:
                type: object
                required: [id, number]
                properties:
                  id: { type: string, format: uuid }
                  number: { type: integer, minimum: 1, maximum: 1000 }
components:
  schemas:
    Word: { type: string }
`
}

const apart = documentSaying('one').replace("'#/components/schemas/Word'", "'parts/word.yaml'")

async function said(url: string, name = 'things'): Promise<unknown> {
  return (await fetch(`${url}/${name}`)).json()
}

/** Waits until the mock answers with this word. */
async function untilSaid(url: string, word: unknown, name = 'things'): Promise<void> {
  await vi.waitFor(async () => expect(await said(url, name)).toEqual([word]), { timeout: patience, interval: 50 })
}

/** Waits until something was printed that was not before. */
async function printedAfter(running: Running, length: number, pattern: RegExp): Promise<void> {
  await vi.waitFor(() => expect(running.err().slice(length)).toMatch(pattern), { timeout: patience, interval: 50 })
}

describe('contrato mock --watch', () => {
  it.each<[string, readonly string[]]>([
    ['one process', []],
    ['two workers', ['--workers', '2']],
  ])('serves edits, keeps the last good document through broken ones and says each: %s', async (_, flags) => {
    await using place = await temporaryFolder()
    const cwd = place.folder
    const file = path.join(cwd, 'api.yaml')
    await writeFile(file, documentSaying('one'))
    const running = await startMock(['api.yaml', '-w', ...flags], { cwd })
    await untilSaid(running.url, 'one')

    await writeFile(file, documentSaying('two'))
    await untilSaid(running.url, 'two')
    await running.printed(/^reloaded api\.yaml: 2 operations$/m)

    const half = documentSaying('three').slice(0, 200)
    await writeFile(file, half)
    await running.printed(/^kept api\.yaml is served as it was before this edit$/m)
    expect(running.err()).toMatch(/(error|warning) document-\S+ api\.yaml:\d+:\d+\n/)
    expect(running.err()).toMatch(/^ *> +\d+ \|/m)
    expect(await said(running.url)).toEqual(['two'])

    await writeFile(file, documentSaying('three'))
    await untilSaid(running.url, 'three')
    await running.printed(/^reloaded api\.yaml can be used again: 2 operations$/m)
    const { code, out } = await interrupt(running)
    expect(code).toBe(0)
    expect(out.match(/Try it:/g)).toHaveLength(1)
  })

  it('says what is newly imperfect in an edit that is served', async () => {
    await using place = await temporaryFolder()
    const cwd = place.folder
    const file = path.join(cwd, 'api.yaml')
    const wrong = (name: string) => `${documentSaying(name)}\ninfos: {}\n`
    await writeFile(file, `${documentSaying('one')}\ninfoz: {}\n`)
    const running = await startMock(['api.yaml', '-w'], { cwd })
    await running.printed(/^warning "infoz" is not a field/m)
    await writeFile(file, wrong('two'))
    await untilSaid(running.url, 'two')
    await running.printed(/^reloaded api\.yaml: 2 operations\nwarning "infos" is not a field .* api\.yaml:\d+:\d+$/m)
    expect(await interrupt(running)).toMatchObject({ code: 0 })
  })

  it('sees what editors, generators and version control do to files', async () => {
    await using place = await temporaryFolder()
    const cwd = place.folder
    const folder = path.join(cwd, 'build')
    const file = path.join(folder, 'api.yaml')
    await mkdir(folder)
    await writeFile(file, documentSaying('one'))
    const { url, ...running } = await startMock(['build/api.yaml', '-w'], { cwd })
    const steps: Record<string, () => Promise<void>> = {
      renamed: async () => {
        await writeFile(`${file}~`, documentSaying('renamed'))
        await rename(`${file}~`, file)
      },
      'renamed-again': async () => {
        await writeFile(`${file}~`, documentSaying('renamed-again'))
        await rename(`${file}~`, file)
      },
      backup: async () => {
        await rename(file, `${file}.bak`)
        await writeFile(file, documentSaying('backup'))
      },
      'deleted-and-made': async () => {
        await unlink(file)
        await running.printed(/there is no such file/)
        await writeFile(file, documentSaying('deleted-and-made'))
      },
      'folder-made-anew': async () => {
        await rm(folder, { recursive: true })
        await mkdir(folder)
        await writeFile(file, documentSaying('folder-made-anew'))
      },
      'in-place': () => writeFile(file, documentSaying('in-place')),
    }
    for (const [word, step] of Object.entries(steps)) {
      await step()
      await untilSaid(url, word)
    }
    expect(await interrupt({ ...running })).toMatchObject({ code: 0 })
  })

  it('watches every file that is referenced, also one that comes later', async () => {
    await using place = await temporaryFolder()
    const cwd = place.folder
    const [file, part] = [path.join(cwd, 'api.yaml'), path.join(cwd, 'parts/word.yaml')]
    await writeFile(file, documentSaying('one'))
    const running = await startMock(['api.yaml', '--watch'], { cwd })

    await writeFile(file, apart.replace('[one]', '[two]'))
    await running.printed(/parts\/word\.yaml leads nowhere/)
    expect(await said(running.url)).toEqual(['one'])
    await mkdir(path.dirname(part))
    await writeFile(part, '{ type: string }')
    await untilSaid(running.url, 'two')

    const before = running.err().length
    await writeFile(part, '{ type: integer, minimum: 7, maximum: 7 }')
    await printedAfter(running, before, /^reloaded api\.yaml/m)
    await untilSaid(running.url, 7)
    await writeFile(part, '{ type: strin')
    await running.printed(/error document-syntax parts\/word\.yaml:1:\d+/)
    await writeFile(part, '{ type: integer, minimum: 8, maximum: 8 }')
    await untilSaid(running.url, 8)
    await interrupt(running)
  })

  it('sees edits where a link leads to', async () => {
    await using place = await temporaryFolder()
    const cwd = place.folder
    await mkdir(path.join(cwd, 'real'))
    await writeFile(path.join(cwd, 'real/api.yaml'), documentSaying('one'))
    await symlink('real/api.yaml', path.join(cwd, 'link.yaml'))
    const running = await startMock(['link.yaml', '-w'], { cwd })
    await writeFile(path.join(cwd, 'real/api.yaml~'), documentSaying('two'))
    await rename(path.join(cwd, 'real/api.yaml~'), path.join(cwd, 'real/api.yaml'))
    await untilSaid(running.url, 'two')
    await interrupt(running)
  })

  it('says which operations came and went', async () => {
    await using place = await temporaryFolder()
    const file = path.join(place.folder, 'api.yaml')
    await writeFile(file, documentSaying('one'))
    const running = await startMock(['api.yaml', '-w'], { cwd: place.folder })
    await writeFile(file, documentSaying('one').replace('    post:', '    put:'))
    await running.printed(/^reloaded api\.yaml: 2 operations; new PUT \/things; gone POST \/things$/m)
    await interrupt(running)
  })

  it('never gives out a unique value again, whatever was edited', async () => {
    await using place = await temporaryFolder()
    const file = path.join(place.folder, 'api.yaml')
    await writeFile(file, documentSaying('one'))
    const running = await startMock(['api.yaml', '-w', '-q'], { cwd: place.folder })
    const first = await create(running.url)
    await writeFile(file, documentSaying('two'))
    await untilSaid(running.url, 'two')
    const second = await create(running.url)
    expect(second.id).not.toBe(first.id)
    expect(second.number).not.toBe(first.number)
    await interrupt(running)
  })

  it.each<[string, readonly string[]]>([
    ['one process', []],
    ['workers', ['--workers', '2']],
  ])('does not start with a broken document: %s', async (_, flags) => {
    await using place = await temporaryFolder()
    await writeFile(path.join(place.folder, 'api.yaml'), documentSaying('one').replace(/paths:.*/s, 'paths: 5\n'))
    const { code, out, err } = await contrato(['mock', 'api.yaml', '-w', '-p', '0', ...flags], { cwd: place.folder })
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain('> 3 | paths: 5')
    expect(err.match(/document-invalid/g)).toHaveLength(1)
  })
})

describe('contrato mock of several documents', () => {
  it('answers for each of them at one port, and reloads each alone', async () => {
    await using place = await temporaryFolder()
    const cwd = place.folder
    await writeFile(path.join(cwd, 'a.yaml'), documentSaying('one'))
    await writeFile(path.join(cwd, 'b.yaml'), documentSaying('lamp', 'lamps'))
    const running = await startMock(['a.yaml', 'b.yaml', '-w'], { cwd })
    await running.printed(/Try it:/)
    expect(running.out()).toMatch(/The things — a\.yaml\n\n {2}GET {3}\/things .*\n.*\n\nThe lamps — b\.yaml\n/)
    expect([await said(running.url), await said(running.url, 'lamps')]).toEqual([['one'], ['lamp']])
    const lost = await fetch(`${running.url}/lamps/7`)
    expect(lost.status).toBe(404)
    expect(await lost.json()).toMatchObject({
      detail: expect.stringContaining('No operation of The things or The lamps has the path /lamps/7'),
      nearest: [{ operation: 'GET /lamps' }, { operation: 'POST /lamps' }],
    })
    await writeFile(path.join(cwd, 'b.yaml'), documentSaying('candle', 'lamps'))
    await untilSaid(running.url, 'candle', 'lamps')
    await writeFile(path.join(cwd, 'a.yaml'), 'broken')
    await running.printed(/^kept a\.yaml/m)
    expect([await said(running.url), await said(running.url, 'lamps')]).toEqual([['one'], ['candle']])
    expect((await interrupt(running)).err).not.toContain('reloaded a.yaml')
  })

  it('greets with the summary where there is no operationId, and names nothing twice', async () => {
    await using place = await temporaryFolder()
    const cwd = place.folder
    const nameless = documentSaying('one')
      .replace(/operationId: list-.*/, 'summary: All things')
      .replace(/operationId: create-.*/, '')
    await writeFile(path.join(cwd, 'a.yaml'), nameless)
    const running = await startMock(['a.yaml'], { cwd })
    await running.printed(/Try it:/)
    expect(running.out()).toMatch(/\n {2}GET {3}\/things {2}All things\n {2}POST {2}\/things\n\n/)
    await interrupt(running)
  })

  it('says who answers what two of them describe', async () => {
    await using place = await temporaryFolder()
    const cwd = place.folder
    await writeFile(path.join(cwd, 'a.yaml'), documentSaying('one'))
    await writeFile(path.join(cwd, 'b.yaml'), `${documentSaying('two')}servers: [{ url: 'http://x.example/v2' }]\n`)
    const running = await startMock(['a.yaml', 'b.yaml'], { cwd })
    await running.printed(
      /^warning GET \/things \(and 1 more\) is in a\.yaml and in b\.yaml; the former answers; that of the latter is at \/v2\/things$/m,
    )
    expect([await said(running.url), await said(running.url, 'v2/things')]).toEqual([['one'], ['two']])
    await interrupt(running)
  })
})

describe('contrato mock --https', () => {
  it('serves with a certificate that it made and names, and the curl line works', async () => {
    const running = await startSecure(['--https'])
    await running.printed(/Try it:\n.*\n/)
    const out = running.out()
    expect(out).toContain('https://127.0.0.1:')
    expect(out).toMatch(
      /^Certificate made for localhost, 127\.0\.0\.1, ::1, valid until .*; SHA-256 ([0-9A-F]{2}:){31}[0-9A-F]{2}$/m,
    )
    const curl = /^ {2}(curl .*)$/m.exec(out)?.[1] ?? ''
    expect(curl).toMatch(/^curl -i -k /)
    expect((await start('bash', ['-c', `${curl} -s`]).ended).out).toMatch(/^HTTP\/1\.1 201 Created/)
    const plain = await fetch(running.url.replace('https', 'http'))
    expect(plain.status).toBe(400)
    expect(await plain.json()).toMatchObject({ detail: `This port speaks HTTPS. Use ${running.url}/` })
    expect(await interrupt(running)).toMatchObject({ code: 0 })
  })

  it('serves with the certificate that was given, from every worker', async () => {
    await using place = await temporaryFolder()
    const { cert, key } = await pemFiles(place.folder, {})
    const running = await startSecure(['--cert', cert, '--key', key, '--workers', '2'])
    await running.printed(/Try it:\n.*\n/)
    const curl = /^ {2}(curl .*)$/m.exec(running.out())?.[1] ?? ''
    expect(curl).toContain(`--cacert ${cert}`)
    expect((await start('bash', ['-c', `${curl} -s`]).ended).out).toMatch(/^HTTP\/1\.1 201 Created/)
    expect(await statusOf(`${running.url}/nowhere`)).toBe(404)
    expect(await interrupt(running)).toMatchObject({ code: 0 })
  })

  it('says what is wrong with a certificate', async () => {
    await using place = await temporaryFolder()
    const { cert, key } = await pemFiles(place.folder, {})
    const { key: other } = await pemFiles(place.folder, { prefix: 'other-' })
    const past = { notBeforeDate: new Date('2020-01-01'), notAfterDate: new Date('2020-02-01') }
    const expired = await pemFiles(place.folder, { prefix: 'old-', ...past })
    const nothing = path.join(place.folder, 'nothing.pem')
    await writeFile(nothing, 'nothing')
    const encrypted = path.join(place.folder, 'encrypted.pem')
    await writeFile(encrypted, '-----BEGIN ENCRYPTED PRIVATE KEY-----\nMA==\n-----END ENCRYPTED PRIVATE KEY-----\n')
    const refused = async (...flags: string[]) => {
      const { code, err } = await contrato(['mock', '-p', '0', ...flags])
      return `${code} ${err.split('\n')[0]}`
    }
    expect(await refused('--cert', cert)).toBe('2 error --cert is given without --key')
    expect(await refused('--key', key)).toBe('2 error --key is given without --cert')
    expect(await refused('--cert', cert, '--key', 'no.pem')).toMatch(/^4 error Cannot read no\.pem: ENOENT/)
    expect(await refused('--cert', nothing, '--key', key)).toBe(`2 error ${nothing} holds no certificate`)
    expect(await refused('--cert', cert, '--key', cert)).toBe(`2 error ${cert} holds no private key`)
    expect(await refused('--cert', cert, '--key', encrypted)).toBe(`2 error The key in ${encrypted} is encrypted`)
    expect(await refused('--cert', cert, '--key', other)).toMatch(/^2 error The key in .* does not belong to/)
    expect(await refused('--cert', expired.cert, '--key', expired.key)).toMatch(/^2 error .* expired on Feb {2}1 /)
  })
})

describe('contrato mock --workers', () => {
  it('answers the same from each, and never the same unique value from two', async () => {
    await using place = await temporaryFolder()
    await writeFile(path.join(place.folder, 'api.yaml'), documentSaying('one'))
    const running = await startMock(['api.yaml', '--workers', '3', '-v'], { cwd: place.folder })
    const answers = await Promise.all(Array.from({ length: 30 }, () => alone(`${running.url}/things`)))
    expect(new Set(answers.map(({ text }) => text))).toEqual(new Set(['["one"]']))
    const made = await Promise.all(Array.from({ length: 150 }, () => alone(`${running.url}/things`, 'POST')))
    const values = made.map(({ text }) => JSON.parse(text) as { id: string; number: number })
    expect(new Set(values.map(({ id }) => id)).size).toBe(150)
    expect(new Set(values.map(({ number }) => number)).size).toBe(150)
    expect(running.out().match(/Mock on/g)).toHaveLength(1)
    await vi.waitFor(() => expect(running.err().match(/ 201 POST \/things\n/g)).toHaveLength(150), patience)
    expect(await interrupt(running)).toMatchObject({ code: 0 })
  })

  it('replaces one that dies, says so, and goes on', async () => {
    await using place = await temporaryFolder()
    await writeFile(path.join(place.folder, 'api.yaml'), documentSaying('one'))
    const running = await startMock(['api.yaml', '--workers', '2', '-w'], { cwd: place.folder })
    const before = await workersOf(running)
    expect(before).toHaveLength(2)
    for (const pid of before) process.kill(pid, 'SIGKILL')
    for (const pid of before)
      await running.printed(new RegExp(`Worker ${pid} ended with SIGKILL; another takes its place`))
    await vi.waitFor(async () => expect(await said(running.url)).toEqual(['one']), patience)
    await writeFile(path.join(place.folder, 'api.yaml'), documentSaying('two'))
    await untilSaid(running.url, 'two')
    running.child.kill('SIGTERM')
    expect(await running.ended).toMatchObject({ code: 0 })
  })

  it('leaves nobody behind when the first process is killed', async () => {
    const running = await startMock(['--workers', '2', '-q'])
    const workers = await workersOf(running)
    running.child.kill('SIGKILL')
    await running.ended
    await vi.waitFor(() => {
      for (const pid of workers) expect(() => process.kill(pid, 0)).toThrow()
    }, patience)
  })

  it('exits with 4 when the port is taken', async () => {
    const running = await startMock(['-q'])
    const { port } = new URL(running.url)
    const { code, out, err } = await contrato(['mock', '--port', port, '--workers', '2'])
    expect({ code, out }).toEqual({ code: 4, out: '' })
    expect(err.match(/is in use/g)).toHaveLength(1)
    await interrupt(running)
  })

  it('listens on the port that was named', async () => {
    const port = await freePort()
    const running = start(process.execPath, ['dist/cli.js', 'mock', '-q', '--workers', 'auto', '--port', String(port)])
    await running.printed(new RegExp(`^http://127\\.0\\.0\\.1:${port}\n$`))
    expect((await fetch(`http://127.0.0.1:${port}/nowhere`)).status).toBe(404)
    expect(await interrupt(running)).toMatchObject({ code: 0 })
  })
})

async function create(url: string): Promise<{ id: string; number: number }> {
  return (await fetch(`${url}/things`, { method: 'POST' })).json() as Promise<{ id: string; number: number }>
}

/** An answer over a connection of its own, which goes to the next worker. */
async function alone(url: string, method = 'GET'): Promise<{ text: string }> {
  const response = await fetch(url, { method, headers: { connection: 'close' } })
  return { text: await response.text() }
}

/** The processes that a program has started. */
async function workersOf({ child }: Running): Promise<number[]> {
  const { out } = await start('ps', ['-o', 'pid=', '--ppid', String(child.pid)]).ended
  return out.split('\n').filter(Boolean).map(Number)
}

async function startSecure(args: readonly string[]): Promise<Running & { readonly url: string }> {
  const running = start(process.execPath, ['dist/cli.js', 'mock', ...args, '--port', '0'])
  const [url] = await running.printed(/https:\/\/127\.0\.0\.1:\d+/)
  return { ...running, url }
}

async function pemFiles(
  folder: string,
  { prefix = '', ...dates }: { prefix?: string; notBeforeDate?: Date; notAfterDate?: Date },
): Promise<{ cert: string; key: string }> {
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    ...dates,
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
    ],
  })
  const [cert, key] = [path.join(folder, `${prefix}cert.pem`), path.join(folder, `${prefix}key.pem`)]
  await writeFile(cert, made.cert)
  await writeFile(key, made.private)
  return { cert, key }
}

function statusOf(url: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { rejectUnauthorized: false, agent: false }, response => {
      response.resume()
      resolve(response.statusCode)
    })
      .on('error', reject)
      .end()
  })
}
