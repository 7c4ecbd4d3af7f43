// Owns the versions of go-micro that are tried, and whether there is a program with each of them.
// Does not own what the programs do (program.ts), nor how they are built (build.sh).
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export type Major = 'v4' | 'v5'
export const MAJORS: readonly Major[] = ['v4', 'v5']

const DIRECTORY = new URL('./', import.meta.url)

/** Why there is no program, if there is none: then these tests are left out, but with CI=true they fail. */
export const missing: string | undefined = build()

export function pathOf(major: Major): string {
  return fileURLToPath(new URL(`bin/go-micro-${major}`, DIRECTORY))
}

/** As its row in the matrix is called: `go-micro v4.11.0`. */
export function nameOf(major: Major): string {
  const manifest = readFileSync(new URL(`${major}/go.mod`, DIRECTORY), 'utf8')
  return `go-micro ${/^require go-micro\.dev\/v\d+ (\S+)$/m.exec(manifest)?.[1]}`
}

function build(): string | undefined {
  try {
    execFileSync(fileURLToPath(new URL('build.sh', DIRECTORY)), { stdio: ['ignore', 'pipe', 'pipe'] })
    return undefined
  } catch (error) {
    if (process.env.CI === 'true') throw error
    return error instanceof Error ? error.message : String(error)
  }
}
