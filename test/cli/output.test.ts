import { expect, test } from 'vitest'
import { Output, type OutputStyle, styleFor } from '../../src/cli/output.ts'

const TERMINAL: OutputStyle = { json: false, aligned: true, color: false }

function written(style: OutputStyle, use: (output: Output) => void): string {
  let text = ''
  const sink = {
    write: (piece: string) => {
      text += piece
    },
  }
  use(new Output(sink, style))
  return text
}

test('a list on a terminal has a heading and aligned columns, without trailing blanks', () => {
  const reports = [
    { json: 1, rows: [['greeter', '1.0.0', '2']] },
    { json: 2, rows: [['größe', '10.0.0', '']] },
  ]
  expect(written(TERMINAL, (output) => output.list(['service', 'version', 'nodes'], reports))).toBe(
    'SERVICE  VERSION  NODES\ngreeter  1.0.0    2\ngröße    10.0.0\n',
  )
})

test('a stream on a terminal widens its columns as it goes', () => {
  const lines = written(TERMINAL, (output) => {
    output.head(['event', 'name', 'type'])
    output.tell({ json: 1, rows: [['up', 'a', 't']] })
    output.tell({ json: 1, rows: [['up', 'a long name', 't']] })
    output.tell({ json: 1, rows: [['down', 'a', 't']] })
  })
  expect(lines).toBe('EVENT  NAME  TYPE\nup     a     t\nup     a long name  t\ndown   a            t\n')
})

test('a heading is aligned to the first row, and there is none without rows', () => {
  const row = ['create', 'a long name', 't']
  const head = (output: Output) => output.head(['action', 'name', 'type'])
  expect(written(TERMINAL, head)).toBe('')
  expect(
    written(TERMINAL, (output) => {
      head(output)
      output.tell({ json: 1, rows: [row] })
    }),
  ).toBe('ACTION  NAME         TYPE\ncreate  a long name  t\n')
})

test('in a pipe there are plain lines: no heading, no padding', () => {
  const piped = { ...TERMINAL, aligned: false }
  const text = written(piped, (output) => {
    output.head(['event', 'name'])
    output.tell({ json: 1, rows: [['update', 'a']] })
    output.tell({ json: 1, rows: [['up', 'b']] })
  })
  expect(text).toBe('update  a\nup  b\n')
})

test('--json writes one object per line and nothing else', () => {
  const text = written({ ...TERMINAL, json: true }, (output) => {
    output.note('a story')
    output.head(['event'])
    output.tell({ json: { a: '\u001b\n' }, rows: [['x']] })
  })
  expect(text).toBe('{"a":"\\u001b\\n"}\n')
})

test('security goal 16: only our own colours reach a terminal', () => {
  const hostile = '\u001b[31mred\r\n\u202e'
  const row = ['up', hostile, hostile]
  const text = written({ ...TERMINAL, color: true }, (output) => output.tell({ json: 1, rows: [row] }))
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the colour of the first cell
  const bare = text.replace(/\u001b\[(32|39)m/g, '')
  expect(bare).toMatch(/^[\x20-\x7e]+\n$/)
  expect(text).not.toBe(bare)
})

test('colour needs a terminal and no NO_COLOR', () => {
  expect(styleFor(false, true, {})).toEqual({ json: false, aligned: true, color: true })
  expect(styleFor(false, true, { NO_COLOR: '1' }).color).toBe(false)
  expect(styleFor(false, true, { TERM: 'dumb' }).color).toBe(false)
  expect(styleFor(false, false, { CI: 'true', FORCE_COLOR: '1' })).toEqual({
    json: false,
    aligned: false,
    color: false,
  })
})

test('what has been told is counted, also where it takes no row', () => {
  const output = new Output({ write: () => {} }, TERMINAL)
  expect(output.count).toBe(0)
  output.tell({ json: 1, rows: [] })
  expect(output.count).toBe(1)
})
