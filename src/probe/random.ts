/** A number in [0, 1), as `Math.random` gives it. */
export type Random = () => number

/** Random numbers that depend on the seed of the run and the probe only, whatever runs beside it. */
export function randomFor(seed: number, probe: string): Random {
  let state = Math.imul(seed ^ 0x811c9dc5, 0x01000193) >>> 0
  for (const character of probe)
    state = Math.imul(state ^ character.charCodeAt(0), 0x01000193) >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}

/** Random hexadecimal digits. */
export function randomHex(length: number, random: Random): string {
  let text = ''
  while (text.length < length)
    text += Math.floor(random() * 0x1_0000_0000)
      .toString(16)
      .padStart(8, '0')
  return text.slice(0, length)
}
