import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { loadDocument, shippedDocument } from '../../src/document/index.ts'
import { Trouble } from '../../src/finding/index.ts'
import { lintDocument } from '../../src/lint/index.ts'
import { Api } from '../../src/model/index.ts'
import { broken, lint, lintFiles, sound, told } from './kit.ts'

async function folderOf(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'contrato-ruleset-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text)
  return folder
}

async function lintPath(file: string, options: { ruleset?: string } = {}) {
  const document = await loadDocument(file)
  return await lintDocument(document, new Api(document), options)
}

describe('which ruleset', () => {
  it('finds nothing in the shipped document with the shipped ruleset', async () => {
    expect(await lintPath(shippedDocument())).toEqual([])
  })

  it('is lint.yaml beside the document', async () => {
    expect(await lint(sound, 'rules: { info-license: warn }\n')).toEqual([
      'api.yaml:2:1 warning info-license: Info object should contain `license` field',
    ])
  })

  it('is the one of the package where none is beside the document', async () => {
    const folder = await folderOf({ 'api.yaml': sound })
    const findings = await lintPath(path.join(folder, 'api.yaml'))
    expect(findings.map(({ rule }) => rule)).toContain('info-license')
  })

  it('is the one named, whatever is beside the document', async () => {
    const folder = await folderOf({ 'mine.yaml': 'rules: { info-contact: error }\n' })
    const findings = await lintFiles(
      { 'api.yaml': sound, 'lint.yaml': 'rules: { info-license: error }\n' },
      { ruleset: path.join(folder, 'mine.yaml') },
    )
    expect(findings.map(({ rule }) => rule)).toEqual(['info-contact'])
  })

  it('may build on what Redocly brings along', async () => {
    expect(
      await lint(sound, 'extends: [ minimal ]\nrules: { no-empty-servers: error, operation-summary: off }\n'),
    ).toEqual(['api.yaml:1:1 error no-empty-servers: Servers must be present'])
    expect(await lint(sound, 'extends: [ recommended-strict ]\n')).toContain(
      'api.yaml:2:1 error info-license: Info object should contain `license` field',
    )
  })

  it('sets the severity of our own rules, by their code', async () => {
    const text = broken("        '4XX': { description: A wrong request. }\n    post:", '    post:')
    const [told = ''] = await lint(text, 'rules: { client-error-missing: error }\n')
    expect(told).toMatch(/^api.yaml:10:7 error client-error-missing: /)
    expect(await lint(text, 'rules: { client-error-missing: off }\n')).toEqual([])
  })
})

describe('findings of the ruleset', () => {
  it('have rule, help, pointer and position', async () => {
    const [finding] = await lintFiles({ 'api.yaml': sound, 'lint.yaml': 'rules: { operation-summary: warn }\n' })
    expect(finding).toEqual({
      code: 'ruleset',
      rule: 'operation-summary',
      severity: 'warning',
      message: 'Operation object should contain `summary` field',
      help: 'The rule is operation-summary in lint.yaml.',
      pointer: '#/paths/~1orders/get/summary',
      position: { file: 'api.yaml', line: 6, column: 5 },
    })
  })

  it('have the place in the file that a reference leads to, and come by file and line', async () => {
    const findings = await lintFiles({
      'b.yaml': sound.replace(
        "$ref: '#/components/schemas/Order' }\n            example",
        "$ref: 'a%20file.yaml#/New' }\n            example",
      ),
      'a file.yaml': 'New:\n  type: object\n  properties:\n    state: { type: string, enum: [ open, open ] }\n',
      'lint.yaml': 'rules: { no-duplicated-enum-values: error, info-license: error, no-unresolved-refs: error }\n',
    })
    expect(told(findings)).toEqual([
      "a file.yaml:4:42 error no-duplicated-enum-values: Duplicated enum value found: 'open'",
      'b.yaml:2:1 error info-license: Info object should contain `license` field',
    ])
    expect(findings[0]).not.toHaveProperty('pointer')
  })

  it('have the right place in a file with Windows line ends, anchors and merge keys', async () => {
    const merged = broken(
      'id: { type: string, readOnly: true }',
      'id: &text { type: string, readOnly: true }\n        name: { <<: *text, patern: a }',
    )
    const ruleset = 'rules: { struct: error }\n'
    const place = 'api.yaml:55:28 error struct: Property `patern` is not expected here'
    expect(await lint(merged, ruleset)).toEqual([place])
    expect(await lint(merged.replaceAll('\n', '\r\n'), ruleset)).toEqual([place])
  })

  it('read a referenced file whatever its name', async () => {
    const findings = await lintFiles({
      'api.yaml': broken('{ type: integer }, example: 10', '{ $ref: limit.schema }'),
      'limit.schema': 'type: integer\n',
      'lint.yaml': 'rules: { no-unresolved-refs: error }\n',
    })
    expect(told(findings)).toEqual([])
  })

  it('follow references by $id and $anchor, and know what is meant dynamically', async () => {
    const schema =
      "{ $id: 'https://example.com/limit', $ref: '#top', $defs: { Top: { $anchor: top, type: integer }, Any: { $dynamicAnchor: any } } }"
    const findings = await lintFiles({
      'api.yaml': broken('{ type: integer }, example: 10', schema),
      'lint.yaml': 'rules: { no-unresolved-refs: error, no-unused-components: error }\n',
    })
    expect(told(findings)).toEqual([])
  })

  it('carry what Redocly suggests', async () => {
    const [finding] = await lintFiles({
      'api.yaml': broken("pattern: '^[A-Z]+$'", "patern: '^[A-Z]+$'"),
      'lint.yaml': 'rules: { struct: error }\n',
    })
    expect(finding?.message).toBe('Property `patern` is not expected here')
    expect(finding?.help).toBe('Did you mean pattern? The rule is struct in lint.yaml.')
  })

  it.each([
    ['operation-operationId', broken('operationId: listOrders', 'summary: x').replace(', list: listOrders', '')],
    ['operation-2xx-response', broken("'201':", "'102':")],
    ['operation-4xx-response', broken("        '4XX': { description: A wrong request. }\n    post:", '    post:')],
    ['security-defined', broken('security: [ { key: [] } ]\n', '')],
    ['no-enum-type-mismatch', broken('enum: [ open, closed ]', 'enum: [ open, 2, 3 ]')],
    ['no-invalid-media-type-examples', broken('example: { state: open }', 'example: { state: gone }')],
    ['no-invalid-parameter-examples', broken('example: 10', 'example: ten')],
    ['no-invalid-schema-examples', broken('examples: [ ABC ]', 'examples: [ abc ]')],
    ['struct', broken("pattern: '^[A-Z]+$'", 'minLength: short')],
  ])('do not repeat with %s what a rule of ours has found', async (rule, text) => {
    // Redocly takes a callback for an operation of the API, and so finds more in it.
    const alone = text.replace(/ {6}callbacks:.*(?=components:)/s, '')
    const ours = await lint(alone)
    expect(ours.length).toBeGreaterThan(0)
    expect(await lint(alone, `rules: { ${rule}: error }\n`)).toEqual(ours)
  })
})

describe('a ruleset that cannot be used', () => {
  const attempt = async (ruleset: string) => {
    const error = await lint(sound, ruleset).catch((thrown: unknown) => thrown)
    if (!(error instanceof Trouble)) throw new Error(`no Trouble, but ${error}`)
    expect(error.exitCode).toBe(2)
    expect(error.help).not.toBe('')
    const places = error.findings.map(({ position }) => `${position?.line}:${position?.column}`)
    return [error.message.replace(/ruleset \S*lint.yaml/, 'ruleset lint.yaml'), ...places]
  }

  it('names a rule that does not exist', async () => {
    expect(await attempt('rules:\n  operation-summary: error\n  operation-sumary: error\n')).toEqual([
      'The ruleset lint.yaml cannot be used: Property `operation-sumary` is not expected here',
      '3:3',
    ])
  })

  it('has a severity that does not exist', async () => {
    expect(await attempt('rules:\n  operation-summary: loud\n')).toEqual([
      'The ruleset lint.yaml cannot be used: `operation-summary` can be one of the following only: "error", "warn", "off"',
      '2:22',
    ])
    expect(await attempt('rules:\n  example-invalid: loud\n')).toEqual([
      'The ruleset lint.yaml cannot be used: example-invalid is "loud", but takes error, warn or off',
    ])
  })

  it('is not YAML', async () => {
    expect(await attempt('rules: [\n')).toEqual([
      'The ruleset lint.yaml cannot be used: it is not YAML: deficient indentation',
      '2:1',
    ])
    expect(await attempt('just text')).toEqual(['The ruleset lint.yaml cannot be used: it is not a map with `rules:`'])
    expect(await attempt('')).toEqual(['The ruleset lint.yaml cannot be used: it is not a map with `rules:`'])
  })

  it('is not there', async () => {
    const none = path.join(tmpdir(), 'none.yaml')
    await expect(lintFiles({ 'api.yaml': sound }, { ruleset: none })).rejects.toThrow(
      /^Cannot read the ruleset .*none\.yaml: there is no such file$/,
    )
  })

  it('builds on what does not exist', async () => {
    expect(await attempt('extends: [ recomended ]\n')).toEqual([
      'The ruleset lint.yaml cannot be used: Invalid config recomended: there is no such built-in config',
    ])
  })

  it('wants code, other files or the network', async () => {
    expect(await attempt('plugins: [ ./plugin.js ]\n')).toEqual([
      'The ruleset lint.yaml cannot be used: "plugins" is not read, only extends, rules, oas3_0Rules, oas3_1Rules',
    ])
    expect(await attempt('extends: [ http://127.0.0.1:1/rules.yaml ]\n')).toEqual([
      'The ruleset lint.yaml cannot be used: "extends" takes a list of the rulesets that Redocly brings along, such as recommended',
    ])
    expect(await attempt('extends: [ ../rules.yaml ]\n')).toEqual([
      'The ruleset lint.yaml cannot be used: "extends" takes a list of the rulesets that Redocly brings along, such as recommended',
    ])
    expect(await attempt('rules: { $ref: ../rules.yaml }\n')).toEqual([
      'The ruleset lint.yaml cannot be used: $ref is not followed in a ruleset',
    ])
  })
})

describe('reach', () => {
  it('runs no plugin.js that lies beside the document', async () => {
    const folder = await folderOf({})
    const trace = path.join(folder, 'trace')
    const plugin = `require('node:fs').writeFileSync(${JSON.stringify(trace)}, ''); module.exports = { id: 'x' }`
    expect(await lintFiles({ 'api.yaml': sound, 'plugin.js': plugin, 'plugin.cjs': plugin }).then(told)).toEqual([])
    expect(existsSync(trace)).toBe(false)
  })

  it('asks nothing of the network', async () => {
    let asked = 0
    const server = createServer((_, response) => {
      asked += 1
      response.end('{}')
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => new Promise<void>(resolve => server.close(() => resolve())))
    const { port } = server.address() as AddressInfo
    const text = broken(
      'one: { value: [ { id: a1, state: open } ] }',
      `one: { externalValue: 'http://127.0.0.1:${port}/one.json' }`,
    )
    expect(await lint(text, 'rules: { no-unresolved-refs: error, struct: error }\n')).toEqual([])
    expect(asked).toBe(0)
  })
})
