import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import { exitCodes, Trouble } from '../finding/index.ts'
import { type Block, blockOf, isSameAddress, kindOf, neverIn } from './address.ts'

/** A server of our own that events must not reach. */
export type OwnServer = {
  /** What it is, as `the Redis of this mock`. */
  readonly what: string
  /** A name or an address. */
  readonly host: string
  readonly port: number
}

/** All addresses of a name. */
export type Resolve = (host: string) => Promise<readonly string[]>

export type PolicyOptions = {
  /** The address that the mock itself is bound to; nothing for a mock that is a function only. */
  readonly boundTo?: string
  /** The port that the mock itself listens on; it is never called at an address of this machine. */
  readonly ownPort?: number
  /** What may be called beyond the usual: `10.0.0.0/8`, `192.168.1.5`, `receiver.internal`. */
  readonly allowTargets?: readonly string[]
  /** Servers that are never called, whatever is listed. */
  readonly ownServers?: readonly OwnServer[]
  readonly resolve?: Resolve
}

/** Where one attempt may connect to, or why it may not. */
export type Verdict =
  | { readonly kind: 'allowed'; readonly addresses: readonly string[] }
  | { readonly kind: 'blocked'; readonly says: string }
  | { readonly kind: 'unresolved'; readonly says: string }

/**
 * Decides where events may go. A mock that only this machine reaches may call this machine and public addresses; one that
 * others reach calls what it is told to, because others say where it calls.
 */
export class Policy {
  readonly #blocks: readonly Block[]
  readonly #hosts: ReadonlySet<string>
  readonly #isPrivate: boolean
  readonly #ownPort: number | undefined
  readonly #ownServers: readonly OwnServer[]
  readonly #resolve: Resolve

  /** @throws Trouble with exit code 2 for an entry that is neither address, block nor host, or leads where nothing may go */
  constructor(options: PolicyOptions = {}) {
    const { boundTo, ownPort, allowTargets = [], ownServers = [], resolve = resolveAll } = options
    const entries = allowTargets.map(text => ({ text, block: blockOf(text.replace(/^\[(.*)\]$/, '$1')) }))
    for (const { text, block } of entries) if (block !== undefined) refuseNever(text, block)
    const names = entries.filter(({ block }) => block === undefined).map(({ text }) => hostOf(text))
    this.#blocks = entries.flatMap(({ block }) => block ?? [])
    this.#hosts = new Set(names)
    this.#isPrivate = boundTo === undefined || isLoopback(boundTo)
    this.#ownPort = ownPort
    this.#ownServers = ownServers
    this.#resolve = resolve
  }

  /** Judges every address that a URL leads to now; the connection is then made to one of them and to no other. */
  async judge(url: URL): Promise<Verdict> {
    if (url.protocol !== 'http:' && url.protocol !== 'https:') {
      return { kind: 'blocked', says: `${url.protocol} is not http or https` }
    }
    const host = hostIn(url)
    let addresses: readonly string[]
    try {
      addresses = isIP(host) > 0 ? [host] : await this.#resolve(host)
    } catch (error) {
      return { kind: 'unresolved', says: `${host} has no address: ${error instanceof Error ? error.message : error}` }
    }
    if (addresses.length === 0) return { kind: 'unresolved', says: `${host} has no address` }
    const port = portIn(url)
    for (const address of addresses) {
      const says = this.#objection(host, address, port)
      if (says !== undefined) return { kind: 'blocked', says }
    }
    const own = await this.#ownAt(addresses, port)
    if (own !== undefined)
      return { kind: 'blocked', says: `${host} port ${port} is ${own.what}, which is never called` }
    return { kind: 'allowed', addresses }
  }

  /** The server of our own that one of these addresses leads to. */
  async #ownAt(addresses: readonly string[], port: number): Promise<OwnServer | undefined> {
    for (const own of this.#ownServers) {
      if (own.port !== port) continue
      const theirs = isIP(own.host) > 0 ? [own.host] : await this.#resolve(own.host).catch(() => [])
      const isHere = theirs.some(isOfThisMachine)
      if (addresses.some(each => theirs.some(one => isSameAddress(one, each)) || (isHere && isOfThisMachine(each))))
        return own
    }
    return undefined
  }

  #objection(host: string, address: string, port: number): string | undefined {
    const kind = kindOf(address)
    const who = host === address ? address : `${host} (${address})`
    if (kind === 'never') {
      return `${who} is a link-local, metadata, multicast or otherwise special address, which is never called`
    }
    if (port === this.#ownPort && isOfThisMachine(address)) {
      return `${who} port ${port} is this mock itself, which is never called`
    }
    if (this.#hosts.has(host) || this.#blocks.some(({ contains }) => contains(address))) return undefined
    if (this.#isPrivate && kind !== 'private') return undefined
    const why = this.#isPrivate
      ? `${who} is a private address`
      : `${who} is not listed, and the mock can be reached from other machines`
    return `${why}; --allow-target ${host} would allow it`
  }
}

/** The host of a URL as it is looked up: an address without its brackets, a name without the dot of the root. */
export function hostIn({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1').replace(/(.)\.$/, '$1')
}

export function portIn({ port, protocol }: URL): number {
  return Number(port || (protocol === 'https:' ? 443 : 80))
}

function isOfThisMachine(address: string): boolean {
  if (kindOf(address) === 'loopback') return true
  const own = Object.values(networkInterfaces()).flatMap(each => each ?? [])
  return own.some(each => isSameAddress(each.address, address))
}

function isLoopback(host: string): boolean {
  return host.toLowerCase() === 'localhost' || kindOf(host) === 'loopback'
}

function refuseNever(text: string, block: Block): void {
  const never = neverIn(block)
  if (never === undefined) return
  throw new Trouble(
    exitCodes.unusable,
    `--allow-target ${text} covers ${never}: link-local, metadata, multicast and other special addresses are never called`,
    'Give smaller blocks, such as 10.0.0.0/8 or 192.168.1.5.',
  )
}

function hostOf(text: string): string {
  const isName = /^[\p{L}\p{N}._-]+$/u.test(text) && URL.canParse(`http://${text}`) && isIP(text) === 0
  // What `URL` makes an address of (`0x7f.1`) would be compared with an address later, not with this text.
  if (isName && isIP(new URL(`http://${text}`).hostname) === 0) return hostIn(new URL(`http://${text}`))
  throw new Trouble(
    exitCodes.unusable,
    `--allow-target ${text} is neither an address, a block of addresses nor a host`,
    'Give it as 192.168.1.5, 10.0.0.0/8 or receiver.internal, without scheme and port.',
  )
}

async function resolveAll(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address)
}
