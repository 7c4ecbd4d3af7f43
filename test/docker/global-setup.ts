// Owns what all tests with containers need once: an engine, the image, and nothing left over from an earlier run.
// Does not own what happens without an engine beyond saying so: in CI every test fails, elsewhere it is skipped.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { GenericContainer } from 'testcontainers'
import type { TestProject } from 'vitest/node'
import { engine, IMAGE, sweep } from './engine.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** There is no engine, and that is no failure. */
    readonly engineMissing: boolean
    /** What the image is built on. */
    readonly baseImage: string
  }
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const OWN_BASE = 'mdns-registry-base'

export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const missing = await engine().then(
    () => false,
    () => true,
  )
  project.provide('engineMissing', missing && process.env.CI !== 'true')
  project.provide('baseImage', process.env.BASE_IMAGE ?? OWN_BASE)
  if (missing) {
    console.error('No Docker engine answers; start one, or set DOCKER_HOST.')
    return undefined
  }
  await sweep()
  // No registry has to be reached for a base of our own.
  if (process.env.BASE_IMAGE === undefined) {
    execFileSync(`${ROOT}/docker/base-image.sh`, [OWN_BASE], { stdio: ['ignore', 'ignore', 'inherit'] })
  }
  await GenericContainer.fromDockerfile(ROOT, 'docker/Dockerfile')
    .withBuildArgs({ BASE_IMAGE: process.env.BASE_IMAGE ?? OWN_BASE })
    .build(IMAGE, { deleteOnExit: false })
  return sweep
}
