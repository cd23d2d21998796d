/** How long the way to a region is, and its own chance; the same for the same seed. */
export type Weather = {
  /** Milliseconds that an answer is under way: `latency`, give or take up to `jitter`. */
  delay(): number
  /** From 0 up to 1. */
  random(): number
}

export type Climate = {
  /** Milliseconds. */
  readonly latency: number
  /** Milliseconds, at most, by which each answer comes earlier or later. */
  readonly jitter: number
  readonly seed: number
}

/** Makes the weather of one region: each has its own, so that they do not shake in step. */
export function createWeather({ latency, jitter, seed }: Climate, region: string): Weather {
  const random = createRandom(`${seed} ${region}`)
  return {
    random,
    delay: () => (jitter === 0 ? latency : Math.max(0, latency + (random() * 2 - 1) * jitter)),
  }
}

/** A small generator with one word of state (splitmix32), fed with the FNV-1a hash of a text. */
function createRandom(text: string): () => number {
  let state = 0x811c9dc5
  for (const byte of Buffer.from(text)) state = Math.imul(state ^ byte, 0x01000193)
  return () => {
    state = (state + 0x9e3779b9) | 0
    let mixed = state ^ (state >>> 16)
    mixed = Math.imul(mixed, 0x21f0aaad)
    mixed ^= mixed >>> 15
    mixed = Math.imul(mixed, 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32
  }
}
