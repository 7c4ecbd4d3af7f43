// Owns the grammar of the command line: commands, their options, and their help.
// Does not own the verbs (commands/) nor how long they run (main.ts).
import { Command, Option } from 'commander'
import type { Rhythm } from '../lifecycle/rhythm.ts'
import {
  collect,
  nodeAddress,
  parseInterval,
  parseList,
  parsePairs,
  parsePort,
  parseTimeout,
  parseTtl,
  parseTxt,
  parseWires,
} from './arguments.ts'
import { advertise } from './commands/advertise.ts'
import { type BrowseRequest, browse } from './commands/browse.ts'
import { demo } from './commands/demo.ts'
import { get } from './commands/get.ts'
import { list } from './commands/list.ts'
import { lookup } from './commands/lookup.ts'
import { register } from './commands/register.ts'
import { resolve } from './commands/resolve.ts'
import { types } from './commands/types.ts'
import { watch } from './commands/watch.ts'
import type { ExitCode } from './exit-code.ts'
import * as help from './help.ts'
import type { CommonOptions, Session } from './session.ts'

export type Verb = (session: Session) => Promise<ExitCode>
/** Runs a verb in a session of its own. */
export type Launch = (options: CommonOptions, verb: Verb) => Promise<void>

interface RegisterFlags {
  readonly port?: number
  readonly id?: string
  readonly serviceVersion?: string
  readonly address?: string
  readonly metadata?: readonly string[]
  readonly endpoint?: readonly string[]
  readonly ttl?: number
  readonly interval?: number
}

interface AdvertiseFlags {
  readonly subtype?: readonly string[]
  readonly host?: string
}

export function createProgram(version: string, launch: Launch): Command {
  const program = new Command('mdns-registry')
    .description('Register, find and watch services on the local link, with no server.')
    .version(version)
    .option('-i, --interface <name|address>', 'use only this interface; may be given more than once', collect)
    .option('-4, --ipv4', 'IPv4 only')
    .option('-6, --ipv6', 'IPv6 only')
    .option('--json', 'one JSON object per line')
    .option('--timeout <ms>', 'how long to look, in milliseconds', parseTimeout)
    .addOption(new Option('--registry <name>', 'registry backend: mdns, go-micro, memory, …').env('MICRO_REGISTRY'))
    .option('--wire <formats>', 'of mdns: dns-sd (the default), go-micro, or both with a comma', parseWires)
    .addOption(
      new Option('--registry-address <list>', 'addresses that the backend needs; mdns needs none')
        .env('MICRO_REGISTRY_ADDRESS')
        .argParser(parseList),
    )
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(see --help)')
    .exitOverride()
    .addHelpText('after', help.OVERVIEW)
  addRegistryCommands(program, launch)
  addDnssdCommands(program, launch)
  addDemo(program, launch)
  return program
}

/** A variable of the environment that is empty is as good as none. */
function unlessEmpty<T>(parse: (text: string) => T): (text: string) => T | undefined {
  return (text) => (text === '' ? undefined : parse(text))
}

function addRegistryCommands(program: Command, launch: Launch): void {
  addRegister(program, launch)
  program
    .command('get <service>')
    .description('show who runs a service')
    .addHelpText('after', help.GET)
    .action((name: string) => launch(program.opts(), (session) => get(session, name)))
  program
    .command('list')
    .description('show all services')
    .addHelpText('after', help.LIST)
    .action(() => launch(program.opts(), list))
  program
    .command('watch [service]')
    .description('show every change, until a signal or --timeout')
    .addHelpText('after', help.WATCH)
    .action((name: string | undefined) => launch(program.opts(), (session) => watch(session, name)))
}

function addRegister(program: Command, launch: Launch): void {
  program
    .command('register <service>')
    .description('register a node of a service, until a signal')
    .option('--port <n>', 'where it listens, on every address of this host', parsePort)
    .option('--address <host:port>', 'where it listens, in full')
    .option('--id <id>', 'node id (default: <service>-<8 hex digits>)')
    .option('--service-version <v>', 'version of the service')
    .option('--metadata <key=value>', 'metadata of the node; may be given more than once', collect)
    .option('--endpoint <name>', 'endpoint of the service; may be given more than once', collect)
    .addOption(
      new Option('--ttl <s>', 'seconds after which it is forgotten if this process dies (default: 90)')
        .env('MICRO_REGISTER_TTL')
        .argParser(unlessEmpty(parseTtl)),
    )
    .addOption(
      new Option('--interval <s>', 'seconds between renewals (default: 30, but a third of the ttl at most)')
        .env('MICRO_REGISTER_INTERVAL')
        .argParser(unlessEmpty(parseInterval)),
    )
    .addHelpText('after', help.REGISTER)
    .action((name: string, flags: RegisterFlags, command: Command) => {
      const input = serviceInput(name, flags)
      return launch(program.opts(), (session) => register(session, input, rhythmOf(command, flags)))
    })
}

/** What the environment says is read again where options are told from defaults (lifecycle/rhythm.ts). */
function rhythmOf(command: Command, { ttl, interval }: RegisterFlags): Partial<Rhythm> {
  const isGiven = (name: string) => command.getOptionValueSource(name) === 'cli'
  return {
    ...(ttl !== undefined && isGiven('ttl') ? { ttl } : {}),
    ...(interval !== undefined && isGiven('interval') ? { interval } : {}),
  }
}

function serviceInput(name: string, flags: RegisterFlags) {
  const node = {
    address: nodeAddress(flags.port, flags.address),
    metadata: parsePairs(flags.metadata ?? []),
    ...(flags.id === undefined ? {} : { id: flags.id }),
  }
  return {
    name,
    ...(flags.serviceVersion === undefined ? {} : { version: flags.serviceVersion }),
    endpoints: (flags.endpoint ?? []).map((endpoint) => ({ name: endpoint })),
    nodes: [node],
  }
}

function addDnssdCommands(program: Command, launch: Launch): void {
  addAdvertise(program, launch)
  program
    .command('browse <type>')
    .description('show the instances of a DNS-SD service type, until a signal or --timeout')
    .option('--subtype <s>', 'only instances with this subtype')
    .option('-r, --resolve', 'show host, port, addresses and TXT too')
    .option('-t, --terminate', 'end when the answers have settled')
    .addHelpText('after', help.BROWSE)
    .action((type: string, flags: BrowseRequest) => launch(program.opts(), (session) => browse(session, type, flags)))
  program
    .command('resolve <instance> <type>')
    .description('show where one instance is')
    .addHelpText('after', help.RESOLVE)
    .action((instance: string, type: string) => launch(program.opts(), (session) => resolve(session, instance, type)))
  addLookup(program, launch)
  program
    .command('types')
    .description('show the service types on the link, until a signal or --timeout')
    .addHelpText('after', help.TYPES)
    .action(() => launch(program.opts(), types))
}

function addAdvertise(program: Command, launch: Launch): void {
  program
    .command('advertise <instance> <type> <port> [key=value...]')
    .description('advertise a plain DNS-SD instance, until a signal')
    .option('--subtype <s>', 'a subtype that it belongs to; may be given more than once', collect)
    .option('--host <name>', 'the host that it runs on (default: this one)')
    .addHelpText('after', help.ADVERTISE)
    .action((name: string, type: string, port: string, txt: string[], flags: AdvertiseFlags) => {
      const options = {
        name,
        type,
        port: parsePort(port),
        txt: parseTxt(txt),
        ...(flags.subtype === undefined ? {} : { subtypes: flags.subtype }),
        ...(flags.host === undefined ? {} : { host: flags.host }),
      }
      return launch(program.opts(), (session) => advertise(session, options))
    })
}

/** Here -4 and -6 say which addresses are wanted, not which links are asked. */
function addLookup(program: Command, launch: Launch): void {
  program
    .command('lookup <host.local>')
    .description('show the addresses of a host; -4 or -6 for one family only')
    .addHelpText('after', help.LOOKUP)
    .action((host: string) => {
      const { ipv4, ipv6, ...common } = program.opts<CommonOptions>()
      const family = ipv4 === ipv6 ? undefined : ipv4 ? 4 : 6
      return launch(common, (session) => lookup(session, host, family))
    })
}

function addDemo(program: Command, launch: Launch): void {
  program
    .command('demo')
    .description('start a service and a watcher on the loopback interface, and show what the watcher sees')
    .addHelpText('after', help.DEMO)
    .action(() => launch(program.opts(), demo))
}
