import { lookup } from 'node:dns/promises'
import ipaddr from 'ipaddr.js'
import { exitCodes, Trouble } from '../finding/index.ts'

/** Kinds of addresses that belong to this machine or to a network of one's own. */
const own = new Set(['loopback', 'private', 'uniqueLocal', 'linkLocal', 'unspecified', 'carrierGradeNat'])

/**
 * A check makes thousands of requests, wrong ones too, and leaves things behind. Against a host out in the internet that is
 * done only when somebody says so.
 *
 * @param confirmed hosts that are meant, as name or name:port
 * @throws Trouble with exit code 2 for a host that is neither this machine, nor in a private network, nor confirmed
 */
export async function confirmHost(url: URL, confirmed: readonly string[]): Promise<void> {
  const name = url.hostname.replace(/^\[|\]$/g, '')
  if (confirmed.some(host => [name, url.hostname, url.host].includes(host.toLowerCase()))) return
  const foreign = (await addressesOf(name)).find(address => !isOwn(address))
  if (foreign === undefined) return
  const shown = foreign === name ? name : `${name} (${foreign})`
  throw new Trouble(
    exitCodes.unusable,
    `${shown} is neither this machine nor in a private network`,
    `A check makes thousands of requests, wrong ones too, and leaves things behind. If that is meant: --confirm-host ${name}`,
  )
}

/** None where the name leads nowhere, which the first request will tell. */
async function addressesOf(name: string): Promise<string[]> {
  if (ipaddr.isValid(name)) return [name]
  if (name === 'localhost' || name.endsWith('.localhost')) return []
  try {
    return (await lookup(name, { all: true })).map(({ address }) => address)
  } catch {
    return []
  }
}

/** `::ffff:10.0.0.1` is 10.0.0.1. */
function isOwn(address: string): boolean {
  return own.has(ipaddr.process(address).range())
}
