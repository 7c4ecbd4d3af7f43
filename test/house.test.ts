// The house rules, over the syntax trees of the files; every rule also has to find fault with a file that breaks it.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import * as rules from './house/rules.ts'
import { parse, sourcesIn } from './house/source.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const src = sourcesIn(ROOT, ['src'])
const everything = [...src, ...sourcesIn(ROOT, ['test', 'examples'])]

type Snippet = readonly [path: string, text: string]

interface House {
  readonly title: string
  readonly rule: rules.Rule
  readonly over: typeof src
  /** Files that break the rule; each has to be found. */
  readonly bad: readonly Snippet[]
  /** Files that look as if they did, and do not. */
  readonly good?: readonly Snippet[]
}

const PURE_BAD = [
  "import { hrtime } from 'node:process'",
  'Date.now()',
  'new Date()',
  'performance.now()',
  'setTimeout(f, 1)',
  'setInterval(f, 1)',
  'setImmediate(f)',
  'queueMicrotask(f)',
  'Math.random()',
  'console.log(1)',
  'process.exit()',
  'async function f() {}',
  'const f = async () => {}',
  'await f()',
  'for await (const a of b) {}',
  'let a: Promise<void>',
  "fetch('x')",
]

const FANCY_BAD = [
  'let a: any',
  'let a = b as any[]',
  'a!.b()',
  'enum A { B }',
  'const enum A { B }',
  'namespace A {}',
  "declare module 'a' {}",
  'class A { constructor(private a: number) {} }',
  'class A { constructor(readonly a: number) {} }',
  'export default 1',
  'export default function f() {}',
  'export { a as default }',
]

const LAYERS_BAD: readonly Snippet[] = [
  ['src/errors.ts', "import '../src/wire/types.ts'"],
  ['src/wire/a.ts', "import { b } from '../mdns/b.ts'"],
  ['src/mdns/a.ts', "import type { B } from '../host/b.ts'"],
  ['src/host/a.ts', "import { b } from '../net/b.ts'"],
  ['src/host/a.ts', "export * from '../dnssd/b.ts'"],
  ['src/net/a.ts', "import { b } from '../sim/b.ts'"],
  ['src/sim/a.ts', "import { b } from '../dnssd/b.ts'"],
  ['src/dnssd/a.ts', "const b = import('../net/b.ts')"],
  ['src/dnssd/a.ts', "let b: import('../sim/b.ts').B"],
  ['src/dnssd/a.ts', "import { b } from '../registry/b.ts'"],
  ['src/registry/a.ts', "import { b } from '../net/b.ts'"],
  ['src/registry/a.ts', "import { b } from '../sim/b.ts'"],
  ['src/registry/a.ts', "import { b } from '../index.ts'"],
  ['src/registry/a.ts', "import { b } from '../cli/b.ts'"],
  ['src/registry/a.ts', "import { b } from '../dnssd.ts'"],
  ['src/registry/a.ts', "import { b } from '../contract/b.ts'"],
  ['src/contract/a.ts', "import { b } from '../sim/b.ts'"],
  ['src/registry/a.ts', "import { b } from '../lifecycle/b.ts'"],
  ['src/lifecycle/a.ts', "import { b } from '../net/b.ts'"],
  ['src/selector/a.ts', "import { b } from '../lifecycle/b.ts'"],
]

const at = (path: string, texts: readonly string[]) => texts.map((text) => [path, text] as const)

const houses: readonly House[] = [
  {
    title: 'file <= 300 lines',
    rule: rules.fileSize,
    over: everything,
    bad: [['a.ts', 'a\n'.repeat(301)]],
    good: [['a.ts', 'a\n'.repeat(300)]],
  },
  {
    title: 'function <= 40 lines',
    rule: rules.functionSize,
    over: everything,
    bad: [
      ['a.ts', `function f() {${'\n'.repeat(40)}}`],
      ['a.ts', `const f = () => {${'\n'.repeat(40)}}`],
      ['a.ts', `class A { get f() {${'\n'.repeat(40)}} }`],
      ['a.ts', `test('x', () => {${'\n'.repeat(40)}})`],
    ],
    good: [
      ['a.ts', `function f() {${'\n'.repeat(39)}}`],
      ['a.ts', `describe('x', () => {${'\n'.repeat(40)}})`],
    ],
  },
  {
    title: 'line <= 120 columns',
    rule: rules.lineLength,
    over: everything,
    bad: [['a.ts', 'a'.repeat(121)]],
    good: [['a.ts', '…'.repeat(120)]],
  },
  {
    title: 'a file is named after its noun',
    rule: rules.fileName,
    over: everything,
    bad: ['utils', 'util', 'helpers', 'helper', 'common', 'camelCase', 'Upper'].map(
      (name) => [`src/${name}.ts`, ''] as const,
    ),
    good: [['src/link-socket.ts', '']],
  },
  {
    title: 'a file opens with what it owns and what it does not',
    rule: rules.openingLines,
    over: src,
    bad: at('src/a.ts', ['', '// Owns a.\nlet a', '// Does not own b.\n', 'let a\n// Owns a.\n// Does not own b.']),
    good: at('src/a.ts', ['// Owns a.\n// Does not own b.\n', '#!/usr/bin/env node\n// Owns a.\n// Does not own b.\n']),
  },
  {
    title: 'a relative import names the .ts file',
    rule: rules.importExtension,
    over: everything.filter(({ path }) => path.endsWith('.ts')),
    bad: at('src/a.ts', ["import './b'", "import './b.js'"]),
  },
  {
    title: 'imports only go down',
    rule: rules.layerOrder,
    over: src,
    bad: LAYERS_BAD,
    good: [...at('src/cli/a.ts', ["import '../net/b.ts'"]), ...at('src/dnssd.ts', ["import './net/b.ts'"])],
  },
  {
    title: 'nothing imports what is built for test programs',
    rule: rules.internalsApart,
    over: src,
    bad: [
      ['src/index.ts', "export { a } from './internals.ts'"],
      ['src/cli/a.ts', "const a = await import('../internals.ts')"],
      ['src/registry/a.ts', "import type { A } from '../internals.ts'"],
    ],
    good: [['src/internals.ts', "export * from './index.ts'"]],
  },
  {
    title: 'nothing but its entry loads the contract',
    rule: rules.contractApart,
    over: src,
    bad: [
      ['src/index.ts', "export { a } from './contract/a.ts'"],
      ['src/cli/a.ts', "const a = await import('../contract.ts')"],
      ['src/registry/a.ts', "import type { A } from '../contract/a.ts'"],
    ],
    good: [
      ['src/contract.ts', "export { a } from './contract/a.ts'"],
      ['src/contract/a.ts', "import { b } from './chapters/b.ts'"],
    ],
  },
  {
    title: 'wire and mdns are pure',
    rule: rules.purity,
    over: src,
    bad: [...at('src/wire/a.ts', PURE_BAD), ...at('src/mdns/a.ts', PURE_BAD)],
    good: [
      ...at('src/net/a.ts', PURE_BAD),
      ...at('src/mdns/a.ts', ['Math.max(1, 2)', 'this.process()', '// Date, await']),
    ],
  },
  {
    title: 'no any, non-null assertion, enum, namespace, parameter property or default export',
    rule: rules.plainSyntax,
    over: src,
    bad: at('src/a.ts', FANCY_BAD),
    good: at('src/a.ts', ['let a = !b', 'switch (a) { default: }', 'let any = 1']),
  },
  {
    title: 'cache, querier, zone, replies, publisher and responder do not know each other',
    rule: rules.strangers,
    over: src,
    bad: ['querier', 'zone', 'replies', 'publisher', 'responder'].map(
      (name) => ['src/mdns/cache.ts', `import { a } from './${name}.ts'`] as const,
    ),
    good: at('src/mdns/cache.ts', ["import type { A } from './zone.ts'", "import { a } from './schedule.ts'"]),
  },
  {
    title: 'a package is used where the design has it',
    rule: rules.packages,
    over: src,
    bad: [
      ['src/wire/a.ts', "import 'left-pad'"],
      ['src/mdns/a.ts', "import 'dns-packet'"],
      ['src/registry/a.ts', "import type { Command } from 'commander'"],
      ['src/net/a.ts', "import 'eventemitter3/index.js'"],
    ],
    good: [['src/wire/a.ts', "import 'dns-packet'"]],
  },
]

describe.each(houses)('$title', ({ rule, over, bad, good = [] }) => {
  test('is kept', () => {
    expect(over.length).toBeGreaterThan(0)
    expect(over.flatMap(rule)).toEqual([])
  })

  test('can be broken', () => {
    for (const [path, text] of bad) {
      expect(rule(parse(path, text)), `${path}: ${text.slice(0, 80)}`).not.toEqual([])
    }
    for (const [path, text] of good) expect(rule(parse(path, text)), `${path}: ${text.slice(0, 80)}`).toEqual([])
  })
})

test('no imports lead back to where they began', () => {
  expect(rules.cycles(src)).toEqual([])
  const circle = [
    parse('src/a.ts', "import './b.ts'"),
    parse('src/b.ts', "import type { C } from './c.ts'"),
    parse('src/c.ts', "import './a.ts'"),
    parse('src/d.ts', "import './a.ts'"),
  ]
  expect(rules.cycles(circle)).toEqual(['src/a.ts', 'src/b.ts', 'src/c.ts'])
})

test('nothing is installed with the package that the design does not name', () => {
  expect(rules.undesignedDependencies(JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8')))).toEqual([])
  expect(rules.undesignedDependencies({ dependencies: { commander: '1', 'left-pad': '1' } })).toEqual(['left-pad'])
})
