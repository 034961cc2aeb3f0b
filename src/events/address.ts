import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** What an address leads to. `never` is what no list may allow. */
export type AddressKind = 'loopback' | 'private' | 'public' | 'never'

/** Ranges of ipaddr.js, by what they lead to; everything else (link-local, multicast, reserved, IPv4 in IPv6, …) is `never`. */
const kinds: Readonly<Record<string, AddressKind>> = {
  loopback: 'loopback',
  private: 'private',
  uniqueLocal: 'private',
  carrierGradeNat: 'private',
  unicast: 'public',
}

/** Where clouds tell a machine its secrets, in ranges that are harmless otherwise: AWS over IPv6, Alibaba, Azure. */
const metadata = new Set(['fd00:ec2::254', 'fd20:ce::254', '100.100.100.200', '168.63.129.16'])

/**
 * What kind of address this is. IPv4 written as IPv6 (`::ffff:127.0.0.1`) counts as the IPv4 address; other ways to put one
 * into the other (NAT64, 6to4, Teredo, …) lead who knows where.
 *
 * @param address as `lookup` or a socket name it; a zone (`%eth0`) is ignored
 */
export function kindOf(address: string): AddressKind {
  const parsed = read(address)
  if (parsed === undefined) return 'never'
  if (metadata.has(parsed.toString())) return 'never'
  // ::a.b.c.d has been deprecated for long, and the library counts it as ordinary. Source: RFC 4291, section 2.5.5.1.
  if (parsed.kind() === 'ipv6' && parsed.range() === 'unicast' && !isGlobal(parsed.toString())) return 'never'
  return kinds[parsed.range()] ?? 'never'
}

/**
 * An address, or `undefined` for a text that is none. The library takes `::127.0.0.1` for `::ffff:127.0.0.1`, which leads
 * elsewhere; written in hexadecimal digits they differ.
 */
function read(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  const plain = text.replace(/%.*$/, '')
  const version = isIP(plain)
  if (version === 0) return undefined
  return ipaddr.process(version === 6 ? new URL(`http://[${plain}]`).hostname.slice(1, -1) : plain)
}

/** Global unicast is 2000::/3. Source: RFC 4291, section 2.4, and the IANA registry. */
function isGlobal(address: string): boolean {
  return ipaddr.IPv6.parse(address).match(ipaddr.IPv6.parse('2000::'), 3)
}

/** A block of addresses. */
export type Block = { readonly text: string; readonly contains: (address: string) => boolean }

/** A block as it is written, `10.0.0.0/8`; one address is a block of itself. `undefined` when the text is none. */
export function blockOf(text: string): Block | undefined {
  const [address = '', bits] = text.split('/')
  if (isIP(address) === 0 || (bits !== undefined && !ipaddr.isValidCIDR(text))) return undefined
  const network = ipaddr.parse(address)
  const width = bits === undefined ? (network.kind() === 'ipv4' ? 32 : 128) : Number(bits)
  const contains = (candidate: string): boolean => {
    const parsed = read(candidate)
    if (parsed === undefined) return false
    if (parsed.kind() === 'ipv4' && network.kind() === 'ipv4') return (parsed as ipaddr.IPv4).match(network, width)
    return parsed.kind() === network.kind() && (parsed as ipaddr.IPv6).match(network, width)
  }
  return { text, contains }
}

/** First addresses of the ranges that are `never`; a block that reaches into one contains its start or lies inside. */
const neverStarts = [
  '0.0.0.0',
  '169.254.0.0',
  '224.0.0.0',
  '240.0.0.0',
  '::',
  'fe80::',
  'ff00::',
  '64:ff9b::',
  '2002::',
]

/** Whether a block leads where nothing may ever be sent. */
export function reachesNever({ text, contains }: Block): boolean {
  const [start = ''] = text.split('/')
  return kindOf(start) === 'never' || neverStarts.some(contains)
}
