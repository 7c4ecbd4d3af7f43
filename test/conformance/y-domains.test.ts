import { expect, test } from 'vitest'
import { nameFromText } from '../../src/wire/name.ts'
import { HOST, Lab, question } from './lab.ts'

test('R324 desrv: no domain is offered for browsing or registering, nor denied', () => {
  const lab = Lab.settled()
  for (const kind of ['b', 'db', 'r', 'dr', 'lb']) {
    lab.ask(question(nameFromText(`${kind}._dns-sd._udp.local`), 'PTR'))
  }
  expect(lab.listen(2_000)).toEqual([])
  // Silence, not deafness.
  lab.ask(question(HOST, 'A'))
  expect(lab.listen(2_000)).toHaveLength(1)
})
