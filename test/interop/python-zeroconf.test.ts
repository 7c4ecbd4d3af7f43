// python-zeroconf: the library of Home Assistant, and of much else that is written in Python.
import { existsSync, readFileSync } from 'node:fs'
import { interpreterOf } from '../network/acceptance/library.ts'
import { trial } from './trial.ts'

const PROGRAM = 'python-zeroconf.py'
const REQUIREMENTS = readFileSync(new URL('../peers/requirements.txt', import.meta.url), 'utf8')
const [, version] = /^zeroconf==(.*)$/m.exec(REQUIREMENTS) ?? []

trial({
  name: `python-zeroconf ${version}`,
  missing: existsSync(interpreterOf(PROGRAM)) ? undefined : 'test/peers/install.sh installs it (python3-venv)',
  start: (meeting) => meeting.theirs(PROGRAM),
})
