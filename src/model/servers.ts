import type { Part } from './part.ts'

/** Addresses that the variables of one server may make; beyond it, only what the defaults make counts. */
const maxAddresses = 100

/** The paths of these servers, longest first: what requests carry in front of the templates. */
export function basePathsOf(servers: readonly Part[]): string[] {
  const paths = servers.flatMap(addressesOf).map(pathOf)
  return [...new Set(paths)].filter(path => path !== '').sort((a, b) => b.length - a.length)
}

/** The addresses of these servers, without a closing slash. */
export function serverUrls(servers: readonly Part[]): string[] {
  return [...new Set(servers.flatMap(addressesOf).map(address => address.replace(/\/+$/, '')))]
}

/** The URL templates of a server with the listed values, or else the default, of each variable put in. */
function addressesOf(server: Part): string[] {
  let addresses = ['']
  for (const [at, piece] of (server.text('url') ?? '').split(/\{([^}]*)\}/).entries()) {
    const values = at % 2 === 0 ? [piece] : valuesOf(server.get('variables')?.get(piece))
    const fitting = addresses.length * values.length > maxAddresses ? values.slice(0, 1) : values
    addresses = addresses.flatMap(address => fitting.map(value => address + value))
  }
  return addresses
}

/** The default comes first. */
function valuesOf(variable: Part | undefined): string[] {
  const listed = variable?.get('enum')?.value
  const values = Array.isArray(listed) ? listed.filter(value => typeof value === 'string') : []
  return [...new Set([variable?.text('default') ?? '', ...values])]
}

/** The path of an address without a closing slash; one without scheme and host is relative to where the document is. */
function pathOf(address: string): string {
  const withoutHost = address.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '')
  try {
    return new URL(withoutHost === '' ? '/' : withoutHost, 'http://localhost').pathname.replace(/\/+$/, '')
  } catch {
    return ''
  }
}
