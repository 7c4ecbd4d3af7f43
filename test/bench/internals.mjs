// Owns the only way from the bench to the inside of the built package: what moves in there changes this file alone.
// Does not own anything that it passes on.
export * from '../../dist/internals.js'
