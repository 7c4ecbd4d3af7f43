// Owns how the published modules are made: the entries of the package, its programs, and the chunks that they share.
// Does not own their types, which are tsc's (tsconfig.build.json), nor the entries, which `exports` in package.json has.
import { readFileSync } from 'node:fs'
import { rolldown } from 'rolldown'

const { exports } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'))
const ENTRIES = Object.values(exports).flatMap((target) => target.default ?? [])
/** Each finds its neighbours by its own place, so no other module may be made of it. */
const PROGRAMS = ['./dist/cli/main.js', './dist/cli/demo-service.js']

/** Few files load faster than many, and still nobody loads a layer only because another entry needs it. */
const CHUNKS = [
  { name: 'engine', test: /src\/(?:errors\.ts|(?:wire|mdns|host|micro)\/)/, priority: 3, minShareCount: 2 },
  { name: 'dnssd', test: /src\/(?:(?:net|dnssd)\/|dnssd\.ts|default-host\.ts)/, priority: 2, minShareCount: 2 },
  { name: 'registry', test: /src\/(?!cli\/)/, priority: 1, minShareCount: 2 },
]

await write([...ENTRIES, ...PROGRAMS], {
  cleanDir: true,
  chunkFileNames: 'chunks/[name].js',
  codeSplitting: { groups: CHUNKS },
})
// For test programs, which are no reason to divide otherwise what is published: it shares nothing with the package.
await write(['./dist/internals.js'], {})

/** Names stay as they are in the sources, for those who read a stack. The types have the comments. */
async function write(paths, output) {
  const bundle = await rolldown({
    cwd: import.meta.dirname,
    input: Object.fromEntries(paths.map(nameOf).map((name) => [name, `./src/${name}.ts`])),
    platform: 'node',
    external: /^[^./]/,
    transform: { target: 'node20.19' },
  })
  await bundle.write({ dir: 'dist', comments: { jsdoc: false }, minifyInternalExports: false, ...output })
}

function nameOf(path) {
  return path.replace(/^\.\/dist\//, '').replace(/\.js$/, '')
}
