import { describe, expect, test } from 'vitest'
import { Crowd, expectDistinct } from './crowd.ts'

describe('R228 tiesym', () => {
  test.each([2, 10, 50])('%i hosts that want one name end with as many, and for good, within a minute', expectDistinct)

  test('ten hosts that share their host name as well come apart, and so does what points to them', () => {
    const crowd = new Crowd({ size: 10, loss: 0, hostName: 'twin' })
    crowd.world.run(180_000)
    expect(crowd.distinct).toEqual({ names: 10, hostNames: 10 })
  })

  test('ten hosts that lose three datagrams of ten come apart once somebody asks for them', () => {
    const crowd = new Crowd({ size: 10, loss: 0.3 })
    crowd.world.run(60_000)
    crowd.askAll()
    expect(crowd.distinct).toEqual({ names: 10, hostNames: 10 })
  })
})
