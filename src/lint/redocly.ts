import path from 'node:path'
import type { BaseResolver, Source } from '@redocly/openapi-core'
import { circlesIn, type Document } from '../document/index.ts'
import { type Finding, parsePointer, resolvePointer } from '../finding/index.ts'
import { positionIn, type Ruleset, sentence } from './ruleset.ts'

type Core = typeof import('@redocly/openapi-core')

/** Asks the rules of Redocly. It sees the files that the document was loaded from, and nothing else. */
export async function lintWithRedocly(core: Core, document: Document, ruleset: Ruleset): Promise<Finding[]> {
  const names = shownNames(document)
  const externalRefResolver = loadedFiles(core, document, names)
  const entry = document.files[0] ?? ''
  const source = await externalRefResolver.resolveDocument(null, entry, true)
  // Its parser has no quarrel with what ours has read; if ever it has, that is no finding but a failure.
  if (source instanceof Error) throw source
  // It fails on a reference to nothing but itself, which is told as an imperfection of the document.
  for (const node of circlesIn(source.parsed).keys()) Reflect.deleteProperty(node as object, '$ref')
  stateVersion(source.parsed, document.version)
  const asked = core.lintDocument({ document: source, config: ruleset.config, externalRefResolver })
  const failed: Finding[] = []
  const problems = await asked.catch((error: unknown) => {
    // The same in several files. There is nothing that its rules could be asked of then.
    if (error instanceof Error && /circular pointer/.test(error.message)) return []
    failed.push(unasked(error, document, ruleset))
    return []
  })
  const found = problems.flatMap((problem): Finding[] => {
    const [location] = problem.location
    // What it calls unused may be meant by whoever refers to it dynamically.
    const isUnused = problem.ruleId === 'no-unused-components'
    if (location === undefined || (isUnused && isAnchored(source.parsed, location.pointer ?? ''))) return []
    const { absoluteRef } = location.source
    const position = positionIn(core, names.get(absoluteRef) ?? absoluteRef, location)
    return [
      {
        code: 'ruleset',
        rule: problem.ruleId,
        severity: problem.severity === 'error' ? 'error' : 'warning',
        message: sentence(problem.message),
        help: helpFor(problem, ruleset),
        position,
        // In another file the pointer would not lead to the same place of the document.
        ...(absoluteRef === entry &&
          location.pointer !== undefined && { pointer: location.pointer.replace(/\/$/, '') }),
      },
    ]
  })
  return [...failed, ...found]
}

/** Its rules throw where a part is of another type than they expect, `allOf` no list for example. */
function unasked(error: unknown, document: Document, { file }: Ruleset): Finding {
  const reason = error instanceof Error ? error.message : String(error)
  return {
    code: 'ruleset',
    severity: 'warning',
    message: `The rules of Redocly could not be asked, they expect another form somewhere: ${reason}`,
    help: `Mend what else is told, and run it again. The rules are those of ${file}.`,
    position: document.locate('#'),
  }
}

/** It refuses a version that is a number, or no whole one. */
function stateVersion(value: unknown, version: string): void {
  if (typeof value !== 'object' || value === null) return
  if ('swagger' in value) Object.assign(value, { swagger: '2.0' })
  else if (!/^3\.\d+\./.test(version)) Object.assign(value, { openapi: `${version === '3' ? '3.0' : version}.0` })
}

function isAnchored(value: unknown, pointer: string): boolean {
  return resolvePointer(value, [...parsePointer(pointer.replace(/\/$/, '')), '$dynamicAnchor']) !== undefined
}

function helpFor({ suggest, ruleId }: { suggest: string[]; ruleId: string }, { file }: Ruleset): string {
  const meant = suggest.length > 0 ? `Did you mean ${suggest.join(' or ')}? ` : ''
  return `${meant}The rule is ${ruleId} in ${file}.`
}

/** The name by which positions call each file. */
function shownNames(document: Document): Map<string, string> {
  const shown = (absolute: string) => {
    const relative = path.relative(process.cwd(), absolute)
    return document.textOf(relative) === undefined ? absolute : relative
  }
  return new Map(document.files.map(absolute => [absolute, shown(absolute)]))
}

/**
 * A resolver that neither reads the disk nor asks the network. The references of the document all lead to files that
 * were loaded; what an `externalValue` names may lie anywhere, and is not looked at.
 */
function loadedFiles(core: Core, document: Document, names: ReadonlyMap<string, string>): BaseResolver {
  return new (class extends core.BaseResolver {
    override resolveExternalRef(base: string | null, ref: string): string {
      const literal = super.resolveExternalRef(base, ref)
      return names.has(literal) ? literal : decoded(literal)
    }

    override parseDocument(source: Source, isRoot?: boolean) {
      const parsed = super.parseDocument(source, isRoot)
      document.settle(source.absoluteRef, parsed.parsed)
      return parsed
    }

    override async loadExternalRef(absoluteRef: string) {
      const text = document.textOf(names.get(absoluteRef) ?? absoluteRef)
      if (text === undefined) throw new core.ResolveError(new Error(`${absoluteRef} is no file of the document`))
      // With a media type, a file is parsed whatever the ending of its name.
      return new core.Source(absoluteRef, text, 'application/yaml')
    }
  })()
}

/** References are URIs, in which a space of a file name is written as %20. */
function decoded(reference: string): string {
  try {
    return decodeURIComponent(reference)
  } catch {
    return reference
  }
}
