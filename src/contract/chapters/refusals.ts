// Owns what the contract says of misuse: the code of each error, and that nothing else comes of it.
// Does not own what only some media refuse (names.ts).
import assert from 'node:assert/strict'
import type { RegistryErrorCode } from '../../errors.ts'
import type { RegisterOptions, ServiceInput } from '../../registry/types.ts'
import { chapter } from '../case.ts'
import { greeter, withNode, withNodes } from '../greeter.ts'
import { coded } from '../refusal.ts'

/** What a program in JavaScript may hand over. */
const wrong = (change: object) => ({ ...greeter, ...change }) as ServiceInput
const at = (address: unknown) => wrong({ nodes: [{ id: 'x', address }] })

const SERVICES: readonly (readonly [ServiceInput, RegistryErrorCode])[] = [
  [wrong({ name: '' }), 'ERR_INVALID_NAME'],
  [wrong({ name: 7 }), 'ERR_INVALID_NAME'],
  [wrong({ name: 'a\nb' }), 'ERR_INVALID_NAME'],
  [wrong({ name: 'x'.repeat(64) }), 'ERR_NAME_TOO_LONG'],
  [withNode('x'.repeat(64)), 'ERR_NAME_TOO_LONG'],
  [wrong({ nodes: [] }), 'ERR_INVALID_SERVICE'],
  [wrong({ nodes: undefined }), 'ERR_INVALID_SERVICE'],
  [withNodes(['same', 'same']), 'ERR_INVALID_SERVICE'],
  [wrong({ version: 1 }), 'ERR_INVALID_SERVICE'],
  [wrong({ endpoints: [{}] }), 'ERR_INVALID_SERVICE'],
  [wrong({ metadata: { a: 1 } }), 'ERR_INVALID_METADATA'],
  [at(undefined), 'ERR_INVALID_ADDRESS'],
  [at('2001:db8::7:80'), 'ERR_INVALID_ADDRESS'],
  [at('198.18.0.11'), 'ERR_INVALID_PORT'],
  [at('198.18.0.11:0'), 'ERR_INVALID_PORT'],
  [at('198.18.0.11:65536'), 'ERR_INVALID_PORT'],
  [withNode('x', { metadata: { blob: 'x'.repeat(70_000) } }), 'ERR_TXT_TOO_LARGE'],
]

export const refusals = chapter('misuse', {
  'a service that is invalid is refused, and nothing of it is registered': async (stage) => {
    for (const [input, code] of SERVICES) await stage.refused(stage.here.register(input), code)
    await stage.refused(stage.here.register(withNodes(['fine', ''])), 'ERR_INVALID_NAME')
    assert.deepEqual(await stage.until(stage.there.listServices({ timeout: 300 })), [])
  },

  'a ttl is a whole number of seconds, from 1 on': async (stage) => {
    for (const ttl of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '30', null]) {
      await stage.refused(stage.here.register(greeter, { ttl } as RegisterOptions), 'ERR_INVALID_TTL')
    }
    await stage.missing(stage.there, 'greeter', 300)
  },

  'a refused change leaves what was registered as it was': async (stage) => {
    const registered = await stage.until(stage.here.register(greeter))
    await stage.refused(stage.here.register({ ...greeter, nodes: [] }), 'ERR_INVALID_SERVICE')
    await stage.refused(stage.here.register(greeter, { ttl: 0 }), 'ERR_INVALID_TTL')
    await stage.refused(stage.here.register({ ...at(':0'), metadata: {} }), 'ERR_INVALID_PORT')
    await stage.spread()
    assert.deepEqual(await stage.found(stage.there, 'greeter'), [registered])
  },

  'a name that cannot be one is refused by whatever takes it': async (stage) => {
    await stage.refused(stage.here.getService(''), 'ERR_INVALID_NAME')
    await stage.refused(stage.here.getService('x'.repeat(64)), 'ERR_NAME_TOO_LONG')
    await stage.refused(stage.here.deregister(wrong({ name: '' })), 'ERR_INVALID_NAME')
    assert.throws(() => stage.here.watch({ service: '' }), coded('ERR_INVALID_NAME'))
    assert.throws(() => stage.here.watch({ service: 'x'.repeat(64) }), coded('ERR_NAME_TOO_LONG'))
  },

  'metadata above 1,300 bytes is warned of, once, and carried even so': async (stage) => {
    const warnings: string[] = []
    stage.here.on('warning', (warning) => warnings.push(warning.code))
    const noise = Array.from({ length: 500 }, (_, i) => ((i * 2654435761) >>> 7).toString(36)).join('')
    const big = withNode('big', { metadata: { noise } })
    await stage.until(stage.here.register(big))
    await stage.until(stage.here.register(big))
    assert.deepEqual(warnings, ['ERR_TXT_TOO_LARGE'])
    assert.deepEqual((await stage.found(stage.there, 'greeter'))[0]?.metadata, { noise })
  },
})
