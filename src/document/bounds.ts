import { realpath } from 'node:fs/promises'
import path from 'node:path'
import { isAddress } from './address.ts'

/** Which files the references of one document may be read from. */
export type Bounds = {
  /** As people are told: the folder of the document, a path or an address. */
  readonly folder: string
  /** Whether a path or an address, not a link to somewhere else, may be read; what does not exist may not. */
  holds(location: string): Promise<boolean>
  /** Whether it would be read if it were there. */
  wouldHold(location: string): boolean
}

/**
 * The folder of the entry and what is below it: on the disk after links are resolved, on a server by origin and path.
 *
 * @param real the path of the entry after links are resolved, or its address
 * @param hosts hosts that the user allows besides, as `name` or `name:port`
 */
export function boundsOf(real: string, hosts: readonly string[]): Bounds {
  const isAllowed = (location: string): boolean => {
    const { host, hostname, port } = new URL(location)
    return hosts.some(allowed => allowed === host || (port === '' && allowed === hostname))
  }
  if (isAddress(real)) {
    const folder = new URL('.', real).href
    const inside = (location: string): boolean =>
      isAddress(location) && ((location.startsWith(folder) && !/%2f|%5c/i.test(location)) || isAllowed(location))
    return { folder, holds: async location => inside(location), wouldHold: inside }
  }
  const folder = path.dirname(real)
  return {
    folder,
    holds: async location => {
      if (isAddress(location)) return isAllowed(location)
      try {
        return isUnder(await realpath(location), folder)
      } catch {
        return false
      }
    },
    wouldHold: location => (isAddress(location) ? isAllowed(location) : isUnder(path.normalize(location), folder)),
  }
}

function isUnder(absolute: string, folder: string): boolean {
  const relative = path.relative(folder, absolute)
  const leaves = relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative)
  return relative !== '' && !leaves
}
