// Owns what the house rules look at: one parsed file, its imports, and a walk over its syntax tree.
// Does not own the rules.
import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import ts from 'typescript5'

export interface SourceImport {
  /** As it is written. */
  readonly specifier: string
  /** From the project root for a relative import, else the name of the package. */
  readonly target: string
  readonly relative: boolean
  readonly typeOnly: boolean
}

export interface Source {
  /** From the project root: `src/wire/types.ts`. */
  readonly path: string
  readonly text: string
  readonly tree: ts.SourceFile
  readonly imports: readonly SourceImport[]
}

/** Every file of ours below some directories. */
export function sourcesIn(root: string, directories: readonly string[]): readonly Source[] {
  return directories.flatMap((directory) =>
    readdirSync(posix.join(root, directory), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.m?[tj]s$/.test(path) && !path.split(posix.sep).includes('node_modules'))
      .map((path) => posix.join(directory, path))
      .map((path) => parse(path, readFileSync(posix.join(root, path), 'utf8'))),
  )
}

export function parse(path: string, text: string): Source {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  return { path, text, tree, imports: nodesOf(tree).flatMap((node) => importOf(path, node)) }
}

export function nodesOf(node: ts.Node): readonly ts.Node[] {
  const nodes: ts.Node[] = [node]
  ts.forEachChild(node, (child) => void nodes.push(...nodesOf(child)))
  return nodes
}

/** Where a node begins, as `path:line`. */
export function placeOf(source: Source, node: ts.Node): string {
  return `${source.path}:${lineAt(source, node.getStart())}`
}

export function lineAt(source: Source, position: number): number {
  return source.tree.getLineAndCharacterOfPosition(position).line + 1
}

function importOf(path: string, node: ts.Node): readonly SourceImport[] {
  const specifier = specifierOf(node)
  if (specifier === undefined) return []
  const relative = specifier.startsWith('.')
  const target = relative ? posix.join(posix.dirname(path), specifier) : packageOf(specifier)
  return [{ specifier, target, relative, typeOnly: isTypeOnly(node) }]
}

/** Of `import … from`, `export … from`, `import(…)` as an expression and as a type. */
function specifierOf(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return textOf(node.moduleSpecifier)
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
    return textOf(node.arguments[0])
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return textOf(node.argument.literal)
  return undefined
}

function textOf(node: ts.Node | undefined): string | undefined {
  return node && ts.isStringLiteral(node) ? node.text : undefined
}

function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

function isTypeOnly(node: ts.Node): boolean {
  if (ts.isImportTypeNode(node)) return true
  if (ts.isExportDeclaration(node)) return node.isTypeOnly
  if (!ts.isImportDeclaration(node)) return false
  const clause = node.importClause
  const named = clause?.namedBindings
  if (clause?.isTypeOnly) return true
  return !clause?.name && !!named && ts.isNamedImports(named) && named.elements.every((element) => element.isTypeOnly)
}
