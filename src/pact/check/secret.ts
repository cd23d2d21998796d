/** Writes the value of a header, parameter or member, or what stands for it where it may be a secret. */
export function shown(name: string, value: string): string {
  return isSecret(name) ? '***' : JSON.stringify(value)
}

/** Whether a name is one under which people keep secrets. */
export function isSecret(name: string): boolean {
  return /auth|cookie|key|pass|secret|session|token|credential/i.test(name)
}
