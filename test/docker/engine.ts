// Owns the connection to the Docker engine, and the label by which all that the tests make is found and removed.
// Does not own what they make.
import { type ContainerRuntimeClient, getContainerRuntimeClient } from 'testcontainers'

export const IMAGE = 'mdns-registry:test'
/** On every container and network of these tests. */
export const LABELS = { 'mdns-registry.test': 'yes' } as const
const FILTERS = { label: Object.entries(LABELS).map(([key, value]) => `${key}=${value}`) }

export type Engine = ContainerRuntimeClient['container']['dockerode']

export async function engine(): Promise<Engine> {
  return (await getContainerRuntimeClient()).container.dockerode
}

/** Removes every container and network of these tests, also those of a run that was ended before it could. */
export async function sweep(): Promise<void> {
  const docker = await engine()
  const containers = await docker.listContainers({ all: true, filters: FILTERS })
  await Promise.all(containers.map(({ Id }) => docker.getContainer(Id).remove({ force: true, v: true })))
  const networks = await docker.listNetworks({ filters: FILTERS })
  await Promise.all(networks.map(({ Id }) => docker.getNetwork(Id).remove()))
}
