import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

type Import = { readonly from: string; readonly to: string; readonly atRunTime: boolean }

const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts'))
const imports = files.flatMap(importsOf)
const map = readFileSync('src/README.md', 'utf8')
const mayUse = new Map(rowsOf('Who may use whom').map(([room = '', others = '']) => [nameIn(room), others]))
const faces = new Set(['index.ts'])

describe('the house', () => {
  it('has every room on its map, and no other', () => {
    const rooms = new Set(files.filter(file => file.includes(path.sep)).map(roomOf))
    expect([...mayUse.keys()].sort()).toEqual([...rooms].sort())
    expect(
      rowsOf('The map of src')
        .map(([room = '']) => nameIn(room))
        .sort(),
    ).toEqual([...rooms].sort())
  })

  it('has no arrow between rooms that is not in the table', () => {
    const isAllowed = ({ from, to }: Import) => {
      const room = roomOf(from)
      const others = mayUse.get(room) ?? ''
      const isOpen = roomOf(to) === 'finding' || faces.has(from) || others === 'every face'
      return room === roomOf(to) || isOpen || others.includes(`\`${roomOf(to)}\``)
    }
    expect(imports.filter(arrow => !isAllowed(arrow)).map(shown)).toEqual([])
  })

  it('has rooms that are entered by their index only', () => {
    const isByWindow = ({ from, to }: Import) => roomOf(from) !== roomOf(to) && path.basename(to) !== 'index.ts'
    expect(imports.filter(isByWindow).map(shown)).toEqual([])
  })

  it('has no circle between files at run time', () => {
    const left = new Map(
      files.map(file => [
        file,
        new Set(imports.filter(({ from, atRunTime }) => atRunTime && from === file).map(({ to }) => to)),
      ]),
    )
    for (let before = -1; before !== left.size; ) {
      before = left.size
      for (const [file, needs] of left) if (![...needs].some(need => left.has(need))) left.delete(file)
    }
    expect([...left.keys()]).toEqual([])
  })
})

/** The imports and re-exports that a file has of others in src; those of types alone are gone at run time, those in `import()` come late. */
function importsOf(from: string): Import[] {
  const text = readFileSync(path.join('src', from), 'utf8')
  const { statements } = ts.createSourceFile(from, text, ts.ScriptTarget.Latest)
  const late = [...text.matchAll(/\bimport\('(\.[^']*)'\)/g)].map(([, to = '']) => ({ to, atRunTime: false }))
  const early = statements.flatMap(statement => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return []
    const to = statement.moduleSpecifier
    if (to === undefined || !ts.isStringLiteral(to) || !to.text.startsWith('.')) return []
    return [{ to: to.text, atRunTime: !isOfTypes(statement) }]
  })
  return [...early, ...late]
    .map(({ to, atRunTime }) => ({ from, to: path.join(path.dirname(from), to), atRunTime }))
    .filter(({ to }) => !to.startsWith('..'))
}

function isOfTypes(statement: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(statement)) return statement.isTypeOnly
  const { importClause: clause } = statement
  const names = clause?.namedBindings && ts.isNamedImports(clause.namedBindings) ? clause.namedBindings.elements : []
  return (
    clause !== undefined &&
    (clause.isTypeOnly || (names.length > 0 && !clause.name && names.every(name => name.isTypeOnly)))
  )
}

function roomOf(file: string): string {
  return file.split(path.sep)[0] ?? ''
}

function shown({ from, to }: Import): string {
  return `${from} → ${to}`
}

/** The rows of the first table under a heading of the map, without its head. */
function rowsOf(heading: string): string[][] {
  const [, section = ''] = map.split(new RegExp(`^#+ ${heading}$`, 'm'))
  const [table = ''] = /^\|.*\n\|---.*\n(?:\|.*\n)+/m.exec(section) ?? []
  return table
    .trim()
    .split('\n')
    .slice(2)
    .map(row =>
      row
        .split('|')
        .slice(1, -1)
        .map(cell => cell.trim()),
    )
}

function nameIn(cell: string): string {
  return cell.replaceAll('`', '')
}
