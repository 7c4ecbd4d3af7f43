// Owns what a name looks like to a writer: its bytes, and the names that it ends in, each worked out once.
// Does not own where they stand in a message (writer.ts).
import { WireError } from './errors.ts'
import { unescapeBytes } from './label.ts'
import { MAX_LABEL_BYTES } from './limits.ts'
import { labelEnd, type Name, ROOT } from './name.ts'

export interface NameForm {
  /** Without compression, and without the zero of the root. */
  readonly bytes: Uint8Array
  /** Where each label starts in `bytes`, and last, where the root would. */
  readonly starts: readonly number[]
  /** What the name ends in from each label on; other names that end so have the same object there. */
  readonly endings: readonly Ending[]
}

/** The end of a name, and where a message has it; for the writer of that message to use. */
export interface Ending {
  readonly text: string
  /** The number of the message in which it was last written; no two messages of this process have the same. */
  message: number
  /** Where it stands there. */
  at: number
}

/** More than the names of what one host says. */
const MAX_FORMS = 4_096

const BACKSLASH = 0x5c

const forms = new Map<Name, NameForm>()
const endings = new Map<string, Ending>()

/** @throws WireError if the text is no name. */
export function formOf(name: Name): NameForm {
  let form = forms.get(name)
  if (form === undefined) {
    form = newForm(name)
    forms.set(name, form)
  }
  return form
}

/** To be called between two messages, as within one the same ending has to be the same object. */
export function trimForms(): void {
  if (forms.size < MAX_FORMS) return
  forms.clear()
  endings.clear()
}

function newForm(name: Name): NameForm {
  const bytes: number[] = []
  const starts = [0]
  const ends: Ending[] = []
  for (let at = 0; name !== ROOT && at < name.length; ) {
    const end = labelEnd(name, at)
    const head = bytes.length
    bytes.push(0)
    pushLabel(bytes, name, at, end)
    const length = bytes.length - head - 1
    if (length === 0 || length > MAX_LABEL_BYTES) throw new WireError('label-too-long', `"${name}" is not a name`)
    bytes[head] = length
    starts.push(bytes.length)
    ends.push(endingOf(name.slice(at)))
    at = end + 1
  }
  return { bytes: Uint8Array.from(bytes), starts, endings: ends }
}

function pushLabel(bytes: number[], name: Name, start: number, end: number): void {
  const before = bytes.length
  for (let at = start; at < end; at++) {
    const code = name.charCodeAt(at)
    if (code === BACKSLASH || code > 0x7e) {
      bytes.length = before
      bytes.push(...unescapeBytes(name.slice(start, end)))
      return
    }
    bytes.push(code)
  }
}

function endingOf(text: string): Ending {
  let ending = endings.get(text)
  if (ending === undefined) {
    ending = { text, message: 0, at: 0 }
    endings.set(text, ending)
  }
  return ending
}
