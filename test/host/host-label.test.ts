import { expect, test } from 'vitest'
import { hostLabel } from '../../src/host/host-label.ts'

test.each([
  ['laptop', 'laptop'],
  ['laptop.fritz.box', 'laptop'],
  ["Anna's MacBook Pro", 'Anna-s-MacBook-Pro'],
  ['café_du_nord', 'cafe-du-nord'],
  ['--x--', 'x'],
  ['', 'host'],
  ['.local', 'host'],
  ['東京', 'host'],
  ['a'.repeat(80), 'a'.repeat(63)],
  [`${'a'.repeat(62)}_b`, 'a'.repeat(62)],
])('R276 hostlabel: %j becomes %j', (text, label) => {
  expect(hostLabel(text)).toBe(label)
})
