import { CommanderError, InvalidArgumentError } from 'commander'
import { expect, test } from 'vitest'
import { EXIT, exitCodeOf } from '../../src/cli/exit-code.ts'
import { RegistryError } from '../../src/errors.ts'

test('the link had no answer: 1', () => {
  for (const code of ['ERR_NOT_FOUND', 'ERR_TIMEOUT', 'ERR_NAME_CONFLICT'] as const) {
    expect(exitCodeOf(new RegistryError(code, ''))).toBe(EXIT.notFound)
  }
})

test('the caller is wrong: 2', () => {
  for (const code of ['ERR_INVALID_SERVICE', 'ERR_TXT_TOO_LARGE', 'ERR_UNKNOWN_BACKEND'] as const) {
    expect(exitCodeOf(new RegistryError(code, ''))).toBe(EXIT.usage)
  }
  expect(exitCodeOf(new InvalidArgumentError('no'))).toBe(EXIT.usage)
})

test('no interface: 3', () => {
  expect(exitCodeOf(new RegistryError('ERR_NO_INTERFACE', ''))).toBe(EXIT.noInterface)
})

test('help and version are no failure', () => {
  expect(exitCodeOf(new CommanderError(0, 'commander.help', ''))).toBe(EXIT.ok)
})

test('a fault of our own is never taken for success', () => {
  expect(exitCodeOf(new TypeError('bug'))).toBe(EXIT.notFound)
})
