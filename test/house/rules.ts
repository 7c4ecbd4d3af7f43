// Owns the house rules: each tells what is wrong with one file, or with all of them together.
// Does not own where files come from; source.ts parses them.
import { posix } from 'node:path'
import type ts from 'typescript5'
import { lineAt, nodesOf, placeOf, type Source, typescript } from './source.ts'

const FILE_LINES = 300
const FUNCTION_LINES = 40
const COLUMNS = 120

/** A rule about one file. */
export type Rule = (source: Source) => readonly string[]

export const fileSize: Rule = (source) => {
  const lines = source.text.trimEnd().split('\n').length
  return lines > FILE_LINES ? [`${source.path} has ${lines} lines`] : []
}

/** The callback of a `describe` is a chapter of tests, not a function. */
export const functionSize: Rule = (source) =>
  nodesOf(source.tree).flatMap((node) => {
    if (!typescript.isFunctionLike(node) || isChapter(node)) return []
    const lines = lineAt(source, node.getEnd()) - lineAt(source, node.getStart()) + 1
    return lines > FUNCTION_LINES ? [`${placeOf(source, node)} is a function of ${lines} lines`] : []
  })

export const lineLength: Rule = (source) =>
  source.text
    .split('\n')
    .flatMap((line, index) => ([...line].length > COLUMNS ? [`${source.path}:${index + 1} is too wide`] : []))

export const fileName: Rule = ({ path }) => {
  const name = posix.basename(path)
  const vague = /^(?:utils?|helpers?|common)\b/.test(name)
  const kebab = /^[a-z0-9]+(?:[-.][a-z0-9]+)*$/.test(name)
  return vague || !kebab ? [`${path} is not named after one noun in kebab case`] : []
}

/** A program that is started may have its `#!` line first. */
export const openingLines: Rule = ({ path, text }) =>
  /^(?:#!.*\n)?\/\/ Owns .*\n(?:\/\/ .*\n)*?\/\/ Does not own /.test(text)
    ? []
    : [`${path} does not open with what it owns and what it does not`]

export const importExtension: Rule = ({ path, imports }) =>
  imports.flatMap(({ specifier, relative }) =>
    relative && !specifier.endsWith('.ts') ? [`${path} imports ${specifier} without .ts`] : [],
  )

const LAYERS: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  wire: ['errors'],
  mdns: ['wire', 'errors'],
  host: ['mdns', 'wire', 'errors'],
  net: ['host', 'mdns', 'wire', 'errors'],
  sim: ['micro', 'host', 'mdns', 'wire', 'errors'],
  dnssd: ['host', 'mdns', 'wire', 'errors'],
  micro: ['host', 'mdns', 'wire', 'errors'],
  registry: ['dnssd', 'micro', 'host', 'mdns', 'wire', 'errors'],
  contract: ['registry', 'dnssd', 'micro', 'host', 'mdns', 'wire', 'errors'],
  lifecycle: ['registry', 'dnssd', 'micro', 'host', 'mdns', 'wire', 'errors'],
  selector: ['registry', 'dnssd', 'micro', 'host', 'mdns', 'wire', 'errors'],
}

/** Entries and programs on top are in no layer: they may import everything, and no layer may import them. */
export const layerOrder: Rule = ({ path, imports }) => {
  const layer = layerOf(path)
  const below = LAYERS[layer]
  if (below === undefined) return []
  return imports.flatMap(({ target, relative }) =>
    !relative || layerOf(target) === layer || below.includes(layerOf(target)) ? [] : [`${path} imports ${target}`],
  )
}

/** Programs do not load what only the tests of a backend need. */
export const contractApart: Rule = ({ path, imports }) => {
  if (layerOf(path) === 'contract' || path === CONTRACT) return []
  return imports.flatMap(({ target }) =>
    layerOf(target) === 'contract' || target === CONTRACT ? [`${path} imports ${target}`] : [],
  )
}

const CONTRACT = 'src/contract.ts'

/** What test programs are given of the inside is not published, so nothing that is may need it. */
export const internalsApart: Rule = ({ path, imports }) =>
  imports.flatMap(({ target }) => (target === INTERNALS ? [`${path} imports ${target}`] : []))

const INTERNALS = 'src/internals.ts'

const PURE = new Set(['wire', 'mdns'])
const IMPURE = new Set(
  (
    'Date performance setTimeout setInterval setImmediate queueMicrotask clearTimeout clearInterval clearImmediate ' +
    'console process Promise PromiseLike fetch crypto globalThis'
  ).split(' '),
)

/** No clock, no chance, no sockets, no waiting: what wire and mdns do depends on their arguments alone. */
export const purity: Rule = (source) => {
  if (!PURE.has(layerOf(source.path))) return []
  const imports = source.imports.filter(({ target }) => target.startsWith('node:'))
  const impure = nodesOf(source.tree).filter(isImpure)
  return [
    ...imports.map(({ target }) => `${source.path} imports ${target}`),
    ...impure.map((node) => `${placeOf(source, node)} uses ${node.getText()}`),
  ]
}

export const plainSyntax: Rule = (source) =>
  nodesOf(source.tree)
    .filter(isFancy)
    .map((node) => `${placeOf(source, node)} has ${typescript.SyntaxKind[node.kind]}`)

const STRANGERS = new Set(
  ['cache', 'querier', 'zone', 'replies', 'publisher', 'responder'].map((name) => `src/mdns/${name}.ts`),
)

/** The parts of the engine know each other's types at most; link.ts passes values between them. */
export const strangers: Rule = ({ path, imports }) =>
  imports.flatMap(({ target, typeOnly }) =>
    STRANGERS.has(path) && STRANGERS.has(target) && !typeOnly ? [`${path} imports ${target}`] : [],
  )

/** The packages that are there at run time, and who may use them. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'dns-packet': ['wire'],
  'multicast-dns': ['net'],
  eventemitter3: ['dnssd'],
  commander: ['cli'],
  picocolors: ['cli'],
}

export const packages: Rule = ({ path, imports }) =>
  imports.flatMap(({ target, relative }) => {
    const fine = relative || target.startsWith('node:') || PACKAGES[target]?.includes(layerOf(path))
    return fine ? [] : [`${path} imports ${target}`]
  })

export function undesignedDependencies(manifest: object): readonly string[] {
  const { dependencies = {} } = manifest as { dependencies?: object }
  return Object.keys(dependencies).filter((name) => !(name in PACKAGES))
}

/** Every file from which imports, of values or types, lead back to itself. */
export function cycles(sources: readonly Source[]): readonly string[] {
  const targets = new Map(sources.map(({ path, imports }) => [path, imports.map(({ target }) => target)]))
  return [...targets.keys()].filter((path) => {
    const reached = new Set<string>()
    const open = [...(targets.get(path) ?? [])]
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (!reached.has(next)) open.push(...(targets.get(next) ?? []))
      reached.add(next)
    }
    return reached.has(path)
  })
}

/** The directory below src; `errors` for errors.ts, and nothing for the entries beside it. */
function layerOf(path: string): string {
  const [, directory = '', ...rest] = path.split('/')
  if (rest.length > 0) return directory
  return directory === 'errors.ts' ? 'errors' : ''
}

function isChapter(node: ts.Node): boolean {
  return typescript.isCallExpression(node.parent) && /^describe\b/.test(node.parent.expression.getText())
}

function isImpure(node: ts.Node): boolean {
  if (node.kind === typescript.SyntaxKind.AsyncKeyword || node.kind === typescript.SyntaxKind.AwaitKeyword) return true
  if (typescript.isAwaitExpression(node)) return true
  if (typescript.isPropertyAccessExpression(node)) return node.getText() === 'Math.random'
  return typescript.isIdentifier(node) && IMPURE.has(node.text) && !isMemberName(node)
}

/** `this.process` and `{ process: 1 }` are names of our own. */
function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node
  if (typescript.isPropertyAccessExpression(parent)) return parent.name === node
  return (
    (typescript.isPropertyAssignment(parent) ||
      typescript.isPropertySignature(parent) ||
      typescript.isMethodDeclaration(parent)) &&
    parent.name === node
  )
}

function isFancy(node: ts.Node): boolean {
  if (typescript.isParameter(node)) return typescript.isParameterPropertyDeclaration(node, node.parent)
  if (typescript.isExportAssignment(node)) return true
  if (typescript.isExportSpecifier(node)) return node.name.text === 'default'
  return FANCY.has(node.kind)
}

const FANCY = new Set([
  typescript.SyntaxKind.AnyKeyword,
  typescript.SyntaxKind.NonNullExpression,
  typescript.SyntaxKind.EnumDeclaration,
  typescript.SyntaxKind.ModuleDeclaration,
  typescript.SyntaxKind.DefaultKeyword,
])
