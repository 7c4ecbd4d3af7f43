// Owns what the contract says of registrations that are to be renewed.
// Does not own how long others believe in a program that crashed, which every medium decides for itself.
import assert from 'node:assert/strict'
import { chapter } from '../case.ts'
import { greeter, withNode } from '../greeter.ts'

const NODE = 'greeter 1.0.0 greeter-1'
/** Seconds, and the milliseconds in which it is renewed: the machine may be late by the difference. */
const TTL = 2
const RENEWED_AFTER = 1_200

export const ttl = chapter('ttl', {
  'a registration that is not renewed lapses, neither sooner nor later, and watchers are told': async (stage) => {
    const told = stage.follow(stage.there.watch())
    const before = stage.now()
    await stage.until(stage.here.register(greeter, { ttl: TTL }))
    const took = stage.now() - before
    await told.is(`create ${NODE}`, `delete ${NODE}`)
    stage.passedAt(told.instants[1] ?? Number.NaN, before, TTL * 1_000, took + stage.link.lag)
    const [created, deleted] = told.results
    assert.deepEqual(deleted?.service, created?.service)
    assert.ok(deleted?.reason === 'expired' || deleted?.reason === 'goodbye')
    await stage.spread()
    await stage.missing(stage.there, 'greeter')
    await stage.missing(stage.here, 'greeter')
  },

  'a renewal counts from when it is made': async (stage) => {
    await stage.until(stage.here.register(greeter, { ttl: TTL }))
    const told = stage.follow(stage.there.watch())
    for (let i = 0; i < 2; i++) {
      await stage.run(RENEWED_AFTER)
      await stage.until(stage.here.register(greeter, { ttl: TTL }))
    }
    await stage.run(RENEWED_AFTER)
    assert.deepEqual(told.lines, [`create ${NODE}`])
  },

  'a renewal without ttl ends the lapse': async (stage) => {
    await stage.until(stage.here.register(greeter, { ttl: TTL }))
    const told = stage.follow(stage.there.watch())
    await stage.until(stage.here.register(greeter))
    // Where time costs nothing, until other things have had the time to end than the ttl.
    await stage.run(stage.link.slack === 0 ? 150_000 : TTL * 1_000 + stage.link.lag)
    assert.deepEqual(told.lines, [`create ${NODE}`])
  },

  'a renewal with a shorter ttl shortens it': async (stage) => {
    await stage.until(stage.here.register(greeter, { ttl: 3_600 }))
    const told = stage.follow(stage.there.watch())
    await stage.until(stage.here.register(greeter, { ttl: 1 }))
    await told.is(`create ${NODE}`, `delete ${NODE}`)
  },

  'who lapsed may register again': async (stage) => {
    const told = stage.follow(stage.there.watch())
    await stage.until(stage.here.register(greeter, { ttl: 1 }))
    await told.is(`create ${NODE}`, `delete ${NODE}`)
    await stage.until(stage.here.register(greeter, { ttl: 60 }))
    await told.is(`create ${NODE}`, `delete ${NODE}`, `create ${NODE}`)
    assert.deepEqual(await stage.ids(stage.there, 'greeter'), [['greeter-1']])
  },

  'of several nodes and versions only those lapse that are not renewed': async (stage) => {
    const old = withNode('g-9', { version: '0.9.0' })
    const told = stage.follow(stage.there.watch())
    await stage.until(
      Promise.all([
        stage.here.register(withNode('g-1'), { ttl: 60 }),
        stage.here.register(withNode('g-2'), { ttl: 1 }),
        stage.here.register(old, { ttl: 1 }),
        stage.there.register(withNode('g-3')),
      ]),
    )
    await told.reaches(6)
    await stage.spread()
    assert.deepEqual([...told.lines].filter((line) => line.startsWith('delete')).sort(), [
      'delete greeter 0.9.0 g-9',
      'delete greeter 1.0.0 g-2',
    ])
    assert.deepEqual(await stage.ids(stage.there, 'greeter'), [['g-1', 'g-3']])
  },

  'go-micro TestMemoryRegistryTTLConcurrent: whoever asks after the lapse is told ERR_NOT_FOUND': async (stage) => {
    const told = stage.follow(stage.there.watch())
    await stage.until(Promise.all(['g-1', 'g-2'].map((id) => stage.here.register(withNode(id), { ttl: 1 }))))
    await told.reaches(4)
    await stage.spread()
    await Promise.all(Array.from({ length: 100 }, () => stage.missing(stage.there, 'greeter')))
    assert.deepEqual(await stage.until(stage.there.listServices({ timeout: 10 })), [])
  },
})
