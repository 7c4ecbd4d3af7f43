// Every backend has to pass the contract; this is how it is run. What is only this backend's comes after it.
// Run: node --test examples/file-backend.test.mjs
import assert from 'node:assert/strict'
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { contract, realTime } from 'mdns-registry/contract'
import { fileBackend } from './file-backend.mjs'

async function makeLink() {
  const directory = await mkdtemp(join(tmpdir(), 'file-backend-'))
  return realTime({
    registry: (options) => fileBackend({ ...options, directory }),
    lag: 300,
    slack: 2_000,
    close: () => rm(directory, { recursive: true }),
  })
}

describe('the backend file', { concurrency: true }, () => {
  for (const { group, title, run } of contract) test(`${group}: ${title}`, () => run(makeLink))
})

test('what a program has left that died is not found, and its id is free', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'file-backend-'))
  const registry = fileBackend({ directory })
  const service = { name: 'greeter', version: '1.0.0', nodes: [{ id: 'greeter-1', address: '198.18.0.11:80' }] }
  const path = join(directory, 'greeter-1.json')
  await writeFile(path, JSON.stringify({ owner: 'a program that died', ttl: 5, service }))
  assert.equal((await registry.listServices()).length, 1)
  await assert.rejects(registry.register(service), { code: 'ERR_NAME_CONFLICT' })

  await utimes(path, new Date(), Date.now() / 1_000 - 6)
  const watcher = registry.watch()
  assert.deepEqual(await registry.listServices({ timeout: 0 }), [])
  await registry.register(service)
  assert.equal((await watcher.next()).action, 'create')
  await registry.close()
  await rm(directory, { recursive: true })
})

test('what is no service is not heard', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'file-backend-'))
  const texts = ['', 'null', '{}', '{"service":null}', '{"ttl":9,"service":{"name":"x","nodes":[{"id":"x"}]}}']
  await Promise.all(texts.map((text, n) => writeFile(join(directory, `${n}.json`), text)))
  const registry = fileBackend({ directory, timeout: 0 })
  assert.deepEqual(await registry.listServices(), [])
  await registry.close()
  await rm(directory, { recursive: true })
})
