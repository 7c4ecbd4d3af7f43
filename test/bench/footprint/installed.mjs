// Owns copies of packages as a program has them: installed from npm into a folder that is gone afterwards.
// Does not own what is measured of them.
import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const VERSIONS = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).dependencies
/** What only the command line needs, beside its own modules. */
const COMMAND_LINE = /\/dist\/cli|node_modules\/(commander|picocolors)\//

const run = promisify(execFile)

/** This package, packed as it is published. */
export async function ofThisProject() {
  const folder = newFolder()
  execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], { cwd: ROOT })
  const packed = readdirSync(folder).find((file) => file.endsWith('.tgz'))
  return install(folder, 'mdns-registry', join(folder, packed))
}

/** A peer in the version that the bench has; a string where it cannot be had. */
export async function installed(name) {
  const folder = newFolder()
  try {
    return await install(folder, name, `${name}@${VERSIONS[name]}`)
  } catch (error) {
    rmSync(folder, { recursive: true })
    return `cannot be installed: ${String(error.stderr ?? error.message).split('\n')[0]}`
  }
}

function newFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'mdns-registry-bench-'))
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n')
  return folder
}

async function install(folder, name, what) {
  const words = ['install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', what]
  await run('npm', words, { cwd: folder })
  const modules = join(folder, 'node_modules')
  const { packages } = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8'))
  return {
    packages: Object.keys(packages).length,
    bytes: Object.keys(packages).reduce((sum, path) => sum + sizeOf(join(folder, path)), 0),
    importTime: () => scriptTime(folder, `await import('${name}')`),
    emptyTime: () => scriptTime(folder, ''),
    loaded: () => loaded(folder, name),
    remove: () => rmSync(folder, { recursive: true }),
  }
}

/** Bytes in the files of a package, without the packages in its own node_modules. */
function sizeOf(folder) {
  const entries = readdirSync(folder, { withFileTypes: true })
  return entries.reduce((sum, entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'node_modules' ? sum : sum + sizeOf(path)
    return sum + statSync(path).size
  }, 0)
}

/** Milliseconds of a process from its start to its end. */
async function scriptTime(folder, script) {
  const began = process.hrtime.bigint()
  await run(process.execPath, ['--input-type=module', '-e', `${script}\nprocess.exit()`], { cwd: folder })
  return Number(process.hrtime.bigint() - began) / 1e6
}

/** How many files an import loads, and how many of them belong to the command line. */
function loaded(folder, name) {
  const hook = `export async function load(url, context, next) {
    process._rawDebug(url)
    return next(url, context)
  }`
  const script = `
    import { createRequire, register } from 'node:module'
    register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(hook)}))
    await import('${name}')
    for (const file of Object.keys(createRequire(process.cwd() + '/x.js').cache)) process._rawDebug(file)
    process.exit()`
  const words = ['--input-type=module', '-e', `${script}`]
  const said = execFileSync('sh', ['-c', '"$@" 2>&1', 'sh', process.execPath, ...words], { cwd: folder })
  const lines = String(said).split('\n')
  const files = new Set(lines.filter((line) => line.includes(folder)).map((line) => line.replace('file://', '')))
  return { files: files.size, commands: [...files].filter((file) => COMMAND_LINE.test(file)).length }
}
