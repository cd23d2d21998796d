import { getFfiLib } from '@pact-foundation/pact-core'
import type { Answered, Asked } from './verifier.ts'

/** The process in which Pact's own verifier runs: it hears of one door at a time and says what was found there. */
const ffi = getFfiLib('error')

process.on('message', ({ id, provider, door, timeout }: Asked) => {
  const { protocol, hostname, port, pathname } = new URL(door)
  const handle = ffi.pactffiVerifierNewForApplication('assay', '')
  const scheme = protocol.slice(0, -1)
  ffi.pactffiVerifierSetProviderInfo(
    handle,
    provider,
    scheme,
    hostname,
    Number(port),
    `${pathname}/to`,
  )
  ffi.pactffiVerifierSetProviderState(handle, `${door}/states`, true, true)
  ffi.pactffiVerifierSetVerificationOptions(handle, false, timeout)
  ffi.pactffiVerifierUrlSource(handle, `${door}/pact`, '', '', '')
  ffi.pactffiVerifierExecute(handle, () => {
    const result = ffi.pactffiVerifierJson(handle)
    ffi.pactffiVerifierShutdown(handle)
    process.send?.({ id, result } satisfies Answered)
  })
})

process.on('disconnect', () => process.exit())

// A terminal sends its signals to this process too; the one that started it ends it when all is undone.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
