// Owns what a signal to the process means for what is registered: goodbyes, and then the end as it would have been.
// Does not own ends without a signal (farewells.ts), nor the command line's own way with signals (cli/signals.ts).
import { constants } from 'node:os'
import { sayFarewells } from './farewells.ts'
import { keepAlive } from './net/keep-alive.ts'

/** A registry, or a DNS-SD object. */
export interface Closable {
  close(): Promise<unknown>
}

export interface HandleSignalsOptions {
  /** Default: SIGINT and SIGTERM. */
  readonly signals?: readonly NodeJS.Signals[]
}

interface Handled {
  readonly closable: Closable
  readonly signals: readonly NodeJS.Signals[]
}

const EXIT_BY_SIGNAL = 128

const handled = new Set<Handled>()

/**
 * Closes `closable`, with its goodbyes, when one of the signals comes; then the process ends by that signal as if
 * nobody had listened. If the program listens as well, it decides when to end, and need not close `closable` itself. A
 * second signal does not wait. However many are given, each signal has one listener. Returns how to take it back.
 */
export function handleSignals(closable: Closable, options: HandleSignalsOptions = {}): () => void {
  const entry: Handled = { closable, signals: options.signals ?? ['SIGINT', 'SIGTERM'] }
  for (const signal of entry.signals) {
    // Ahead of others, so that those who listen for one signal only are still there to be counted.
    if (!isHandled(signal)) process.prependListener(signal, onSignal)
  }
  handled.add(entry)
  return () => forget(entry)
}

function isHandled(signal: NodeJS.Signals): boolean {
  return [...handled].some(({ signals }) => signals.includes(signal))
}

function forget(entry: Handled): void {
  if (!handled.delete(entry)) return
  for (const signal of entry.signals) if (!isHandled(signal)) process.off(signal, onSignal)
}

function onSignal(signal: NodeJS.Signals): void {
  const isAlone = process.listenerCount(signal) === 1
  const concerned = [...handled].filter(({ signals }) => signals.includes(signal))
  for (const entry of concerned) forget(entry)
  // It may be all that is left to keep the process alive.
  const letGo = keepAlive()
  void Promise.allSettled(concerned.map(async ({ closable }) => closable.close())).then(() => {
    letGo()
    if (isAlone) end(signal)
  })
}

/** By the signal, so that whoever waits for the process sees the truth. */
function end(signal: NodeJS.Signals): void {
  sayFarewells()
  process.kill(process.pid, signal)
  // The first process of a container is not ended by a signal that it does not handle.
  if (process.listenerCount(signal) === 0) process.exit(EXIT_BY_SIGNAL + constants.signals[signal])
}
