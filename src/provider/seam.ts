/** Makes requests fail inside on demand, since a sound API gives no other way to see its 500. */
export type Seam = {
  /** The next `times` requests of an operation fail, whatever they hold. */
  arm(operation: string, times: number): void
  disarm(operation: string): void
  /** Whether this request is to fail; it uses one of the armed times up. */
  trips(operation: string): boolean
}

export const faultHeader = { name: 'X-Assay-Fault', value: 'internal-error' } as const

export function createSeam(): Seam {
  const armed = new Map<string, number>()
  return {
    arm: (operation, times) => void armed.set(operation, times),
    disarm: (operation) => void armed.delete(operation),
    trips(operation) {
      const left = armed.get(operation)
      if (left === undefined) return false
      if (left > 1) armed.set(operation, left - 1)
      else armed.delete(operation)
      return true
    },
  }
}
