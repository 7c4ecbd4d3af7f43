import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MICRO_LIMITS } from '../../src/micro/limits.ts'
import { decodeMicroTxt, encodeMicroTxt } from '../../src/micro/micro-txt.ts'

/** The rdata of these digits, cut as go-micro cuts them. */
function rdata(digits: string): Uint8Array {
  const strings = digits.match(/.{1,255}/gs) ?? []
  return Buffer.concat(strings.map((string) => Buffer.concat([Buffer.from([string.length]), Buffer.from(string)])))
}

const deflated = (text: string) => rdata(deflateSync(text).toString('hex'))

describe('golden vectors', () => {
  const GREETER = { service: 'go.micro.srv.greeter', version: '1.0.0', endpoints: null, metadata: { protocol: 'mucp' } }

  test('what a Go program deflated is read', () => {
    const digits =
      '789c04c0310ac3300c05d0bbfcd98874d5deb153a1bb714410389291952cc177ef7bf091ac7bcd0a7e30c2d39b7730ceab0dac82afc4ad' +
      '4dc0389c4e6de134e3a623445202053f89a96e60bc68a30d056fdb87abe504dbd5fbfa070000ffffc26721d5'
    expect(decodeMicroTxt(rdata(digits))).toEqual(GREETER)
  })

  test('what is written is what go-micro was seen to read, byte for byte', () => {
    const digits =
      '789c05c1310a80300c05d0bbfcb9045db33b3a09eea50629d4a6a4a94bf1eebe377188bd390918b7d2939329757be936111743c029d6b3' +
      '5630565a6841c056afa6b97a07d7514ac02e1eafe8113cd14c5d9316309e911abeef07a1db21d5'
    const json = { Service: 'go.micro.srv.greeter', Version: '1.0.0', Endpoints: null, Metadata: { protocol: 'mucp' } }
    expect(Buffer.from(encodeMicroTxt(json)).toString('latin1')).toBe(`\xbc${digits}`)
    expect(decodeMicroTxt(encodeMicroTxt(json))).toEqual(GREETER)
  })

  test('more than 255 digits are cut into full strings and a rest', () => {
    const noise = Array.from({ length: 60 }, (_, i) => (i * 2654435761).toString(36)).join('')
    const data = encodeMicroTxt({ Service: 'a', Version: '1', Metadata: { noise } })
    const lengths: number[] = []
    for (let at = 0; at < data.length; at += 1 + (data[at] ?? 0)) lengths.push(data[at] ?? 0)
    expect(lengths.length).toBeGreaterThan(2)
    expect(lengths.slice(0, -1).every((length) => length === 255)).toBe(true)
    expect(decodeMicroTxt(data)).toMatchObject({ metadata: { noise } })
  })
})

describe('what comes from outside', () => {
  test('keys are read in any case, and unknown ones are kept for whoever knows them', () => {
    expect(decodeMicroTxt(deflated('{"SERVICE":"a","version":"1","Extra":[1]}'))).toEqual({
      service: 'a',
      version: '1',
      extra: [1],
    })
    expect(Object.getPrototypeOf(decodeMicroTxt(deflated('{"__proto__":{"x":1}}')))).toBe(Object.prototype)
  })

  test('upper-case digits are read', () => {
    expect(decodeMicroTxt(rdata(deflateSync('{"Service":"a"}').toString('hex').toUpperCase()))).toEqual({
      service: 'a',
    })
  })

  test.each(['null', '[]', '1', '"text"', '', '{', '{"a":1}}'])('JSON that is no object is no node: %s', (json) => {
    expect(decodeMicroTxt(deflated(json))).toBeUndefined()
  })

  test('the null that ends a go-micro process is no node', () => {
    expect(decodeMicroTxt(rdata('789cca2bcdc901040000ffff045f01bc'))).toBeUndefined()
  })

  test('goal 12: what would unfold to more than 64 KiB is no node, however small it travels', () => {
    const json = (length: number) => JSON.stringify({ Service: 'x'.repeat(length) })
    expect(decodeMicroTxt(deflated(json(MICRO_LIMITS.unfolded - 100)))).toBeDefined()
    const bomb = deflated(json(5_000_000))
    expect(bomb.length).toBeLessThan(12_000)
    const before = performance.now()
    expect(decodeMicroTxt(bomb)).toBeUndefined()
    expect(performance.now() - before).toBeLessThan(100)
  })

  test.each([
    ['no strings', new Uint8Array()],
    ['an empty string', new Uint8Array([0])],
    ['a length beyond the end', new Uint8Array([9, 0x37])],
    ['half a byte', Buffer.from('\x03789')],
    ['other characters', Buffer.from('\x0478xx')],
    ['a wrong checksum', rdata('789cca2bcdc901040000ffff045f01bd')],
  ])('%s is no node', (_, data) => {
    expect(decodeMicroTxt(data)).toBeUndefined()
  })

  test('no bytes throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.string(), (data, text) => {
        decodeMicroTxt(data)
        decodeMicroTxt(deflated(text))
      }),
    )
  })
})
