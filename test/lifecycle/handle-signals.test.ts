import { constants } from 'node:os'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { handleSignals } from '../../src/handle-signals.ts'

/** Signals that nobody sends to a test; they are told to the listeners as Node.js tells real ones. */
const ONE = 'SIGUSR2'
const OTHER = 'SIGWINCH'
const signals = [ONE, OTHER] as const

let kill: ReturnType<typeof vi.spyOn>
let exit: ReturnType<typeof vi.spyOn>
let listening: readonly number[]
const takeBacks: (() => void)[] = []
const counts = () => signals.map((signal) => process.listenerCount(signal))

beforeEach(() => {
  listening = counts()
  kill = vi.spyOn(process, 'kill').mockReturnValue(true)
  exit = vi.spyOn(process, 'exit').mockImplementation((() => {}) as never)
})

afterEach(() => {
  for (const takeBack of takeBacks.splice(0)) takeBack()
  vi.restoreAllMocks()
  expect(counts()).toEqual(listening)
})

class Door {
  closes = 0
  open: () => void = () => {}

  close(): Promise<void> {
    this.closes += 1
    return new Promise((resolve) => {
      this.open = resolve
    })
  }
}

function handle(door = new Door(), only: readonly (typeof signals)[number][] = signals): Door {
  takeBacks.push(handleSignals(door, { signals: only }))
  return door
}

function send(signal: NodeJS.Signals): void {
  process.emit(signal, signal)
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('closes at once, and ends the process by the same signal when that is done', async () => {
  const door = handle()
  send(ONE)
  expect(door.closes).toBe(1)
  await turn()
  expect(kill).not.toHaveBeenCalled()
  door.open()
  await turn()
  expect(kill).toHaveBeenCalledExactlyOnceWith(process.pid, ONE)
})

test('the first process of a container, which no signal ends, exits with the status of the signal', async () => {
  const door = handle()
  send(ONE)
  door.open()
  await turn()
  expect(exit).toHaveBeenCalledExactlyOnceWith(128 + constants.signals[ONE])
})

test('waits for all, also when one of them throws or rejects', async () => {
  const [first, second] = [handle(), handle()]
  takeBacks.push(
    handleSignals({ close: () => Promise.reject(new Error('stuck')) }, { signals }),
    handleSignals(
      {
        close: () => {
          throw new Error('broken')
        },
      },
      { signals },
    ),
  )
  send(ONE)
  first.open()
  await turn()
  expect(kill).not.toHaveBeenCalled()
  second.open()
  await turn()
  expect(kill).toHaveBeenCalledOnce()
})

test.each(['on', 'once'] as const)('leaves the end to a program that listens with `%s`', async (how) => {
  const heard: string[] = []
  const own = () => heard.push('own')
  process[how](ONE, own)
  const door = handle()
  send(ONE)
  door.open()
  await turn()
  process.off(ONE, own)
  expect({ heard, closes: door.closes }).toEqual({ heard: ['own'], closes: 1 })
  expect(kill).not.toHaveBeenCalled()
  expect(exit).not.toHaveBeenCalled()
})

test('a second signal does not wait: nobody is left to listen', () => {
  handle()
  send(ONE)
  expect(counts()).toEqual(listening)
})

test('however many are given, there is one listener for each signal, and none once all are taken back', () => {
  for (let i = 0; i < 50; i += 1) handle()
  expect(counts()).toEqual(listening.map((count) => count + 1))
  for (const takeBack of takeBacks.splice(1)) takeBack()
  expect(counts()).toEqual(listening.map((count) => count + 1))
  takeBacks[0]?.()
  takeBacks[0]?.()
  expect(counts()).toEqual(listening)
})

test('what was taken back is not closed, and what is for another signal is left alone', () => {
  const [taken, other] = [handle(), handle(new Door(), [OTHER])]
  const door = handle()
  takeBacks[0]?.()
  send(ONE)
  expect([taken.closes, other.closes, door.closes]).toEqual([0, 0, 1])
  send(OTHER)
  expect([taken.closes, other.closes, door.closes]).toEqual([0, 1, 1])
})

test('by default it is for SIGINT and SIGTERM', () => {
  const before = ['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => process.listenerCount(signal))
  takeBacks.push(handleSignals(new Door()))
  const after = ['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => process.listenerCount(signal))
  expect(after.map((count, i) => count - (before[i] ?? 0))).toEqual([1, 1, 0])
})
