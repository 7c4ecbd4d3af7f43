// Owns the networks of the tests: bridges without translation to the outside, with addresses that belong to nobody.
// Does not own which containers are on them.
import { type Engine, engine, LABELS } from './engine.ts'

export type Network = ReturnType<Engine['getNetwork']>

export interface NetworkOptions {
  /** Which of the subnets for these tests; no two of them at the same time. */
  readonly subnet: number
  /** Beside IPv4; by default there is none, as in the engine. */
  readonly ipv6?: boolean
}

/** RFC 2544 and RFC 3849 reserve them for tests and examples; the engine's own choice might be in use somewhere. */
const PREFIX_4 = '198.18'
const PREFIX_6 = '2001:db8'
const FIRST_SUBNET = 32

/**
 * Testcontainers' own `Network` cannot be told its addresses. It is not `Internal`: where bridged packets pass
 * iptables, the engine's rules for internal networks drop multicast.
 */
export async function createNetwork({ subnet, ipv6 = false }: NetworkOptions): Promise<Network> {
  const docker = await engine()
  const number = FIRST_SUBNET + subnet
  const subnets = [`${PREFIX_4}.${number}.0/24`, ...(ipv6 ? [`${PREFIX_6}:${number}::/64`] : [])]
  return docker.createNetwork({
    Name: `mdns-registry-test-${subnet}`,
    Driver: 'bridge',
    EnableIPv6: ipv6,
    Options: { 'com.docker.network.bridge.enable_ip_masquerade': 'false' },
    IPAM: { Driver: 'default', Config: subnets.map((Subnet) => ({ Subnet })) },
    Labels: LABELS,
  })
}

/** An address there that no container is given unless it asks for it. */
export function spareAddress(subnet: number): string {
  return `${PREFIX_4}.${FIRST_SUBNET + subnet}.200`
}

/** The IPv4 address that a container has there. */
export async function addressOn(network: Network, container: string): Promise<string> {
  const { Containers = {} } = await network.inspect()
  const [address] = Containers[container]?.IPv4Address?.split('/') ?? []
  if (address === undefined) throw new Error(`${container} is not on ${network.id}`)
  return address
}
