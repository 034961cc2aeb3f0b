import type { Document } from '../../document/index.ts'
import { type Finding, Trouble } from '../../finding/index.ts'
import type { Api, Operation } from '../../model/index.ts'
import { makeStyle } from '../../report/index.ts'
import type { Terminal } from '../command.ts'
import { tellImperfections } from '../document.ts'
import { showTrouble } from '../trouble.ts'

/** Operations that are named when they came or went; more are counted. */
const maxNamed = 3

/** What a mock says on standard error while it runs. */
export type News = {
  notice(text: string): void
  bug(error: unknown): void
  /** A document was read again. `before` is what was served until now. */
  reloaded(before: Api, after: Api, wasBroken: boolean): void
  /** A document was changed and cannot be used. */
  broken(served: Document, error: unknown): void
}

export function makeNews({ err, colours }: Terminal, quiet: boolean): News {
  const style = makeStyle(colours)
  const told = new Set<string>()
  const bug = (error: unknown): void =>
    err(`${style.red('bug')} ${error instanceof Error ? error.stack : String(error)}\n`)
  return {
    notice: text => {
      // Several workers meet the same, and so do the readings of a document.
      if (told.has(text)) return
      told.add(text)
      err(`${style.yellow('warning')} ${text}\n`)
    },
    bug,
    reloaded: (before, after, wasBroken) => {
      if (quiet && !wasBroken) return
      const again = wasBroken ? ' can be used again' : ''
      err(`${style.green('reloaded')} ${after.document.file}${again}: ${difference(before, after)}\n`)
      tellImperfections(newImperfections(before.document, after.document), { err, colours })
    },
    broken: (served, error) => {
      if (error instanceof Trouble) err(showTrouble(error, style))
      else bug(error)
      err(`${style.yellow('kept')} ${served.file} is served as it was before this edit\n`)
    },
  }
}

/** The imperfections that a document did not have before, however often each. */
export function newImperfections(before: Document, after: Document): Finding[] {
  const known = before.imperfections.map(({ message }) => message)
  return after.imperfections.filter(({ message }) => {
    const at = known.indexOf(message)
    if (at !== -1) known.splice(at, 1)
    return at === -1
  })
}

function difference(before: Api, after: Api): string {
  const count = after.operations.length
  const added = missingIn(before, after)
  const gone = missingIn(after, before)
  const parts = [
    `${count} ${count === 1 ? 'operation' : 'operations'}`,
    ...(added.length > 0 ? [`new ${named(added)}`] : []),
    ...(gone.length > 0 ? [`gone ${named(gone)}`] : []),
  ]
  return parts.join('; ')
}

function missingIn(one: Api, other: Api): Operation[] {
  const known = new Set(one.operations.map(nameOf))
  return other.operations.filter(operation => !known.has(nameOf(operation)))
}

function named(operations: readonly Operation[]): string {
  const names = operations.slice(0, maxNamed).map(nameOf).join(', ')
  return operations.length > maxNamed ? `${names} and ${operations.length - maxNamed} more` : names
}

function nameOf({ method, path }: Operation): string {
  return `${method} ${path}`
}
