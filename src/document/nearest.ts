import { distance } from 'fastest-levenshtein'

/**
 * Picks the word that was most likely meant; `undefined` when none is near.
 *
 * Case does not count. Near means that at most a third of the letters differ, and never all.
 */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const wanted = word.toLowerCase()
  let best: string | undefined
  let least = Number.POSITIVE_INFINITY
  for (const candidate of words) {
    const letters = Math.max(word.length, candidate.length)
    const allowed = Math.min(letters - 1, Math.max(1, Math.floor(letters / 3)))
    if (Math.abs(word.length - candidate.length) > allowed) continue
    const away = distance(wanted, candidate.toLowerCase())
    if (away > allowed || away >= least) continue
    best = candidate
    least = away
  }
  return best
}
