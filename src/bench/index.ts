/** The built command goes in; what it costs, and what it leaves when it is killed, comes out. */
export { type Kill, killRuns, type Way } from './kills.ts'
export { type Meddling, type Relay, startRelay } from './relay.ts'
