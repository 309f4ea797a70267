import { BlockList, isIPv6 } from 'node:net'

/** Addresses that lead nowhere, or into networks that are not the public one (IANA special-purpose registries). */
const v4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  ...['224.0.0.0/4', '240.0.0.0/4'],
]
/** Of the second line: addresses of version 4 in those of version 6, which would lead to any of the above. */
const v6 = [
  ...['::/128', '::1/128', '100::/64', '2001:db8::/32', 'fc00::/7', 'fe80::/10', 'fec0::/10', 'ff00::/8'],
  ...['::ffff:0:0/96', '::/96', '64:ff9b::/96', '64:ff9b:1::/48', '2001::/32', '2002::/16'],
]

/** One list a family: Node takes an address of version 4 for one of version 6 as well, of which `::ffff:0:0/96` are all. */
const refused = { ipv4: listOf('ipv4', v4), ipv6: listOf('ipv6', v6) }

function listOf(family: 'ipv4' | 'ipv6', subnets: readonly string[]): BlockList {
  const list = new BlockList()
  for (const subnet of subnets) {
    const [network, bits] = subnet.split('/')
    list.addSubnet(network!, Number(bits), family)
  }
  return list
}

/** @param address as the resolver gives it */
export function isPrivateAddress(address: string): boolean {
  const family = isIPv6(address) ? 'ipv6' : 'ipv4'
  return refused[family].check(address, family)
}
