import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { DocumentTrouble, loadDocument } from '../../src/document/index.ts'
import { lintDocument } from '../../src/lint/index.ts'
import { Api } from '../../src/model/index.ts'
import { documentOf, type Files, folderWith } from '../kit/index.ts'

const head = "openapi: 3.1.0\ninfo: { title: Test, version: '1' }\n"

/** The help that people get for what is wrong with files, with where it is. */
async function helpIn(files: Files): Promise<(string | undefined)[]> {
  const folder = await folderWith(files)
  const findings = await loadDocument(path.join(folder, Object.keys(files)[0] ?? '')).then(
    ({ imperfections }) => imperfections,
    (error: unknown) => {
      if (error instanceof DocumentTrouble) return error.findings
      throw error
    },
  )
  return findings.map(({ help, position }) => `${position?.line}:${position?.column} ${help}`)
}

describe('a reference that leads nowhere', () => {
  it.each([
    ["'#/components/schemas/Pett'", '#/components/schemas/Pet'],
    ["'#/definitions/Pet'", '#/components/schemas/Pet'],
    ["'#/components/shemas/Pet'", '#/components/schemas/Pet'],
    ['/components/schemas/Pet', '#/components/schemas/Pet'],
    ['Pet', '#/components/schemas/Pet'],
    ["'./pets.yaml#/Catt'", './pets.yaml#/Cat'],
    ['./Pets.yaml', './pets.yaml'],
    ['parts/onwer.yaml', 'parts/owner.yaml'],
  ])('%s comes with what was meant', async (ref, meant) => {
    const files = {
      'openapi.yaml': `${head}components:\n  schemas:\n    Pet: {}\n    A: { $ref: ${ref} }\n`,
      'pets.yaml': 'Cat: { type: object }\n',
      'parts/owner.yaml': 'type: object\n',
    }
    expect(await helpIn(files)).toEqual([expect.stringContaining(`6:10 Did you mean ${meant}? `)])
  })

  it.each(["'#/components/schemas/Customer'", './customer.yaml', "'#/components/schemas/A'"])(
    '%s that resembles nothing is not guessed at',
    async ref => {
      const files = { 'openapi.yaml': `${head}components:\n  schemas:\n    Pet: {}\n    A: { $ref: ${ref} }\n` }
      expect(await helpIn(files)).toEqual([expect.not.stringContaining('Did you mean')])
    },
  )

  it.each([
    [
      '$ref: #/components/schemas/Pet',
      "6:7 Write it as a text: $ref: '#/components/schemas/Name'. Without quotes, what begins with # is a comment.",
    ],
    ['$ref: 5', "6:7 Write it as a text: $ref: '#/components/schemas/Name'."],
    ["$ref: '.\\parts\\owner.yaml'", '6:7 Write ./parts/owner.yaml.'],
    ['$ref: ./parts', '6:7 Correct the $ref, or add what it names.'],
  ])('for its form is told with the right form: %s', async (ref, help) => {
    const files = {
      'openapi.yaml': `${head}components:\n  schemas:\n    A:\n      ${ref}\n`,
      'parts/owner.yaml': 'type: object\n',
    }
    expect(await helpIn(files)).toEqual([help])
  })
})

it('a reference that is no text allows everything', async () => {
  const { root } = await documentOf(
    'paths: {}\ncomponents: { schemas: { A: { $ref: 5 }, B: { properties: { $ref: {} } } } }\n',
  )
  expect(root.components).toEqual({ schemas: { A: {}, B: { properties: { $ref: {} } } } })
})

it('a mapping to something else than a text is told', async () => {
  const pet =
    '{ oneOf: [], discriminator: { propertyName: a, mapping: { b: { $ref: "#/components/schemas/B" }, c: 5 } } }'
  const files = { 'openapi.yaml': `${head}paths: {}\ncomponents: { schemas: { A: ${pet}, B: {} } }\n` }
  const help = "Write the reference itself, as a text: '#/components/schemas/Name'."
  expect(await helpIn(files)).toEqual([`4:87 ${help}`, `4:126 ${help}`])
})

describe('a mistake in the text', () => {
  it.each([
    ['a tab', `${head}paths:\n\t/a: {}\n`, '4:1 Indent with spaces.'],
    [
      'a colon',
      `${head}tags:\n  - name: a\n    description: Note: this\n`,
      '5:22 Write the text in quotes: it holds a colon and a space.',
    ],
    [
      'an open quote',
      "openapi: 3.1.0\ninfo:\n  title: 'Test\n  version: '1'\n",
      '4:3 Close the quote or bracket that was opened above, or indent this line.',
    ],
    [
      'a comment for a reference',
      `${head}components: { schemas: { A: { $ref: #/B } } }\npaths: {}\n`,
      "3:31 Write the reference in quotes: $ref: '#/…'.",
    ],
    [
      'marks of a merge',
      `${head}paths:\n<<<<<<< HEAD\n  /a: {}\n=======\n  /b: {}\n>>>>>>> b\n`,
      '4:1 Resolve the merge, and take out the lines that begin with <<<<<<<, ======= and >>>>>>>.',
    ],
    [
      'a comment in JSON',
      '{\n  // a\n  "openapi": "3.1.0"\n}\n',
      '2:3 Take the comment out, or write the document in YAML.',
    ],
    ['a key twice', `${head}paths:\n  /a: {}\n  /a: {}\n`, '5:3 Make one of both, or rename one.'],
    [
      'an alias of nothing',
      `${head}paths: *all\n`,
      '3:9 Name what it stands for with &, further up, or write the text in quotes.',
    ],
  ])('comes with what to do about it: %s', async (_, text, help) => {
    expect(await helpIn({ 'openapi.yaml': text })).toEqual([help])
  })
})

describe('lint', () => {
  const linted = async (yaml: string): Promise<string[]> => {
    const document = await documentOf(yaml)
    return (await lintDocument(document, new Api(document))).map(({ code, message }) => `${code} ${message}`)
  }

  it('survives a version that is a number, and an allOf that is no list', async () => {
    expect(await linted('openapi: 3.1\ninfo: { title: Test, version: 1.0 }\npaths: {}\n')).toEqual(
      expect.arrayContaining(['document-imperfect openapi must be string, not 3.1']),
    )
    const found = await linted('paths: {}\ncomponents: { schemas: { A: { allOf: { type: object } } } }\n')
    expect(found).toEqual(expect.arrayContaining([expect.stringContaining('The rules of Redocly could not be asked')]))
  })

  it('takes bare names in a mapping for what they are', async () => {
    const found = await linted(`paths: {}
components:
  schemas:
    Cat: { type: object }
    Dog: { type: object }
    Pet: { oneOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }], discriminator: { propertyName: kind, mapping: { cat: Cat } } }
`)
    expect(found.filter(text => /resolve/.test(text))).toEqual([])
  })
})
