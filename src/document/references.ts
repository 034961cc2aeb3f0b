import { existsSync, statSync } from 'node:fs'
import { type Finding, formatPointer, parsePointer, resolvePointer } from '../finding/index.ts'
import { isAddress, resolveReference } from './address.ts'
import type { Bounds } from './bounds.ts'
import { type SourceFile, type Sources, showPath } from './source-file.ts'

/** A reference that leads nowhere or out of bounds, and why. */
export type Unresolved = {
  readonly source: SourceFile
  /** The tokens that lead to the `$ref` itself. */
  readonly tokens: readonly string[]
  readonly why: Pick<Finding, 'code' | 'message' | 'help'>
  /** Whether the file that it names was read, and only has nothing at that place. */
  readonly isDead: boolean
}

export type Reason = Pick<Unresolved, 'why' | 'isDead'>

/** Every reference of the files read that leads nowhere or out of bounds. */
export async function unresolvedIn(sources: Sources, bounds: Bounds): Promise<Unresolved[]> {
  const unresolved: Unresolved[] = []
  for (const source of sources.values()) {
    for (const { ref, tokens } of referencesIn(source.value)) {
      const reason = await whyUnresolved(ref, source, sources, bounds, () => source.written(tokens) ?? ref)
      if (reason !== undefined) unresolved.push({ source, tokens, ...reason })
    }
  }
  return unresolved
}

/**
 * Why a reference leads nowhere or out of bounds; `undefined` when it does neither.
 *
 * @param written the reference as its author wrote it
 */
export async function whyUnresolved(
  ref: string,
  from: SourceFile,
  sources: Sources,
  bounds: Bounds,
  written: () => string,
): Promise<Reason | undefined> {
  const [location = '', fragment = ''] = ref.split('#', 2)
  const target = location === '' ? from.absolute : resolveReference(location, from.absolute)
  const isOwn = target !== undefined && sources.has(target)
  if (target === undefined || !(isOwn || (await bounds.holds(target)))) {
    const isLost = target !== undefined && !isAddress(target) && bounds.wouldHold(target) && !existsSync(target)
    return isLost ? missing(written(), `there is no file ${showPath(target)}`) : refused(written(), target, bounds)
  }
  const source = sources.get(target)
  if (source === undefined) return missing(written(), `${showPath(target)} ${whyUnread(target)}`)
  if (leadsSomewhere(source, parsePointer(`#${fragment}`), sources, 0)) return undefined
  return nowhere(written(), source.shown, fragment)
}

function whyUnread(target: string): string {
  const isFolder = !isAddress(target) && statSync(target, { throwIfNoEntry: false })?.isDirectory()
  return isFolder ? 'is a folder' : 'could not be read'
}

/** A pointer may pass through other references on its way. */
function leadsSomewhere(source: SourceFile, tokens: readonly string[], sources: Sources, hops: number): boolean {
  if (hops > 100) return false
  let value = source.value
  for (const [at, token] of tokens.entries()) {
    const next = resolvePointer(value, [token])
    if (next === undefined) {
      const ref = resolvePointer(value, ['$ref'])
      if (typeof ref !== 'string') return false
      const [location = '', fragment = ''] = ref.split('#', 2)
      const target = location === '' ? source : sources.get(resolveReference(location, source.absolute) ?? '')
      // What was not read yet is told where its own reference stands.
      if (target === undefined) return true
      return leadsSomewhere(target, [...parsePointer(`#${fragment}`), ...tokens.slice(at)], sources, hops + 1)
    }
    value = next
  }
  return true
}

/** Why a reference into a file that was read is dead. */
export function nowhere(ref: string, shown: string, fragment = ref.split('#', 2)[1] ?? ''): Reason {
  return { ...missing(ref, `${shown} has nothing at #${fragment}`), isDead: true }
}

/** References of a circle that are shown. */
const maxShown = 3

/** Why a reference that leads to nothing but references, and in the end to itself, is dead. */
export function circular(ref: string, round: readonly string[]): Reason {
  const others = round.filter(other => other !== ref)
  const shown = others.slice(0, maxShown).join(', ')
  const more = others.length > maxShown ? ` and ${others.length - maxShown} more` : ''
  const by = others.length === 0 ? '' : ` by way of ${shown}${more}`
  return {
    why: {
      code: 'reference-missing',
      message: `$ref ${ref} leads back to itself${by}, and to nothing else`,
      help: 'Write down what it stands for in one of these places.',
    },
    isDead: true,
  }
}

function missing(ref: string, reason: string): Reason {
  return {
    why: {
      code: 'reference-missing',
      message: `$ref ${ref} leads nowhere: ${reason}`,
      help: 'Correct the $ref, or add what it names.',
    },
    isDead: false,
  }
}

function refused(ref: string, target: string | undefined, bounds: Bounds): Reason {
  const host = target !== undefined && isAddress(target) ? new URL(target).host : undefined
  const help =
    host === undefined
      ? 'Copy what it names beside the document; references are never read from elsewhere.'
      : `Copy what it names beside the document, or allow its host: --allow-remote-refs ${host}.`
  return {
    why: {
      code: 'reference-refused',
      message: `$ref ${ref} leaves the folder of the document, ${showPath(bounds.folder) || '.'}`,
      help,
    },
    isDead: false,
  }
}

/** Every `$ref` string of a value with the pointer to it. */
export function* referencesIn(
  value: unknown,
  tokens: readonly string[] = [],
): Generator<{ ref: string; tokens: string[] }> {
  if (typeof value !== 'object' || value === null) return
  for (const [key, member] of Object.entries(value)) {
    if (key === '$ref' && typeof member === 'string') yield { ref: member, tokens: [...tokens, key] }
    else yield* referencesIn(member, [...tokens, key])
  }
}

/** A pointer in the form that every reader of URIs understands, without the `#`. Source: RFC 6901, section 6. */
export function uriPointer(tokens: readonly string[]): string {
  return tokens.map(token => formatPointer([token]).replace(/[^\w.~/-]/gu, encodeURIComponent)).join('')
}
