// Owns what becomes of an error that nobody is there to catch: a listener's, or that of a bug.
// Does not own who is told of it.

export class Guard {
  readonly #onError: (error: unknown) => void

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError
  }

  run(run: () => void): void {
    try {
      run()
    } catch (error) {
      this.report(error)
    }
  }

  report(error: unknown): void {
    try {
      this.#onError(error)
    } catch {
      // Whoever is told of errors and throws has nobody left to be told.
    }
  }
}
