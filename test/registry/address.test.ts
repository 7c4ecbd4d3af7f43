import { describe, expect, test } from 'vitest'
import { formatAddress, parseAddress } from '../../src/registry/address.ts'

describe('addresses', () => {
  test.each([':8080', '0.0.0.0:8080', '[::]:8080', '*:8080', '[0:0:0:0:0:0:0:0]:8080'])(
    '%s is this machine',
    (text) => {
      expect(parseAddress(text)).toEqual({ kind: 'wildcard', port: 8080 })
    },
  )

  test.each([
    ['198.18.0.1:80', { kind: 'ip', host: '198.18.0.1', port: 80 }],
    ['[2001:DB8::0:1]:443', { kind: 'ip', host: '2001:db8::1', port: 443 }],
    ['localhost:1', { kind: 'name', host: 'localhost', port: 1 }],
    ['db.example.com.:65535', { kind: 'name', host: 'db.example.com', port: 65535 }],
    ['bücher.local:80', { kind: 'name', host: 'bücher.local', port: 80 }],
  ])('%s is understood', (text, address) => {
    expect(parseAddress(text)).toEqual(address)
  })

  test.each(['host', ':0', ':65536', ':', 'host:', 'host:http', 'host:-1', ':1e3', '', '[::1]'])(
    "'%s' has no usable port",
    (text) => {
      expect(() => parseAddress(text)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_PORT' }))
    },
  )

  test.each([
    ...[
      '::1:8080',
      '[198.18.0.1]:80',
      '[fe80::1%wlan0]:80',
      'a b:80',
      'a..b:80',
      '999.1.1.1:80',
      '1.2:80',
      'http://x:80',
    ],
    ...[`${'a'.repeat(64)}:80`, `${'a.'.repeat(130)}b:80`, '[::1:80', 'x]:80', 'a\u0000:80'],
  ])("'%s' is no address", (text) => {
    expect(() => parseAddress(text)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ADDRESS' }))
  })

  test.each([undefined, null, 80, {}])('%s is no address either', (value) => {
    expect(() => parseAddress(value)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ADDRESS' }))
  })

  test('IPv6 is written in brackets', () => {
    expect(formatAddress('198.18.0.1', 80)).toBe('198.18.0.1:80')
    expect(formatAddress('fe80::1%eth1', 80)).toBe('[fe80::1%eth1]:80')
  })
})
