// Owns what every backend does alike for watches, signals and close, as tests.
// Does not own the world in which they run (contract.ts).
import { describe, expect, test } from 'vitest'
import { code, follow, greeter, here, link, story, there, until, withNode } from './parties.ts'

describe('watch', () => {
  test('go-micro TestWatcher: a create and then a delete, each with the whole node', async () => {
    const watcher = there.watch()
    const registered = await until(here.register(greeter))
    expect(await until(watcher.next())).toEqual({ action: 'create', service: registered })
    await until(here.deregister(greeter))
    expect(await until(watcher.next())).toEqual({ action: 'delete', service: registered, reason: 'goodbye' })
  })

  test('begins with what is known, marked as initial', async () => {
    await until(here.register(withNode('g-1')))
    await until(here.register(withNode('g-2')))
    await until(there.getService('greeter', { minNodes: 2 }))
    const watcher = there.watch({ service: 'greeter' })
    const first = [await until(watcher.next()), await until(watcher.next())]
    expect(first.map(({ initial }) => initial)).toEqual([true, true])
    await until(here.register(withNode('g-3')))
    const third = await until(watcher.next())
    expect(story([...first, third])).toEqual(['g-1', 'g-2', 'g-3'].map((id) => `create greeter 1.0.0 ${id}`))
    expect(third.initial).toBeUndefined()
  })

  test('of one service hears nothing of others', async () => {
    const results = follow(there.watch({ service: 'greeter' }))
    await until(here.register(withNode('other-1', { name: 'other' })))
    await until(here.register(greeter))
    await link.run(3_000)
    expect(story(results)).toEqual(['create greeter 1.0.0 greeter-1'])
  })

  test('a loop that is left ends the watch', async () => {
    await until(here.register(greeter))
    const watcher = there.watch()
    let stopped = false
    watcher.on('stop', () => {
      stopped = true
    })
    const loop = (async () => {
      for await (const { service } of watcher) return service.name
    })()
    expect(await until(loop)).toBe('greeter')
    await expect(until(watcher.next())).rejects.toThrow(code('ERR_CLOSED'))
    expect(stopped).toBe(true)
  })

  test('an aborted signal ends the watch, stop ends a wait', async () => {
    const controller = new AbortController()
    const aborted = there.watch({ signal: controller.signal })
    const loop = (async () => {
      for await (const _ of aborted) throw new Error('nobody is there')
      return 'over'
    })()
    controller.abort()
    expect(await until(loop)).toBe('over')
    const watcher = there.watch()
    const next = watcher.next()
    watcher.stop()
    await expect(until(next)).rejects.toThrow(code('ERR_CLOSED'))
    const late = there.watch({ signal: controller.signal })
    await expect(until(late.next())).rejects.toThrow(code('ERR_CLOSED'))
  })

  test('a slow reader is told the outcome, and every delete of what it knows', async () => {
    const watcher = there.watch()
    await until(here.register(greeter))
    await until(watcher.next())
    for (let i = 0; i < 30; i++) await until(here.register({ ...greeter, metadata: { i: String(i) } }))
    await until(here.deregister(greeter))
    await link.run(3_000)
    const actions: string[] = []
    while (actions.at(-1) !== 'delete') actions.push((await until(watcher.next())).action)
    expect(actions.slice(0, -1).every((action) => action === 'update')).toBe(true)
  })
})

describe('signals', () => {
  test('an aborted register rejects with the reason and leaves nothing behind', async () => {
    await expect(until(here.register(greeter, { signal: AbortSignal.abort('why') }))).rejects.toBe('why')
    await expect(until(there.getService('greeter', { timeout: 2_000 }))).rejects.toThrow(code('ERR_NOT_FOUND'))
    await until(here.register(greeter))
  })

  test('an aborted getService rejects with the reason', async () => {
    const controller = new AbortController()
    const found = there.getService('nobody', { signal: controller.signal })
    controller.abort('enough')
    await expect(until(found)).rejects.toBe('enough')
    await expect(there.getService('nobody', { signal: controller.signal })).rejects.toBe('enough')
  })
})

describe('close', () => {
  test('says goodbye to everything, ends what is waiting, and refuses every verb from then on', async () => {
    await until(here.register(greeter))
    const results = follow(there.watch())
    const waiting = expect(here.getService('nobody', { timeout: 60_000 })).rejects.toThrow(code('ERR_CLOSED'))
    const watching = expect(here.watch({ service: 'nobody' }).next()).rejects.toThrow(code('ERR_CLOSED'))
    await link.run(3_000)
    await until(Promise.all([here.close(), here.close()]))
    await link.run(1_500)
    await waiting
    await watching
    expect(results.map(({ action, reason }) => [action, reason])).toEqual([
      ['create', undefined],
      ['delete', 'goodbye'],
    ])
    await expect(here.register(greeter)).rejects.toThrow(code('ERR_CLOSED'))
    await expect(here.deregister(greeter)).rejects.toThrow(code('ERR_CLOSED'))
    await expect(here.getService('greeter')).rejects.toThrow(code('ERR_CLOSED'))
    await expect(here.listServices()).rejects.toThrow(code('ERR_CLOSED'))
    expect(() => here.watch()).toThrow(code('ERR_CLOSED'))
    expect(() => here.verify({ id: 'greeter-1', address: ':1', metadata: {} })).toThrow(code('ERR_CLOSED'))
    expect(() => here.init({})).toThrow(code('ERR_CLOSED'))
  })

  test('a register that is under way rejects with ERR_CLOSED and leaves nothing behind', async () => {
    const registering = expect(here.register(greeter)).rejects.toThrow(code('ERR_CLOSED'))
    await until(here.close())
    await registering
    await expect(until(there.getService('greeter', { timeout: 2_000 }))).rejects.toThrow(code('ERR_NOT_FOUND'))
  })

  test('await using closes', async () => {
    await (async () => {
      await using registry = link.registry()
      await until(registry.register(greeter))
      const closing = registry.close()
      await until(closing)
    })()
    await link.run(1_500)
    await expect(until(there.getService('greeter', { timeout: 10 }))).rejects.toThrow(code('ERR_NOT_FOUND'))
  })
})
