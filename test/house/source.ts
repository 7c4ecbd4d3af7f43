// Owns what the house rules look at: one parsed file, its imports, and a walk over its syntax tree.
// Does not own the rules.
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { posix } from 'node:path'
import type ts from 'typescript5'

/** Imported, it would take three times as long: nine megabytes would be looked through for what they export. */
export const typescript: typeof ts = createRequire(import.meta.url)('typescript5')

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
  const tree = typescript.createSourceFile(path, text, typescript.ScriptTarget.Latest, true)
  return { path, text, tree, imports: nodesOf(tree).flatMap((node) => importOf(path, node)) }
}

export function nodesOf(node: ts.Node): readonly ts.Node[] {
  const nodes: ts.Node[] = [node]
  typescript.forEachChild(node, (child) => void nodes.push(...nodesOf(child)))
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
  if (typescript.isImportDeclaration(node) || typescript.isExportDeclaration(node)) return textOf(node.moduleSpecifier)
  if (typescript.isCallExpression(node) && node.expression.kind === typescript.SyntaxKind.ImportKeyword)
    return textOf(node.arguments[0])
  if (typescript.isImportTypeNode(node) && typescript.isLiteralTypeNode(node.argument))
    return textOf(node.argument.literal)
  return undefined
}

function textOf(node: ts.Node | undefined): string | undefined {
  return node && typescript.isStringLiteral(node) ? node.text : undefined
}

function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

function isTypeOnly(node: ts.Node): boolean {
  if (typescript.isImportTypeNode(node)) return true
  if (typescript.isExportDeclaration(node)) return node.isTypeOnly
  if (!typescript.isImportDeclaration(node)) return false
  const clause = node.importClause
  const named = clause?.namedBindings
  if (clause?.isTypeOnly) return true
  return (
    !clause?.name &&
    !!named &&
    typescript.isNamedImports(named) &&
    named.elements.every((element) => element.isTypeOnly)
  )
}
