import { describe, expect, test } from 'vitest'
import { offeringOf } from '../../src/dnssd/offering.ts'
import { recordsOf } from '../../src/dnssd/records.ts'
import type { AdvertiseOptions } from '../../src/dnssd/types.ts'
import { RegistryError } from '../../src/errors.ts'
import type { Site } from '../../src/mdns/types.ts'
import { nameFromText } from '../../src/wire/name.ts'
import type { Rr } from '../../src/wire/types.ts'

const link = { id: 'lan0/4', interface: 'lan0', family: 4, addresses: [], unicast: true } as const
const site: Site = { link, host: nameFromText('me.local'), attempt: 0 }
const basic: AdvertiseOptions = { name: 'A.B', type: 'http', port: 80 }

function records(options: AdvertiseOptions, name = options.name): readonly Rr[] {
  return recordsOf(offeringOf(options), name, site)
}

/** One line per record: owner, ttl, flush, type, data. */
function lines(rrs: readonly Rr[]): string[] {
  return rrs.map((rr) => {
    const head = `${rr.name} ${rr.ttl}${rr.flush ? '!' : ''} ${rr.type}`
    if (rr.type === 'SRV') return `${head} ${rr.priority} ${rr.weight} ${rr.port} ${rr.target}`
    if ('target' in rr) return `${head} ${rr.target}`
    if ('address' in rr) return `${head} ${rr.address}`
    return `${head} ${'data' in rr ? Buffer.from(rr.data).toString('hex') : ''}`
  })
}

function codeOf(options: Partial<AdvertiseOptions>): string {
  try {
    offeringOf({ ...basic, ...options })
  } catch (error) {
    if (error instanceof RegistryError) return error.code
    throw error
  }
  return 'none'
}

describe('records', () => {
  test('R285 three, R286 ptrnm, R287 srv0, R263 ttl120, R264 ttl4500: what is shared and what is not', () => {
    expect(lines(records(basic))).toEqual([
      '_http._tcp.local 4500 PTR A\\.B._http._tcp.local',
      '_services._dns-sd._udp.local 4500 PTR _http._tcp.local',
      'A\\.B._http._tcp.local 120! SRV 0 0 80 me.local',
      'A\\.B._http._tcp.local 4500! TXT 00',
    ])
  })

  test('R310 subptr, R314 submeta: a subtype is one more pointer to the same instance, and no type', () => {
    const pointers = lines(records({ ...basic, subtypes: ['_printer', 'x y', 'X Y'] })).filter((l) =>
      l.includes('_sub'),
    )
    expect(pointers).toEqual([
      '_printer._sub._http._tcp.local 4500 PTR A\\.B._http._tcp.local',
      'x y._sub._http._tcp.local 4500 PTR A\\.B._http._tcp.local',
    ])
  })

  test('R259 renall: another name moves PTR, subtype, SRV and TXT', () => {
    const named = lines(records({ ...basic, subtypes: ['s'] }, 'A.B (2)')).filter((l) => l.includes('A\\.B (2)'))
    expect(named).toHaveLength(4)
  })

  test('a host of its own has the addresses that were given, in their shortest form', () => {
    const own = lines(records({ ...basic, host: 'box', addresses: ['198.18.0.9', '2001:DB8:0:0::1'], ttl: 30 }))
    expect(own).toContain('A\\.B._http._tcp.local 30! SRV 0 0 80 box.local')
    expect(own).toContain('box.local 30! A 198.18.0.9')
    expect(own).toContain('box.local 30! AAAA 2001:db8::1')
    expect(own.every((line) => line.includes(' 30'))).toBe(true)
  })

  test('R288 srvtgt: a host of unicast DNS is the target as given', () => {
    expect(lines(records({ ...basic, host: 'www.example.com' }))[2]).toContain('80 www.example.com')
  })

  test('R304 txthost: the TXT record holds what was given and nothing else', () => {
    expect(lines(records({ ...basic, txt: { a: '1' } }))[3]).toBe('A\\.B._http._tcp.local 4500! TXT 03613d31')
  })
})

describe('misuse is an error with a code before any packet', () => {
  test.each<[Partial<AdvertiseOptions>, string]>([
    [{}, 'none'],
    [{ name: '' }, 'ERR_INVALID_NAME'],
    [{ name: 'x'.repeat(64) }, 'ERR_NAME_TOO_LONG'],
    [{ type: '_a_b._tcp' }, 'ERR_INVALID_TYPE'],
    [{ port: 0 }, 'ERR_INVALID_PORT'],
    [{ port: 65536 }, 'ERR_INVALID_PORT'],
    [{ port: 80.5 }, 'ERR_INVALID_PORT'],
    [{ port: '80' as unknown as number }, 'ERR_INVALID_PORT'],
    [{ ttl: 0 }, 'ERR_INVALID_TTL'],
    [{ ttl: 2 ** 31 }, 'ERR_INVALID_TTL'],
    [{ priority: -1 }, 'ERR_INVALID_SERVICE'],
    [{ weight: 65536 }, 'ERR_INVALID_SERVICE'],
    [{ host: '198.18.0.1' }, 'ERR_INVALID_ADDRESS'],
    [{ host: '' }, 'ERR_INVALID_NAME'],
    [{ host: 'a b' }, 'ERR_INVALID_NAME'],
    [{ host: 'x'.repeat(64) }, 'ERR_NAME_TOO_LONG'],
    [{ host: `${'x.'.repeat(140)}local` }, 'ERR_NAME_TOO_LONG'],
    [{ addresses: ['198.18.0.1'] }, 'ERR_INVALID_ADDRESS'],
    [{ host: 'a.example', addresses: ['198.18.0.1'] }, 'ERR_INVALID_ADDRESS'],
    [{ host: 'a', addresses: ['198.18.0.256'] }, 'ERR_INVALID_ADDRESS'],
    [{ host: 'a', addresses: ['fe80::1%eth1'] }, 'ERR_INVALID_ADDRESS'],
    [{ subtypes: ['x'.repeat(64)] }, 'ERR_NAME_TOO_LONG'],
    [{ txt: { '': '1' } }, 'ERR_INVALID_TXT'],
  ])('%j: %s', (options, code) => expect(codeOf(options)).toBe(code))
})
