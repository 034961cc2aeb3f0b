import { readdir, readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { catalogue, type Explanation, exitCodes, Trouble } from '../../src/finding/index.ts'

describe('the catalogue', () => {
  it.each(Object.entries<Explanation>(catalogue))('explains %s in full sentences', (code, explanation) => {
    const { title, cause, fix, source = 'https://x' } = explanation
    expect(new URL(source).protocol).toBe('https:')
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/)
    expect(title).toMatch(/^[A-Z].*[^.]$/)
    expect(cause).toMatch(/^[A-Z].*\.$/s)
    expect(fix).toMatch(/^[A-Z].*\.$/s)
  })

  it('holds no code that nothing finds', async () => {
    const files = await readdir('src', { recursive: true })
    const texts = await Promise.all(
      files
        .filter(file => file.endsWith('.ts') && !file.endsWith('catalogue.ts'))
        .map(file => readFile(`src/${file}`, 'utf8')),
    )
    const source = texts.join('\n')
    expect(Object.keys(catalogue).filter(code => !source.includes(`'${code}'`))).toEqual([])
  })
})

it('trouble carries what a command needs to end', () => {
  const finding = { code: 'document-not-found', severity: 'error', message: 'm', help: 'h' } as const
  expect({ ...new Trouble(exitCodes.unusable, 'No.', 'Do.', [finding]) }).toMatchObject({
    exitCode: 2,
    help: 'Do.',
    findings: [finding],
  })
  expect(new Trouble(exitCodes.environment, 'No.', 'Do.')).toMatchObject({ message: 'No.', findings: [], exitCode: 4 })
})
