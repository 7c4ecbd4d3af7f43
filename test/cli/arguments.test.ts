import { InvalidArgumentError } from 'commander'
import { describe, expect, test } from 'vitest'
import {
  collect,
  nodeAddress,
  parsePairs,
  parsePort,
  parseTimeout,
  parseTtl,
  parseTxt,
} from '../../src/cli/arguments.ts'

test('numbers are whole, decimal and in range', () => {
  expect(parsePort('0')).toBe(0)
  expect(parsePort('65535')).toBe(65_535)
  expect(parseTimeout('1500')).toBe(1500)
  expect(parseTtl('5')).toBe(5)
  for (const word of ['', ' ', '-1', '1.5', '0x10', '1e3', 'http', '65536']) {
    expect(() => parsePort(word), word).toThrow(InvalidArgumentError)
  }
  expect(() => parseTtl('0')).toThrow(InvalidArgumentError)
  expect(() => parseTimeout('soon')).toThrow(InvalidArgumentError)
})

test('an option that may be repeated keeps the order', () => {
  expect(collect('b', collect('a'))).toEqual(['a', 'b'])
})

describe('key=value', () => {
  test('the first = divides; the value may be empty', () => {
    expect(parsePairs(['a=1', 'b=', 'c=x=y'])).toEqual({ a: '1', b: '', c: 'x=y' })
  })
  test('a word without a key or without = is a usage error', () => {
    expect(() => parsePairs(['a'])).toThrow(InvalidArgumentError)
    expect(() => parsePairs(['=a'])).toThrow(InvalidArgumentError)
  })
  test('in TXT a word without = is a key without value', () => {
    expect(parseTxt(['a=1', 'flag', 'b='])).toEqual({ a: '1', flag: true, b: '' })
    expect(() => parseTxt(['=a'])).toThrow(InvalidArgumentError)
  })
  test('__proto__ is a key like any other', () => {
    expect(Object.entries(parsePairs(['__proto__=x']))).toEqual([['__proto__', 'x']])
    expect(Object.entries(parseTxt(['__proto__=x']))).toEqual([['__proto__', 'x']])
    expect(({} as Record<string, unknown>).x).toBeUndefined()
  })
})

describe('where a node listens', () => {
  test('a port alone stands for all addresses of this host', () => {
    expect(nodeAddress(8080, undefined)).toBe(':8080')
  })
  test('an address is taken as given, IPv6 too', () => {
    expect(nodeAddress(undefined, '198.18.0.1:80')).toBe('198.18.0.1:80')
    expect(nodeAddress(80, '[2001:db8::1]:80')).toBe('[2001:db8::1]:80')
  })
  test('nothing, no port, and two different ports are usage errors', () => {
    expect(() => nodeAddress(undefined, undefined)).toThrow(InvalidArgumentError)
    expect(() => nodeAddress(undefined, 'host')).toThrow(InvalidArgumentError)
    expect(() => nodeAddress(81, '198.18.0.1:80')).toThrow(InvalidArgumentError)
    expect(() => nodeAddress(undefined, '198.18.0.1:70000')).toThrow(InvalidArgumentError)
  })
})
