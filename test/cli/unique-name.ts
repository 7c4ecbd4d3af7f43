// Owns names that no other test on the same loopback interface uses.
let count = 0

export function uniqueName(about: string): string {
  count += 1
  return `${about}-${process.pid}-${count}`
}
