import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { exitCodes, Trouble } from '../finding/index.ts'
import { type Block, blockOf, kindOf, reachesNever } from './address.ts'

/** All addresses of a name. */
export type Resolve = (host: string) => Promise<readonly string[]>

export type PolicyOptions = {
  /** The address that the mock itself is bound to; nothing for a mock that is a function only. */
  readonly boundTo?: string
  /** The port that the mock itself listens on; it is never called at an address of this machine. */
  readonly ownPort?: number
  /** What may be called beyond the usual: `10.0.0.0/8`, `192.168.1.5`, `receiver.internal`. */
  readonly allowTargets?: readonly string[]
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
  readonly #resolve: Resolve

  /** @throws Trouble with exit code 2 for an entry that is neither address, block nor host, or leads where nothing may go */
  constructor({ boundTo, ownPort, allowTargets = [], resolve = resolveAll }: PolicyOptions = {}) {
    const entries = allowTargets.map(text => ({ text, block: blockOf(text.replace(/^\[(.*)\]$/, '$1')) }))
    for (const { text, block } of entries) if (block !== undefined) refuseNever(text, block)
    const names = entries.filter(({ block }) => block === undefined).map(({ text }) => hostOf(text))
    this.#blocks = entries.flatMap(({ block }) => block ?? [])
    this.#hosts = new Set(names)
    this.#isPrivate = boundTo === undefined || isLoopback(boundTo)
    this.#ownPort = ownPort
    this.#resolve = resolve
  }

  /** Judges every address that a URL leads to now; the connection is then made to one of them and to no other. */
  async judge(url: URL): Promise<Verdict> {
    if (url.protocol !== 'http:' && url.protocol !== 'https:') {
      return { kind: 'blocked', says: `${url.protocol} is not http or https` }
    }
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
    let addresses: readonly string[]
    try {
      addresses = isIP(host) > 0 ? [host] : await this.#resolve(host)
    } catch (error) {
      return { kind: 'unresolved', says: `${host} has no address: ${error instanceof Error ? error.message : error}` }
    }
    if (addresses.length === 0) return { kind: 'unresolved', says: `${host} has no address` }
    for (const address of addresses) {
      const says = this.#objection(host, address, url)
      if (says !== undefined) return { kind: 'blocked', says }
    }
    return { kind: 'allowed', addresses }
  }

  #objection(host: string, address: string, url: URL): string | undefined {
    const kind = kindOf(address)
    const who = host === address ? address : `${host} (${address})`
    if (kind === 'never') {
      return `${who} is a link-local, metadata, multicast or otherwise special address, which is never called`
    }
    const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
    if (kind !== 'public' && port === this.#ownPort) return `${who} port ${port} is this mock itself`
    if (this.#hosts.has(host.toLowerCase()) || this.#blocks.some(({ contains }) => contains(address))) return undefined
    if (this.#isPrivate && kind !== 'private') return undefined
    const why = this.#isPrivate
      ? `${who} is a private address`
      : `${who} is not listed, and the mock can be reached from other machines`
    return `${why}; --allow-target ${host} would allow it`
  }
}

function isLoopback(host: string): boolean {
  return host.toLowerCase() === 'localhost' || kindOf(host) === 'loopback'
}

function refuseNever(text: string, block: Block): void {
  if (!reachesNever(block)) return
  throw new Trouble(
    exitCodes.unusable,
    `--allow-target ${text} covers link-local, metadata, multicast or other special addresses, which are never called`,
    'Give smaller blocks, such as 10.0.0.0/8 or 192.168.1.5.',
  )
}

function hostOf(text: string): string {
  const isName = /^[\p{L}\p{N}._-]+$/u.test(text) && URL.canParse(`http://${text}`) && isIP(text) === 0
  // What `URL` makes an address of (`0x7f.1`) would be compared with an address later, not with this text.
  if (isName && isIP(new URL(`http://${text}`).hostname) === 0) return new URL(`http://${text}`).hostname
  throw new Trouble(
    exitCodes.unusable,
    `--allow-target ${text} is neither an address, a block of addresses nor a host`,
    'Give it as 192.168.1.5, 10.0.0.0/8 or receiver.internal, without scheme and port.',
  )
}

async function resolveAll(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address)
}
