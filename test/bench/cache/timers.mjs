// Owns the count of Node's timers that are armed in this process; imported before whatever arms some.
// Does not own the timers.
const armed = new Set()
const { setTimeout: set, clearTimeout: clear, setInterval: repeat, clearInterval: end } = globalThis

/** Those that are waiting now. */
export const armedTimers = () => armed.size

globalThis.setTimeout = (run, delay, ...words) => {
  const timer = set(
    (...given) => {
      armed.delete(timer)
      run(...given)
    },
    delay,
    ...words,
  )
  armed.add(timer)
  return timer
}
globalThis.clearTimeout = (timer) => {
  armed.delete(timer)
  clear(timer)
}
globalThis.setInterval = (...words) => {
  const timer = repeat(...words)
  armed.add(timer)
  return timer
}
globalThis.clearInterval = (timer) => {
  armed.delete(timer)
  end(timer)
}
