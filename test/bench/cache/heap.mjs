// What one holder takes for each service that it comes to know, in a process of its own: heap.mjs <holder> <services>
import { setTimeout as delay } from 'node:timers/promises'
import { syntheticService } from '../synthetic-services.mjs'
import { HOLDERS } from './holders.mjs'
import { armedTimers } from './timers.mjs'

/** Those that are known before: what there is but once is not counted. */
const BEFORE = 200
const PATIENCE = 20_000

const [name, count] = process.argv.slice(2)
const holder = await HOLDERS[name]()
await delay(500)

/** Every datagram has memory of its own, as those that come from a socket. */
function datagram(number) {
  const written = syntheticService(number)
  const bytes = Buffer.allocUnsafeSlow(written.length)
  written.copy(bytes)
  return bytes
}

async function know(from, until) {
  for (let number = from; number < until; number++) {
    holder.hear(datagram(number))
    if (number % 100 === 0) await delay(1)
  }
  holder.settle?.()
  const end = performance.now() + PATIENCE
  while (holder.known() < until && performance.now() < end) await delay(100)
  if (holder.known() < until) throw new Error(`knows ${holder.known()} of ${until} services`)
}

async function memory() {
  for (let turn = 0; turn < 4; turn++) {
    await delay(50)
    globalThis.gc()
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return { heap: heapUsed, buffers: arrayBuffers }
}

try {
  await know(0, BEFORE)
  const before = await memory()
  await know(BEFORE, BEFORE + Number(count))
  const after = await memory()
  const kilobytes = (field) => (after[field] - before[field]) / Number(count) / 1000
  const timers = holder.timers?.() ?? armedTimers()
  console.log(JSON.stringify({ heap: kilobytes('heap'), buffers: kilobytes('buffers'), timers }))
} catch (error) {
  console.log(JSON.stringify({ error: error.code === 'ERR_MODULE_NOT_FOUND' ? 'not installed' : error.message }))
}
process.exit()
