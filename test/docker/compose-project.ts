// Owns one run of the compose files that users start: its services up, one of them stopped, and all of it down again.
// Does not own what the services print (the test looks at that).
import { execFile } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { getContainerRuntimeClient } from 'testcontainers'
import { inject } from 'vitest'

const run = promisify(execFile)
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const PROJECT = 'mdns-registry-test'
const IMAGE_FILE = 'test/docker/compose.image.yaml'
/** The plug-in of the engine's client, else the program that came before it. */
const COMMANDS = [['docker', 'compose'], ['docker-compose']] as const

export class ComposeProject {
  readonly #files: readonly string[]
  readonly #environment: NodeJS.ProcessEnv

  /** `files` are added to docker/compose.yaml, in this order. */
  constructor(files: readonly string[], environment: NodeJS.ProcessEnv = {}) {
    this.#files = ['docker/compose.yaml', IMAGE_FILE, ...files]
    // The builder that every engine has; the other one is a plug-in.
    const fixed = { COMPOSE_PROJECT_NAME: PROJECT, DOCKER_BUILDKIT: '0', BASE_IMAGE: inject('baseImage') }
    this.#environment = { ...process.env, ...fixed, ...environment }
  }

  async up(): Promise<void> {
    await this.#compose('up', '--build', '--detach')
  }

  async stop(service: string): Promise<void> {
    await this.#compose('stop', service)
  }

  async down(): Promise<void> {
    await this.#compose('down', '--timeout', '3')
  }

  /** What the one container of a service prints, from its start on; grows as it goes on. */
  async follow(service: string): Promise<readonly string[]> {
    const { container } = await getContainerRuntimeClient()
    const labels = [`com.docker.compose.project=${PROJECT}`, `com.docker.compose.service=${service}`]
    const [found] = await container.dockerode.listContainers({ filters: { label: labels } })
    if (found === undefined) throw new Error(`no container of ${service} runs`)
    const lines: string[] = []
    createInterface({ input: await container.logs(container.getById(found.Id)) }).on('line', (line) => lines.push(line))
    return lines
  }

  async #compose(...words: readonly string[]): Promise<void> {
    const [command, ...before] = await composeCommand()
    const files = this.#files.flatMap((file) => ['--file', file])
    await run(command, [...before, ...files, ...words], { cwd: ROOT, env: this.#environment })
  }
}

async function composeCommand(): Promise<(typeof COMMANDS)[number]> {
  for (const words of COMMANDS) {
    const [command, ...before] = words
    const works = await run(command, [...before, 'version']).then(
      () => true,
      () => false,
    )
    if (works) return words
  }
  throw new Error('neither `docker compose` nor `docker-compose` can be run')
}
