// Owns the process of one section: what it measures goes to bench.mjs as it comes.
// Does not own the sections.
const [name, options] = process.argv.slice(2)
const { title, figures } = await import(`./sections/${name}.mjs`)

/** A table may take minutes: whoever waits sees on what. */
const log = (text) => process.stderr.write(`  ${name}: ${text}\n`)
const send = (message) => new Promise((resolve) => process.send(message, resolve))

await send({ title })
for await (const figure of figures({ ...JSON.parse(options), log })) await send({ figure })
// What a peer leaves open must not keep the bench waiting.
process.exit()
