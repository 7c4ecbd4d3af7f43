#!/usr/bin/env node
// Owns the process: arguments in, sessions run, exit code out.
// Does not own the grammar (program.ts) nor the verbs (commands/).
import { readFileSync } from 'node:fs'
import { CommanderError, InvalidArgumentError } from 'commander'
import { keepAlive } from '../net/keep-alive.ts'
import { escapeText } from './escape.ts'
import { EXIT, type ExitCode, exitCodeOf } from './exit-code.ts'
import { Output, styleFor } from './output.ts'
import { createProgram, type Verb } from './program.ts'
import { type CommonOptions, Session } from './session.ts'
import { endOfProcess } from './signals.ts'

async function main(words: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok
  const end = endOfProcess(process)
  const program = createProgram(ownVersion(), async (options, verb) => {
    code = await runVerb(options, verb, end)
  })
  try {
    await program.parseAsync(words, { from: 'user' })
    return code
  } catch (error) {
    return fail(error, end)
  }
}

async function runVerb(options: CommonOptions, verb: Verb, end: AbortSignal): Promise<ExitCode> {
  const style = styleFor(options.json ?? false, process.stdout.isTTY ?? false, process.env)
  const output = new Output(process.stdout, style)
  const session = new Session({ options, output, signal: end, warn: complain, program: new URL(import.meta.url) })
  try {
    return await verb(session)
  } finally {
    await session.close()
  }
}

/** What goes wrong after the end was asked for is only the end itself. */
function fail(error: unknown, end: AbortSignal): ExitCode {
  if (end.aborted) return EXIT.ok
  const toldByCommander = error instanceof CommanderError && !(error instanceof InvalidArgumentError)
  if (!toldByCommander) complain(error)
  return exitCodeOf(error)
}

function complain(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(`mdns-registry: ${escapeText(message)}\n`)
}

function ownVersion(): string {
  return JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version
}

/** Not all that a command waits for keeps the process alive. */
const letGo = keepAlive()
process.exitCode = await main(process.argv.slice(2))
letGo()
