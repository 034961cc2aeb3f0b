import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** Whether a file is named by an address of the web rather than by a path. */
export function isAddress(name: string): boolean {
  return /^https?:\/\//i.test(name)
}

/** What a reference names, seen from a file: an absolute path, an address, or `undefined` when it is neither. */
export function resolveReference(location: string, from: string): string | undefined {
  try {
    const url = new URL(location, isAddress(from) ? from : pathToFileURL(from))
    if (url.protocol === 'http:' || url.protocol === 'https:') return withoutFragment(url)
    return url.protocol === 'file:' && url.host === '' ? fileURLToPath(url) : undefined
  } catch {
    return undefined
  }
}

/** The path or address behind what the bundler calls a file, which is percent-encoded; `undefined` when it is neither. */
export function locationOf(bundled: string): string | undefined {
  try {
    if (isAddress(bundled)) return withoutFragment(new URL(bundled))
    const plain = bundled.replace(/#.*$/, '')
    if (plain.startsWith('file:')) return fileURLToPath(plain)
    return /^[a-z][a-z0-9+.-]+:/i.test(plain) ? undefined : path.resolve(decodeURIComponent(plain))
  } catch {
    return undefined
  }
}

/** An address as the key of what was read from it. */
export function withoutFragment(url: URL): string {
  const copy = new URL(url)
  copy.hash = ''
  return copy.href
}

/** The URI that references in a file are relative to, unless it states another. */
export function fileUri(absolute: string): string {
  return isAddress(absolute) ? absolute : pathToFileURL(absolute).href
}

/** A URI seen from another, without its fragment; `undefined` when it is none. Source: RFC 3986, section 5. */
export function resolveUri(reference: string, base: string): string | undefined {
  return URL.canParse(reference, base) ? withoutFragment(new URL(reference, base)) : undefined
}

/** What a file has to write to name another. */
export function referenceFrom(from: string, to: string): string {
  if (isAddress(from) || isAddress(to)) return fileUri(to)
  const steps = path.relative(path.dirname(from), to).split(path.sep)
  return `./${steps.map(encodeURIComponent).join('/')}`
}
