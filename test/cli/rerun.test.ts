import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { run } from '../../src/cli/run.ts'
import { typed } from '../kit/command.ts'
import { folderWith } from '../kit/files.ts'

const schemas = (type: string): string =>
  `Thing: { type: object, required: [id], properties: { id: { type: ${type} } } }\n`
const document = `openapi: 3.1.0
info: { title: Small, version: '1' }
paths:
  /things:
    get:
      operationId: listThings
      security: []
      responses:
        '200':
          description: all
          content: { application/json: { schema: { $ref: 'schemas.yaml#/Thing' }, example: { id: 1 } } }
`

/** A command that is being watched, with its terminal. */
async function watching(files: Readonly<Record<string, string>>) {
  const folder = await folderWith({ 'api.yaml': document, 'schemas.yaml': schemas('integer'), ...files })
  let told = ''
  let [press, interrupt] = [(): void => undefined, (): void => undefined]
  const tell = (text: string): void => {
    told += text
  }
  const words = ['prove', path.join(folder, 'api.yaml'), '--watch', '--phases', 'examples']
  const code = run(words, {
    out: tell,
    err: tell,
    env: { CONTRATO_CACHE: path.join(folder, 'cache') },
    colours: false,
    input: async () => '',
    onEnter: pressed => {
      press = pressed
      return () => undefined
    },
    interrupted: () =>
      new Promise(resolve => {
        interrupt = resolve
      }),
  })
  onTestFinished(() => interrupt())
  return {
    change: (name: string, text: string) => writeFile(path.join(folder, name), text),
    press: () => press(),
    ends: async () => {
      interrupt()
      return await code
    },
    /** What was told since the last time, up to the next wait. */
    told: async () => {
      await expect.poll(() => told, { timeout: 20_000 }).toContain('Waiting for')
      const text = told
      told = ''
      return text
    },
  }
}

describe('--watch', () => {
  it('runs again when a file of the document changes, waits for one that is broken, and ends with the last exit code', async () => {
    const { change, told, ends } = await watching({})
    expect(await told()).toMatch(
      /nothing to complain about[\s\S]*Waiting for .*api\.yaml to change\. Enter runs again, Ctrl-C ends/,
    )
    await change('schemas.yaml', 'Thing: { type: [')
    expect(await told()).toMatch(/^\nchanged .*api\.yaml\nerror document-syntax .*schemas\.yaml:/)
    await change('schemas.yaml', schemas('false'))
    expect(await told()).toContain('changed')
    await change('schemas.yaml', schemas('integer'))
    expect(await told()).toContain('nothing to complain about')
    expect(await ends()).toBe(0)
  })

  it('waits for a document that is broken at the start, and runs again on Enter', async () => {
    const { change, told, press, ends } = await watching({ 'api.yaml': 'openapi: [' })
    expect(await told()).toContain('document-syntax')
    press()
    expect(await told()).toMatch(/^error document-syntax/)
    await change('api.yaml', document)
    expect(await told()).toContain('nothing to complain about')
    press()
    expect(await told()).toMatch(/^.*listThings[\s\S]*nothing to complain about/m)
    await change('api.yaml', 'openapi: [')
    await told()
    expect(await ends()).toBe(2)
  })

  it.each([
    [['prove', '-', '--watch'], 'Standard input cannot be watched'],
    [['prove', 'http://127.0.0.1:1/api.yaml', '--watch'], 'http://127.0.0.1:1/api.yaml cannot be watched'],
    [['prove', 'no-such-file.yaml', '--watch'], 'document-not-found'],
    [['prove', '--watch', '--reporter', 'json'], '--watch runs again and again, and --reporter json is one report'],
  ])('is refused with %j', async (words, says) => {
    expect(await typed(words)).toMatchObject({ code: 2, err: expect.stringContaining(says) })
  })
})
