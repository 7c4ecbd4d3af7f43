// Owns `demo`: two processes on the loopback interface, one that serves and one that watches, and the story they tell.
// Does not own the serving process (demo-service.ts).
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Action, Result } from '../../registry/types.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { formatResult, WATCH_COLUMNS } from '../format.ts'
import type { Session } from '../session.ts'

const STORY = `One process registers a service on the loopback interface, changes its metadata, and leaves.
This is what a second process, which only watches, is told:
`
const SERVICE = 'greeter'
const LONGEST = 12_000
const GRACE = 1500
const DEMO_SERVICE = 'demo-service.js'

/** What the watcher has to see, in this order, and what is done once it has. */
const STEPS: readonly { readonly action: Action; readonly next: (service: ChildProcess) => void }[] = [
  { action: 'create', next: (service) => service.stdin?.write('update\n') },
  { action: 'update', next: (service) => service.stdin?.end() },
  { action: 'delete', next: () => {} },
]

export async function demo(session: Session): Promise<ExitCode> {
  const id = `${SERVICE}-demo-${process.pid}`
  const watcher = start(session.program, ['watch', SERVICE, '--json', '-i', 'loopback'], 'ignore')
  const service = start(new URL(DEMO_SERVICE, session.program), [SERVICE, id], 'pipe')
  const end = session.within(session.options.timeout ?? LONGEST)
  const stop = () => void watcher.kill('SIGTERM')
  end.addEventListener('abort', stop, { once: true })
  try {
    session.output.note(STORY)
    session.output.head(WATCH_COLUMNS)
    const seen = await tell(session, watcher, service, id)
    return seen === STEPS.length || session.signal.aborted ? EXIT.ok : EXIT.notFound
  } finally {
    end.removeEventListener('abort', stop)
    await Promise.all([finish(watcher), finish(service)])
  }
}

/** Follows the watcher until it has seen every step, or ends; resolves with the number of steps seen. */
async function tell(session: Session, watcher: ChildProcess, service: ChildProcess, id: string): Promise<number> {
  let seen = 0
  if (watcher.stdout === null) return seen
  for await (const line of createInterface({ input: watcher.stdout })) {
    const result: Result = JSON.parse(line)
    if (result.service.nodes[0]?.id !== id) continue
    session.output.tell(formatResult(result))
    const step = STEPS[seen]
    if (result.action !== step?.action) continue
    step.next(service)
    seen += 1
    if (seen === STEPS.length) break
  }
  return seen
}

function start(program: URL, words: readonly string[], stdin: 'pipe' | 'ignore'): ChildProcess {
  const child = spawn(process.execPath, [fileURLToPath(program), ...words], { stdio: [stdin, 'pipe', 'inherit'] })
  child.stdin?.on('error', () => {})
  return child
}

/** Asks the process to end, and ends it when it does not. */
async function finish(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.stdin?.end()
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), GRACE)
  await gone
  clearTimeout(timer)
}
