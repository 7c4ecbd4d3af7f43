// Owns finding the recorded datagrams that tests are fed with.
// Does not own them: they are kept beside the project, and where they are absent there is nothing to test.
import { existsSync, readdirSync, readFileSync } from 'node:fs'

export interface Packet {
  readonly file: string
  readonly bytes: Uint8Array
}

const ROOT = new URL('../../shared/packets/', import.meta.url)

/** The datagrams of a folder; none, and a line that says so, where it is absent, and an error with CI=true. */
export function loadPackets(folder: 'hostile' | 'malformed' | 'real'): readonly Packet[] {
  const url = new URL(`${folder}/`, ROOT)
  if (!existsSync(url)) {
    if (process.env.CI === 'true') throw new Error(`the ${folder} packets are missing`)
    console.warn(`the ${folder} packets are not here; tests that read them pass without them`)
    return []
  }
  const files = readdirSync(url).toSorted()
  return files.map((file) => ({ file, bytes: new Uint8Array(readFileSync(new URL(file, url))) }))
}
