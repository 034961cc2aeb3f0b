import { existsSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { type Finding, parsePointer, resolvePointer } from '../finding/index.ts'
import { type SourceFile, type Sources, showPath } from './source-file.ts'

/** A reference that leads nowhere or out of the folder, and why. */
export type Unresolved = {
  readonly source: SourceFile
  readonly tokens: readonly string[]
  readonly why: Pick<Finding, 'code' | 'message' | 'help'>
}

/** Every reference of the files read that leads nowhere or out of the folder. */
export async function unresolvedIn(sources: Sources, folder: string): Promise<Unresolved[]> {
  const unresolved: Unresolved[] = []
  for (const source of sources.values()) {
    for (const { ref, tokens } of referencesIn(source.value)) {
      const why = await whyUnresolved(ref, source, sources, folder)
      if (why !== undefined) unresolved.push({ source, tokens, why })
    }
  }
  return unresolved
}

async function whyUnresolved(
  ref: string,
  from: SourceFile,
  sources: Sources,
  folder: string,
): Promise<Pick<Finding, 'code' | 'message' | 'help'> | undefined> {
  const [location = '', fragment = ''] = ref.split('#', 2)
  const target = location === '' ? from.absolute : resolveReference(location, from.absolute)
  if (target === undefined || !(await isInside(target, folder))) {
    const isLost = target !== undefined && isUnder(path.normalize(target), folder) && !existsSync(target)
    if (isLost) return missing(ref, `there is no file ${showPath(target)}`)
    return {
      code: 'reference-refused',
      message: `$ref ${ref} leaves the folder of the document, ${showPath(folder) || '.'}`,
      help: 'Copy what it names beside the document; references are never read from elsewhere or the network.',
    }
  }
  const source = sources.get(target)
  if (source === undefined) return missing(ref, `${showPath(target)} could not be read`)
  const tokens = parsePointer(`#${fragment}`)
  if (resolvePointer(source.value, tokens) !== undefined) return undefined
  // A pointer may pass through another reference; only one that no reference stands on the way of is surely wrong.
  for (let length = 0; length < tokens.length; length += 1) {
    const above = resolvePointer(source.value, tokens.slice(0, length))
    if (typeof above === 'object' && above !== null && '$ref' in above) return undefined
  }
  return missing(ref, `${source.shown} has nothing at #${fragment}`)
}

function missing(ref: string, reason: string): Pick<Finding, 'code' | 'message' | 'help'> {
  return {
    code: 'reference-missing',
    message: `$ref ${ref} leads nowhere: ${reason}`,
    help: 'Correct the $ref, or add what it names.',
  }
}

/** Every `$ref` string of a value with the pointer to it. */
function* referencesIn(value: unknown, tokens: string[] = []): Generator<{ ref: string; tokens: string[] }> {
  if (typeof value !== 'object' || value === null) return
  for (const [key, member] of Object.entries(value)) {
    if (key === '$ref' && typeof member === 'string') yield { ref: member, tokens: [...tokens, key] }
    else yield* referencesIn(member, [...tokens, key])
  }
}

/** The absolute path a reference names, or `undefined` when it is no file. */
export function resolveReference(location: string, from: string): string | undefined {
  try {
    const url = new URL(location, pathToFileURL(from))
    return url.protocol === 'file:' && url.host === '' ? fileURLToPath(url) : undefined
  } catch {
    return undefined
  }
}

/** Whether the file is there and lies below the folder, after links are resolved. */
export async function isInside(absolute: string, folder: string): Promise<boolean> {
  try {
    return isUnder(await realpath(absolute), folder)
  } catch {
    return false
  }
}

function isUnder(absolute: string, folder: string): boolean {
  const relative = path.relative(folder, absolute)
  const leaves = relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative)
  return relative !== '' && !leaves
}

/** The path behind an address of the parser, which is percent-encoded; `undefined` when it is none of a file. */
export function localPath(address: string): string | undefined {
  const isOther = /^[a-z][a-z0-9+.-]+:/i.test(address) && !address.startsWith('file:')
  try {
    const plain = address.replace(/#.*$/, '')
    if (isOther) return undefined
    return plain.startsWith('file:') ? fileURLToPath(plain) : path.resolve(decodeURIComponent(plain))
  } catch {
    return undefined
  }
}
