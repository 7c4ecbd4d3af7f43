import { expect, test } from 'vitest'
import { Junction } from '../../src/host/junction.ts'
import { Recorder } from '../net/recorder.ts'
import { LINK, ScriptedTransport } from './scripted-transport.ts'

function opened() {
  const transport = new ScriptedTransport()
  const junction = new Junction(transport)
  const branches = [junction.branch(), junction.branch()] as const
  const recorders = [new Recorder(), new Recorder()] as const
  const opening = Promise.all(branches.map((branch, index) => branch.open(recorders[index] ?? new Recorder())))
  return { transport, branches, recorders, opening }
}

test('each branch is told of everything, also one that opens when the links are known', async () => {
  const { transport, recorders, opening } = opened()
  transport.opens()
  await opening
  expect(recorders.map(({ ids }) => ids)).toEqual([[LINK.id], [LINK.id]])
  const datagram = {
    link: LINK.id,
    from: { address: '198.18.0.1', port: 5353 },
    viaGroup: true,
    bytes: Buffer.from('x'),
  }
  transport.on?.received(datagram)
  transport.on?.woken()
  transport.on?.rejoined(LINK.id)
  transport.on?.failed(LINK.id, new Error('why'))
  for (const { datagrams, upheavals, failures } of recorders) {
    expect(datagrams).toEqual([datagram])
    expect(upheavals).toEqual(['woken', `rejoined ${LINK.id}`])
    expect(failures).toHaveLength(1)
  }
})

test('a branch that opens late is told of the links that are there', async () => {
  const transport = new ScriptedTransport()
  const junction = new Junction(transport)
  const [early, late] = [junction.branch(), junction.branch()]
  const recorder = new Recorder()
  const opening = early.open(new Recorder())
  transport.opens()
  await opening
  await late.open(recorder)
  expect(recorder.ids).toEqual([LINK.id])
})

test('what does not open opens for nobody', async () => {
  const { transport, opening } = opened()
  transport.refuses(new Error('no'))
  await expect(opening).rejects.toThrow('no')
})

test('a branch that has closed is told nothing more; the last one closes the transport', async () => {
  const { transport, branches, recorders, opening } = opened()
  transport.opens()
  await opening
  await Promise.all([branches[0].close(), branches[0].close()])
  expect(transport.closes).toBe(0)
  transport.on?.woken()
  expect(recorders.map(({ upheavals }) => upheavals.length)).toEqual([0, 1])
  branches[1].send({ link: LINK.id, to: 'group', bytes: Buffer.from('x') })
  expect(transport.sent).toHaveLength(1)
  await branches[1].close()
  expect(transport.closes).toBe(1)
})

test('the process stays alive while one of them wants it to', async () => {
  const { transport, branches, opening } = opened()
  transport.opens()
  await opening
  branches[0].ref?.(true)
  branches[1].ref?.(true)
  branches[0].ref?.(false)
  expect(transport.told).toEqual([true])
  await branches[1].close()
  expect(transport.told).toEqual([true, false])
})
