// Owns backends that are wrong in one way each, and the case of the contract that has to find them out.
// Does not own how a registry is made wrong (altered.ts).
import { RegistryError } from '../../src/errors.ts'
import type { Registry, Result, Service } from '../../src/registry/types.ts'
import { type Alteration, RetoldWatcher, retelling } from './altered.ts'

export interface Mutant {
  /** `group: title` */
  readonly caughtBy: string
  readonly alter: Alteration
}

const bare = ({ nodes }: Service) => nodes.map((node) => ({ ...node, id: '' }))
const nobody = { name: 'nobody', version: '', metadata: {}, endpoints: [], nodes: [] }

/** What getService tells is replaced. */
function answering(change: (services: readonly Service[]) => readonly Service[]): Alteration {
  return (registry) => ({ getService: async (...args) => change(await registry.getService(...args)) })
}

/** What getService tells in place of its error. */
function excusing(answer: (error: unknown) => readonly Service[]): Alteration {
  return (registry) => ({ getService: (...args) => registry.getService(...args).catch(answer) })
}

const WATCHERS: Readonly<Record<string, Mutant>> = {
  'drops deletes': {
    caughtBy: 'watch: tells a create and then a delete, each with the whole node',
    alter: retelling((result) => (result.action === 'delete' ? [] : [result])),
  },
  'tells every create twice': {
    caughtBy: 'watch: hears of the nodes of its own registry as well',
    alter: retelling((result) => (result.action === 'create' ? [result, result] : [result])),
  },
  'tells a create as an update': {
    caughtBy: 'watch: tells a create and then a delete, each with the whole node',
    alter: retelling((result) => [{ ...result, action: result.action === 'create' ? 'update' : result.action }]),
  },
  'publishes no updates': {
    caughtBy: 'register again: with changed data is an update in place',
    alter: retelling((result) => (result.action === 'update' ? [] : [result])),
  },
  'tells of a delete without the node': {
    caughtBy: 'go-micro: TestWatcher: every service is a create and then a delete of the same',
    alter: retelling((result) => [
      result.action === 'delete' ? { ...result, service: { ...result.service, metadata: {}, nodes: [] } } : result,
    ]),
  },
  'says expired of a goodbye': {
    caughtBy: 'close: says goodbye to everything that is registered, and to nothing of others',
    alter: retelling((result) => [result.reason ? { ...result, reason: 'expired' } : result]),
  },
  'tells nothing of a lapse': {
    caughtBy: 'ttl: a registration that is not renewed lapses, neither sooner nor later, and watchers are told',
    alter: retelling((result) => (result.reason === 'expired' ? [] : [result])),
  },
  'has no snapshot': {
    caughtBy: 'watch: begins with what is known, marked as initial',
    alter: retelling((result) => (result.initial ? [] : [result])),
  },
  'does not mark the snapshot': {
    caughtBy: 'watch: begins with what is known, marked as initial',
    alter: retelling(({ initial: _, ...result }) => [result]),
  },
  'ignores the filter': {
    caughtBy: 'watch: of one service hears nothing of others',
    alter: (registry) => ({ watch: ({ service: _, ...rest } = {}) => registry.watch(rest) }),
  },
  'leaks after stop': {
    caughtBy: 'the end of a watch: nothing is told after stop',
    alter: retelling((result) => [result], { stops: false }),
  },
  'drops what a slow reader has not read': {
    caughtBy: 'watch: a reader that comes back after a while has missed no node',
    alter: retelling((result) => [result], { room: 1 }),
  },
  'gives each result to one of its watchers only': {
    caughtBy: 'watch: takes nothing from another watch',
    alter: rival,
  },
}

function rival(registry: Registry): Partial<Registry> {
  const taken = new Set<Result>()
  const retell = (result: Result) => (taken.has(result) ? [] : [...taken.add(result)].slice(-1))
  return { watch: (asked) => new RetoldWatcher(registry.watch(asked), retell) }
}

const ANSWERS: Readonly<Record<string, Mutant>> = {
  'answers [] for ERR_NOT_FOUND': {
    caughtBy: 'getService: an unknown name is ERR_NOT_FOUND after the timeout',
    alter: excusing(() => []),
  },
  'rejects with an error that has no code': {
    caughtBy: 'getService: an unknown name is ERR_NOT_FOUND after the timeout',
    alter: excusing(() => {
      throw new Error('not found')
    }),
  },
  'leaves a service without nodes after the lapse': {
    caughtBy: 'ttl: go-micro TestMemoryRegistryTTLConcurrent: whoever asks after the lapse is told ERR_NOT_FOUND',
    alter: excusing(() => [nobody]),
  },
  'loses endpoints': {
    caughtBy: 'register: what was registered is found elsewhere, complete',
    alter: answering((services) => services.map((service) => ({ ...service, endpoints: [] }))),
  },
  'loses the ids of nodes': {
    caughtBy: 'register: and here, like the nodes of everybody else',
    alter: answering((services) => services.map((service) => ({ ...service, nodes: bare(service) }))),
  },
  'knows one version only': {
    caughtBy: 'go-micro: TestMemoryRegistry: versions grow with each register, and are not found when all have gone',
    alter: answering((services) => services.slice(0, 1)),
  },
  'answers in another order': {
    caughtBy: 'getService: one service per version, nodes merged, in the order of their names',
    alter: answering((services) => [...services].reverse()),
  },
  'lists names only': {
    caughtBy: 'listServices: tells every version of every service, complete, in the order of their names',
    alter: (registry) => ({
      listServices: async (...args) => (await registry.listServices(...args)).map(({ name }) => ({ ...nobody, name })),
    }),
  },
  'sleeps out the timeout': {
    caughtBy: 'getService: a warm answer takes no time',
    alter: (registry) => ({ getService: (name, asked) => registry.getService(name, { ...asked, minNodes: 99 }) }),
  },
  'does not wait for minNodes': {
    caughtBy: 'getService: minNodes waits for as many, or for the timeout',
    alter: (registry) => ({ getService: (name, asked) => registry.getService(name, { ...asked, minNodes: 1 }) }),
  },
  'ignores the timeout of its options': {
    caughtBy: 'getService: init changes the timeout',
    alter: (registry) => ({ getService: (name, asked) => registry.getService(name, { timeout: 3_000, ...asked }) }),
  },
  'ignores a signal': {
    caughtBy: 'signals: an aborted getService rejects with the reason, and so does listServices',
    alter: (registry) => ({ getService: (name, { signal: _, ...asked } = {}) => registry.getService(name, asked) }),
  },
  'never forgets an answer': { caughtBy: 'register again: with another address ends with that address', alter: stale },
  'hands out what it goes on using': { caughtBy: 'getService: nobody can change what others are told', alter: stale },
  'takes the last part of a name for the name': {
    caughtBy: 'names: a name with dots is one name, and no part of it is another',
    alter: (registry) => ({
      getService: async (name, asked) => {
        const services = await registry.listServices(asked)
        const found = services.filter((service) => service.name.endsWith(name))
        return found.length > 0 ? found : registry.getService(name, asked)
      },
    }),
  },
}

function stale(registry: Registry): Partial<Registry> {
  const answers = new Map<string, readonly Service[]>()
  return {
    getService: async (name, asked) => {
      const answer = answers.get(name) ?? structuredClone(await registry.getService(name, asked))
      answers.set(name, answer)
      return answer
    },
  }
}

const VERBS: Readonly<Record<string, Mutant>> = {
  'never lapses': {
    caughtBy: 'ttl: a registration that is not renewed lapses, neither sooner nor later, and watchers are told',
    alter: (registry) => ({ register: (service) => registry.register(service) }),
  },
  'lapses too soon': {
    caughtBy: 'ttl: a registration that is not renewed lapses, neither sooner nor later, and watchers are told',
    alter: (registry) => ({ register: (service, { ttl } = {}) => registry.register(service, ttl ? { ttl: 1 } : {}) }),
  },
  'does not count from the renewal': {
    caughtBy: 'ttl: a renewal counts from when it is made',
    alter: (registry) => once(registry),
  },
  'takes a ttl of 0 for none': {
    caughtBy: 'misuse: a ttl is a whole number of seconds, from 1 on',
    alter: (registry) => ({ register: (service, { ttl } = {}) => registry.register(service, ttl ? { ttl } : {}) }),
  },
  'keeps the data that came first': {
    caughtBy: 'register again: with changed data of the node, or other endpoints, is an update as well',
    alter: (registry) => once(registry),
  },
  'says goodbye at every register': {
    caughtBy: 'register again: with the same data is no news',
    alter: (registry) => ({
      register: async (service, asked) => {
        await registry.deregister({ ...service, nodes: [] }).catch(() => {})
        return registry.register(service, asked)
      },
    }),
  },
  'registers the first node only': {
    caughtBy: 'register: several nodes at once are all found',
    alter: (registry) => ({
      register: (service, asked) => registry.register({ ...service, nodes: service.nodes.slice(0, 1) }, asked),
    }),
  },
  'makes up another id each time': {
    caughtBy: 'register again: without an id renews the node that got one before',
    alter: fickle,
  },
  'lets an id be taken': {
    caughtBy: 'conflicts: an id that another program has is refused, and that program is not disturbed',
    alter: (registry) => ({ register: (service) => registry.register(service).catch(() => nobody) }),
  },
  'refuses host names': {
    caughtBy: 'names: host names are told as given, or refused where the medium has none',
    alter: (registry) => ({
      register: async (service, asked) => {
        if (service.nodes.some(({ address }) => /[a-z]/.test(address)))
          throw new RegistryError('ERR_INVALID_ADDRESS', 'an IP address')
        return registry.register(service, asked)
      },
    }),
  },
  'deregisters all nodes of a service': {
    caughtBy: 'deregister: go-micro TestRemoveNodes: ends the given nodes only',
    alter: (registry) => ({ deregister: (service) => registry.deregister({ ...service, nodes: [] }) }),
  },
  'deregisters one node only': {
    caughtBy: 'deregister: without nodes ends all of this name and version',
    alter: (registry) => ({
      deregister: async (service) => (service.nodes.length > 0 ? registry.deregister(service) : undefined),
    }),
  },
  'deregisters nothing': {
    caughtBy: 'go-micro: nats: version by version, two services become one and none',
    alter: () => ({ deregister: async () => {} }),
  },
  'rejects a deregister of what it does not know': {
    caughtBy: 'deregister: of what is not there, or not ours, does nothing',
    alter: (registry) => ({
      deregister: async (service) => {
        await registry.getService(service.name, { timeout: 0 })
        await registry.deregister(service)
      },
    }),
  },
  'says no goodbye when it closes': {
    caughtBy: 'close: says goodbye to everything that is registered, and to nothing of others',
    alter: () => ({ close: async () => {} }),
  },
  'goes on after close': {
    caughtBy: 'close: every verb is refused from then on',
    alter: (registry) => ({ listServices: () => registry.listServices().catch(() => []) }),
  },
}

/** What is registered is not registered again. */
function once(registry: Registry): Partial<Registry> {
  const done = new Map<string, Service>()
  return {
    register: async (service, asked) => {
      const key = JSON.stringify(service.nodes.map(({ id }) => id))
      const registered = done.get(key) ?? (await registry.register(service, asked))
      done.set(key, registered)
      return registered
    },
  }
}

function fickle(registry: Registry): Partial<Registry> {
  let made = 0
  return {
    register: (service, asked) => {
      const nodes = service.nodes.map((node) => ({ id: `${service.name}-${String(made++).padStart(8, '0')}`, ...node }))
      return registry.register({ ...service, nodes }, asked)
    },
  }
}

export const MUTANTS: Readonly<Record<string, Mutant>> = { ...WATCHERS, ...ANSWERS, ...VERBS }
