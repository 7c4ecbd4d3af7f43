// Owns what is imported of the built package, so that there is one place to change when its files move.
// Does not own anything of it. The entries are named by path: below `test/bench` their names mean other packages.
export { createRegistry } from '../../../dist/index.js'
export { Host, Network, SimTransport, seededRandom, VirtualClock } from '../../../dist/sim.js'
