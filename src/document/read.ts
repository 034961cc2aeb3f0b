import { realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { type Finding, formatFragment, resolvePointer, Trouble } from '../finding/index.ts'
import { isAddress, locationOf, withoutFragment } from './address.ts'
import { type Bounds, boundsOf } from './bounds.ts'
import { Discriminators, isMeant } from './discriminators.ts'
import { Identities } from './identities.ts'
import { circularReferences, isSelfContained, settleReferences } from './internal.ts'
import { Hidden, isLiteral, membersNamed, type Place } from './literal.ts'
import { parsedValue, referencedBy } from './named.ts'
import { makeParser } from './parser.ts'
import { parseOf, readText, reasonOf, syntaxTrouble, unreadable } from './read-text.ts'
import { type Unresolved, unresolvedIn } from './references.ts'
import { SourceError } from './source.ts'
import { DocumentTrouble, SourceFile, type Sources } from './source-file.ts'
import { suggestingFor } from './suggest.ts'
import { trace, type Written } from './trace.ts'
import { type Dialect, dialectOf } from './upgrade/index.ts'

export type ReadOptions = {
  /** The text of the document, when it is not to be read from where its name says; relative references start there. */
  readonly text?: string
  /** Hosts, as `name` or `name:port`, that references may be read from; by default none. */
  readonly allowRemoteRefs?: readonly string[]
}

/** A document in one piece: external references are gone, internal ones are kept. */
export type Bundle = {
  readonly root: Record<string, unknown>
  readonly dialect: Dialect
  readonly entry: string
  readonly sources: Sources
  readonly bounds: Bounds
  /** Where schemas are kept by name. */
  readonly schemasAt: readonly string[]
  /** Where what these tokens lead to was written. */
  readonly trace: (tokens: readonly string[]) => Written
  /** The values of the files beside the entry, as far as they have become parts of `root`. */
  readonly files: ReadonlySet<unknown>
  /** References that lead nowhere inside a file that was read, and the objects of `root` that hold them. */
  readonly dead: { readonly unresolved: readonly Unresolved[]; readonly owners: ReadonlySet<object> }
  /** Gives literal values their `$ref` and `$id` back, once nothing resolves references any more. */
  readonly giveBack: () => void
}

/**
 * Reads a document and the files it references. Nothing outside the folder of the entry file is read, after links are
 * resolved, and nothing from hosts that are not allowed. Throws {@link DocumentTrouble}.
 *
 * @param name a path, or an http(s) address
 */
export async function readBundle(name: string, options: ReadOptions = {}): Promise<Bundle> {
  const entry = await readEntry(name, options)
  const names: Names = {
    identities: new Identities(entry.absolute),
    discriminators: new Discriminators(entry.absolute, entry.bounds),
  }
  const alone = readAlone(entry, names)
  if (alone !== undefined) return alone
  const literals: Places = new Map()
  const dead = new Map<string, Unresolved>()
  for (;;) {
    const outcome = await bundle(entry, names, literals, dead)
    if (!('retry' in outcome)) return outcome
    for (const reference of outcome.retry) {
      const { source, tokens, isDead } = reference
      const places = literals.get(source.absolute) ?? []
      literals.set(source.absolute, [...places, { tokens: tokens.slice(0, -1), key: '$ref' }])
      if (isDead && !isTolerated(reference, entry)) dead.set(placeOf(reference), reference)
    }
  }
}

/** What is known of the parts of a document besides where they stand. */
type Names = { readonly identities: Identities; readonly discriminators: Discriminators }

/** By file, the places of references that lead nowhere, which no resolver may see. */
type Places = Map<string, readonly Place[]>

function placeOf({ source, tokens }: Unresolved): string {
  return `${source.absolute}\0${tokens.slice(0, -1).join('\0')}`
}

function isHidden({ source, tokens }: Unresolved, literals: Places): boolean {
  const place = tokens.slice(0, -1).join('\0')
  return literals.get(source.absolute)?.some(hidden => hidden.tokens.join('\0') === place) ?? false
}

/** Whether a reference is part of a value, or stands for a name, which may both lead nowhere. */
function isTolerated({ source, tokens }: Unresolved, { absolute }: Entry): boolean {
  return isLiteral(tokens, source.absolute === absolute) || isMeant(tokens.slice(0, -1))
}

type Entry = { readonly absolute: string; readonly bounds: Bounds; readonly text: string }

/** A document that refers to nothing but itself is in one piece already; most are. */
function readAlone({ absolute, bounds, text }: Entry, names: Names): Bundle | undefined {
  const source = sourceOf(absolute, text, names)
  const sources: Sources = new Map([[absolute, source]])
  const value = parseOf(source, sources)
  const dialect = refuseOther(value, source, sources)
  names.identities.learn(absolute, text, value)
  const hasDiscriminators = text.includes('discriminator')
  if (hasDiscriminators) names.discriminators.learn(absolute, value)
  source.settle(value)
  if (!isSelfContained(value)) return undefined
  if (hasDiscriminators) names.discriminators.complete(absolute, value)
  if (!isSelfContained(value)) return undefined
  const root = value as Record<string, unknown>
  const unresolved = settleReferences(root, source)
  const owners = new Set(unresolved.map(({ tokens }) => resolvePointer(root, tokens.slice(0, -1)) as object))
  const dead = { unresolved, owners }
  return { root, dialect, ...placesOf(source, sources, bounds, dialect), files: new Set(), dead, giveBack: () => {} }
}

function sourceOf(absolute: string, text: string, { identities, discriminators }: Names): SourceFile {
  const settle = (value: unknown): void => {
    identities.settle(absolute, value)
    if (text.includes('discriminator')) discriminators.settle(absolute, value)
  }
  return new SourceFile(absolute, text, settle, value => discriminators.complete(absolute, value))
}

function placesOf(
  entry: SourceFile,
  sources: Sources,
  bounds: Bounds,
  { field }: Dialect,
): Pick<Bundle, 'entry' | 'sources' | 'bounds' | 'schemasAt' | 'trace'> {
  return {
    entry: entry.absolute,
    sources,
    bounds,
    schemasAt: field === 'swagger' ? ['definitions'] : ['components', 'schemas'],
    trace: tokens => trace(sources, entry, tokens),
  }
}

async function bundle(
  entry: Entry,
  names: Names,
  literals: Places,
  dead: ReadonlyMap<string, Unresolved>,
): Promise<Bundle | { readonly retry: readonly Unresolved[] }> {
  const sources: Sources = new Map()
  const hidden = new Hidden()
  const owners = new Set<object>()
  const files = new Set<unknown>()
  const { bounds } = entry
  const { identities, discriminators } = names
  let failure: DocumentTrouble | undefined
  const known = identities.size
  const parser = await makeParser()

  const parse = (absolute: string, text: string): unknown => {
    const source = sourceOf(absolute, text, names)
    sources.set(absolute, source)
    const value = parseOf(source, sources)
    if (absolute !== entry.absolute) files.add(value)
    identities.learn(absolute, text, value)
    discriminators.learn(absolute, value)
    source.settle(value)
    discriminators.complete(absolute, value)
    if (value === undefined && absolute !== entry.absolute) {
      throw syntaxTrouble(source, new SourceError('document-syntax', 'the file is empty', 0), sources)
    }
    for (const place of literals.get(absolute) ?? []) {
      const owner = hidden.hide(value, place)
      if (owner !== undefined && dead.has(`${absolute}\0${place.tokens.join('\0')}`)) owners.add(owner)
    }
    // A `$id` would change what the references below it are relative to, in examples too.
    for (const place of text.includes('$id') ? membersNamed('$id', value) : []) hidden.hide(value, place)
    return value
  }
  const keepFailure = <T>(error: unknown): T => {
    if (error instanceof DocumentTrouble) failure ??= error
    throw error
  }
  const options = {
    resolve: {
      http: false,
      file: {
        order: 1,
        canRead: true,
        read: async ({ url }: { url: string }) => {
          const absolute = locationOf(url)
          if (absolute === undefined || !(await bounds.holds(absolute))) throw new Error(`refused: ${url}`)
          // What a mapping names may be the remains of files that are one now.
          const keep = discriminators.maps(absolute) ? undefined : keepFailure<string>
          return await readText(absolute, sources).catch(keep)
        },
      },
    },
    parse: {
      json: false,
      binary: false,
      text: false,
      yaml: {
        order: 1,
        canParse: true,
        allowEmpty: true,
        parse: ({ url, data }: { url: string; data: string | Buffer }) => {
          try {
            return parse(locationOf(url) ?? url, String(data))
          } catch (error) {
            return keepFailure(error)
          }
        },
      },
    },
  } as const

  const value = parse(entry.absolute, entry.text)
  const dialect = refuseOther(value, sources.get(entry.absolute) as SourceFile, sources)
  try {
    const root = (await parser.bundle(entry.absolute, value as never, options)) as unknown as Bundle['root']
    // What was read before may have meant it by its name.
    if (identities.size > known || discriminators.isBehind()) return { retry: [] }
    const circles = circularReferences(root, sources.get(entry.absolute) as SourceFile)
    for (const { tokens } of circles) owners.add(resolvePointer(root, tokens.slice(0, -1)) as object)
    const unresolved = [...dead.values(), ...circles]
    return {
      root,
      dialect,
      ...placesOf(sources.get(entry.absolute) as SourceFile, sources, bounds, dialect),
      files,
      dead: { unresolved, owners },
      giveBack: () => {
        hidden.giveBack()
        bury(owners)
      },
    }
  } catch (error) {
    if (failure !== undefined && isTelling(failure, entry)) throw failure
    await learnBeside(sources, bounds, identities)
    if (identities.size > known) return { retry: [] }
    const unresolved = (await unresolvedIn(sources, bounds))
      .filter(reference => !isHidden(reference, literals))
      .map(reference => suggestingFor(reference, sources))
    const faults = unresolved.filter(reference => !isTolerated(reference, entry))
    if (faults.every(({ isDead }) => isDead) && unresolved.length > 0) return { retry: unresolved }
    throw referenceTrouble(error, faults, sources)
  }
}

/** Whether why a file could not be read says more than that the reference to it leads nowhere. */
function isTelling({ findings }: DocumentTrouble, { absolute }: Entry): boolean {
  return isAddress(absolute) || findings[0]?.code !== 'document-not-found'
}

/** Takes notice of the names in files that were not read before the resolver gave up. */
async function learnBeside(sources: Sources, bounds: Bounds, identities: Identities): Promise<void> {
  const known = new Set(sources.keys())
  for (const waiting = [...sources.values()]; waiting.length > 0; ) {
    for (const location of referencedBy(waiting.pop() as SourceFile)) {
      if (known.has(location) || isAddress(location) || !(await bounds.holds(location))) continue
      known.add(location)
      const source = await readText(location, sources).then(
        text => new SourceFile(location, text),
        () => undefined,
      )
      if (source === undefined) continue
      identities.learn(location, source.text, parsedValue(source))
      waiting.push(source)
    }
  }
}

/** Dead references lead into the document itself, where nothing is, so that no later reader looks for a file. */
function bury(owners: ReadonlySet<object>): void {
  for (const owner of owners) {
    const { $ref } = owner as { $ref?: unknown }
    Object.assign(owner, { $ref: `#${formatFragment(['unresolved', String($ref)])}` })
  }
}

/** What is not an OpenAPI description at all is told apart from one that is broken. */
function refuseOther(value: unknown, source: SourceFile, sources: Sources): Dialect {
  const dialect = dialectOf(value)
  if (dialect !== undefined) return dialect
  const openapi = resolvePointer(value, ['openapi'])
  const swagger = resolvePointer(value, ['swagger'])
  const found = [
    openapi !== undefined && `openapi: ${JSON.stringify(openapi)}`,
    swagger !== undefined && `swagger: ${JSON.stringify(swagger)}`,
  ].find(Boolean)
  const message = found
    ? `${source.shown} states ${found}, which contrato does not read`
    : `${source.shown} is not an OpenAPI document: it has no "openapi" field`
  const help = "State the version at the top of the document: `openapi: 3.1.0`, 3.0.x, 3.2.x, or `swagger: '2.0'`."
  const position = source.positionOf(openapi === undefined ? ['swagger'] : ['openapi'])
  throw new DocumentTrouble(
    message,
    help,
    [{ code: 'document-unsupported', severity: 'error', message, help, position }],
    sources,
  )
}

async function readEntry(name: string, { text, allowRemoteRefs = [] }: ReadOptions): Promise<Entry> {
  if (isAddress(name)) {
    const absolute = addressOf(name)
    return {
      absolute,
      bounds: boundsOf(absolute, allowRemoteRefs),
      text: text ?? (await readText(absolute, new Map())),
    }
  }
  const absolute = path.resolve(name)
  if (text !== undefined) {
    const folder = await realpath(path.dirname(absolute))
    const bounds = boundsOf(path.join(folder, path.basename(absolute)), allowRemoteRefs)
    return { absolute, bounds, text: withoutMark(text) }
  }
  try {
    const found = await stat(absolute)
    if (found.isDirectory()) throw unreadable(name, 'it is a folder', 'Name the OpenAPI file inside it.')
    const bounds = boundsOf(await realpath(absolute), allowRemoteRefs)
    return { absolute, bounds, text: await readText(absolute, new Map()) }
  } catch (error) {
    if (error instanceof Trouble) throw error
    throw unreadable(name, reasonOf(error), 'Check the path; a relative path starts at the current folder.')
  }
}

/** Files have it taken off where they are decoded. */
function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text
}

function addressOf(name: string): string {
  const url = URL.canParse(name) ? new URL(name) : undefined
  if (url === undefined) throw unreadable(name, 'it is no URL', 'Give it as https://api.example/openapi.yaml.')
  if (url.username === '' && url.password === '') return withoutFragment(url)
  const shown = `${url.origin}${url.pathname}`
  throw unreadable(shown, 'its URL holds credentials', 'Fetch it yourself and pipe it in: curl … | contrato mock -')
}

function referenceTrouble(error: unknown, unresolved: readonly Unresolved[], sources: Sources): DocumentTrouble {
  const findings = unresolved.map(
    ({ source, tokens, why }): Finding => ({ ...why, severity: 'error', position: source.positionOf(tokens) }),
  )
  const message = error instanceof Error ? error.message : String(error)
  const help = 'Check the references of the document.'
  const unknown: Finding = { code: 'document-invalid', severity: 'error', message, help }
  const [first = unknown] = findings
  return new DocumentTrouble(first.message, first.help, findings.length > 0 ? findings : [unknown], sources)
}
