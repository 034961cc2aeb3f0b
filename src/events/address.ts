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
  const written = ipaddr.parse(address)
  const length = bits === undefined ? (written.kind() === 'ipv4' ? 32 : 128) : Number(bits)
  // ::ffff:10.0.0.0/104 is 10.0.0.0/8.
  const isMapped = length >= 96 && read(address)?.kind() !== written.kind()
  const [network, width] = isMapped ? [ipaddr.process(address), length - 96] : [written, length]
  const contains = (candidate: string): boolean => {
    const parsed = read(candidate)
    if (parsed === undefined) return false
    if (parsed.kind() === 'ipv4' && network.kind() === 'ipv4') return (parsed as ipaddr.IPv4).match(network, width)
    return parsed.kind() === network.kind() && (parsed as ipaddr.IPv6).match(network, width)
  }
  return { text, contains }
}

/**
 * First addresses of the ranges that are `never`, and the metadata addresses; a block that reaches into one contains its
 * start or lies inside. Source: the IANA registries of special-purpose addresses.
 */
const neverStarts = [
  '0.0.0.0',
  '169.254.0.0',
  '192.0.0.0',
  '192.0.2.0',
  '192.31.196.0',
  '192.52.193.0',
  '192.88.99.0',
  '192.175.48.0',
  '198.18.0.0',
  '198.51.100.0',
  '203.0.113.0',
  '224.0.0.0',
  '240.0.0.0',
  '::',
  '::ffff:0:0:0',
  '64:ff9b::',
  '64:ff9b:1::',
  '100::',
  '2001::',
  '2001:db8::',
  '2002::',
  '2620:4f:8000::',
  '3fff::',
  '5f00::',
  'fe80::',
  'fec0::',
  'ff00::',
  ...metadata,
]

/** An address in this block that nothing may ever be sent to; `undefined` when there is none. */
export function neverIn({ text, contains }: Block): string | undefined {
  const [start = ''] = text.split('/')
  return kindOf(start) === 'never' ? start : neverStarts.find(contains)
}

/** Whether two texts name the same address, however they are written. */
export function isSameAddress(one: string, other: string): boolean {
  const [a, b] = [read(one), read(other)]
  return a !== undefined && b !== undefined && a.toString() === b.toString()
}
