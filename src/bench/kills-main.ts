import { fileURLToPath } from 'node:url'
import { type Kill, killRuns, type Way } from './kills.ts'

/** Kills as many runs as told, 200 by default, and says what was left, touched or written. */
const count = Number(process.argv[2] ?? 200)
const command = fileURLToPath(new URL('../cli/main.js', import.meta.url))
const ways: readonly Way[] = [
  { states: 'url', latency: 0 },
  { states: 'recipes', latency: 0 },
  { states: 'url', latency: 80 },
  { states: 'recipes', latency: 80 },
]

const kills: Kill[] = []
for await (const kill of killRuns(command, ways, count)) {
  kills.push(kill)
  const { way, after, killed, made, cleanupsKilled, wrong } = kill
  const what = killed ? 'killed' : 'ended '
  const said = `${kills.length} ${way.states} +${way.latency} ms   ${what} after ${Math.round(after)} ms, ${made} there, ${cleanupsKilled} cleanups killed`
  process.stdout.write(`${[said, ...wrong].join('\n    ')}\n`)
}
const total = (of: (kill: Kill) => number) => kills.reduce((sum, kill) => sum + of(kill), 0)
const bad = kills.filter(({ wrong }) => wrong.length > 0)
process.stdout.write(
  `\n${total(({ killed }) => Number(killed))} of ${kills.length} runs killed, ${total(({ made }) => Number(made > 0))} with something there (${total(({ made }) => made)} in all), ${total(({ cleanupsKilled }) => cleanupsKilled)} cleanups killed: ${bad.length} with something wrong\n`,
)
process.exitCode = bad.length === 0 ? 0 : 1
