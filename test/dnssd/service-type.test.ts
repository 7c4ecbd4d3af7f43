import { describe, expect, test } from 'vitest'
import {
  advertisedType,
  browsedType,
  checkedInstance,
  checkedSubtype,
  instanceName,
  instanceParts,
  META_NAME,
  subtypeName,
  typeName,
  typeOf,
} from '../../src/dnssd/service-type.ts'
import { RegistryError } from '../../src/errors.ts'
import { firstLabel, nameFromLabels, parentOf } from '../../src/wire/name.ts'

function codeOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof RegistryError) return error.code
    throw error
  }
  return 'none'
}

describe('service types', () => {
  test.each(['http', '_http._tcp', '_http._tcp.', '_http._tcp.local', '_http._tcp.local.'])('%s is taken', (text) => {
    expect(advertisedType(text)).toBe('_http._tcp')
    expect(browsedType(text)).toBe('_http._tcp')
  })

  test.each(['_a', '_abcdefghijklmno', '_9p', '_a-b', '_A1'])('R277 svcname: %s is allowed', (service) => {
    expect(advertisedType(`${service}._udp`)).toBe(`${service}._udp`)
  })

  test.each(['_abcdefghijklmnop', '_80', '_-a', '_a-', '_a--b', '_a_b', '_', '', '_é'])(
    'R277 svcname: %j is refused',
    (service) => expect(codeOf(() => advertisedType(`${service}._tcp`))).toBe('ERR_INVALID_TYPE'),
  )

  test.each(['_http._sctp', '_http', 'http.tcp', 'http._tcp', '_http._tcp.example.com', '', '.', 'a.b.c'])(
    'R280 proto: %j is no type',
    (text) => {
      expect(codeOf(() => advertisedType(text))).toBe('ERR_INVALID_TYPE')
      expect(codeOf(() => browsedType(text))).toBe('ERR_INVALID_TYPE')
    },
  )

  test.each(['_long_service_name_x._tcp', '_sleep-proxy._udp', '_80._tcp', '_a--b._udp'])(
    'R279 svcrx: %s can be browsed',
    (text) => expect(browsedType(text)).toBe(text),
  )

  test('a subtype in front of the type is explained', () => {
    expect(() => browsedType('_printer._sub._http._tcp')).toThrow(/option/)
  })

  test('a value that is no string is an error with a code', () => {
    expect(codeOf(() => advertisedType(undefined as unknown as string))).toBe('ERR_INVALID_TYPE')
    expect(codeOf(() => checkedInstance(7 as unknown as string))).toBe('ERR_INVALID_NAME')
  })

  test('R317 metaq: a type is two labels under local', () => {
    expect(typeOf(typeName('_ipp._tcp'))).toBe('_ipp._tcp')
    expect(typeOf(nameFromLabels(['x', '_ipp', '_tcp', 'local']))).toBeUndefined()
    expect(typeOf(nameFromLabels(['_ipp', '_tcp', 'example']))).toBeUndefined()
    expect(typeOf(nameFromLabels(['ipp', '_tcp', 'local']))).toBeUndefined()
    expect(META_NAME).toBe('_services._dns-sd._udp.local')
  })
})

describe('instance names', () => {
  test('R42 dots: an instance is one label, whatever it holds', () => {
    const fullName = instanceName('A.B v1.0\\x', '_http._tcp')
    expect(firstLabel(fullName)).toBe('A.B v1.0\\x')
    expect(parentOf(fullName)).toBe('_http._tcp.local')
    expect(instanceParts(fullName)).toEqual({ name: 'A.B v1.0\\x', type: '_http._tcp', domain: 'local' })
  })

  test.each(['a\tb', 'a\u0000', '\u007f', '\n'])('R43 ctrl: %j is refused', (name) => {
    expect(codeOf(() => checkedInstance(name))).toBe('ERR_INVALID_NAME')
  })

  test('R281 inst63: 1-63 bytes of UTF-8 after normalisation', () => {
    expect(checkedInstance('é'.repeat(31))).toHaveLength(31)
    expect(checkedInstance('e\u0301'.repeat(31))).toBe('é'.repeat(31))
    expect(codeOf(() => checkedInstance('é'.repeat(32)))).toBe('ERR_NAME_TOO_LONG')
    expect(codeOf(() => checkedInstance(''))).toBe('ERR_INVALID_NAME')
    expect(codeOf(() => checkedInstance('a\ud800'))).toBe('ERR_INVALID_NAME')
  })

  test('R283 instdom: type and domain come from the name itself', () => {
    const other = nameFromLabels(['x', '_ipp', '_udp', 'local'])
    expect(instanceParts(other)).toEqual({ name: 'x', type: '_ipp._udp', domain: 'local' })
    expect(instanceParts(nameFromLabels(['x', '_ipp', '_tcp', 'example', 'com']))).toBeUndefined()
    expect(instanceParts(nameFromLabels(['_ipp', '_tcp', 'local']))).toBeUndefined()
    expect(instanceParts(nameFromLabels(['local']))).toBeUndefined()
  })

  test('an instance that its responder broke at the dots is read as one name', () => {
    const broken = nameFromLabels(['Printer v1', '2', '_http', '_tcp', 'local'])
    expect(instanceParts(broken)?.name).toBe('Printer v1.2')
  })

  test('R311 subany: a subtype is any label', () => {
    expect(checkedSubtype('x y')).toBe('x y')
    expect(subtypeName('v1.2', '_http._tcp')).toBe('v1\\.2._sub._http._tcp.local')
    expect(codeOf(() => checkedSubtype(''))).toBe('ERR_INVALID_NAME')
    expect(codeOf(() => checkedSubtype('x'.repeat(64)))).toBe('ERR_NAME_TOO_LONG')
  })
})
