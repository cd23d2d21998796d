import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { AssayError } from '../../errors.ts'
import type { BrokerAccess } from './access.ts'

/** How a command of pact-cli ended. */
export type CliEnd = {
  readonly ok: boolean
  /** Standard output, for machines. */
  readonly out: string
  /** All that it said, for people. */
  readonly said: string
}

export type CliOptions = {
  readonly access: BrokerAccess
  readonly folder?: string | undefined
  /** Milliseconds. */
  readonly timeout: number
}

/**
 * Runs `pact broker …`, the program inside the package `@pact-foundation/pact-cli`.
 *
 * It sees the broker, the proxy to it and the certificates from the environment, and nothing else of it: no
 * credential stands in its arguments, and no variable meant for pact-cli by itself, such as
 * `PACT_BROKER_CAN_I_DEPLOY_IGNORE`, can change an answer.
 *
 * @throws AssayError PACT_CLI_MISSING, BROKER_UNREACHABLE where it takes too long
 */
export function runPactCli(
  args: readonly string[],
  { access, folder, timeout }: CliOptions,
): Promise<CliEnd> {
  const { SSL_CERT_FILE, SSL_CERT_DIR, SystemRoot } = process.env
  const own = { ...access.variables, SSL_CERT_FILE, SSL_CERT_DIR, SystemRoot }
  const child = spawn(program(), ['broker', ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...own, NO_COLOR: '1', PACT_BROKER_HTTP_RETRIES: '1' },
    timeout,
    killSignal: 'SIGKILL',
  })
  const out: Buffer[] = []
  const all: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => void [out.push(chunk), all.push(chunk)])
  child.stderr.on('data', (chunk: Buffer) => void all.push(chunk))
  return new Promise((resolve, reject) => {
    child.on('error', (cause) => reject(missing(cause)))
    child.on('close', (code, signal) => {
      if (signal !== null) reject(tooSlow(access.url, timeout))
      else resolve({ ok: code === 0, out: textOf(out), said: textOf(all) })
    })
  })
}

/** The package knows where it put the program for this machine. */
function program(): string {
  try {
    const { standalone } = createRequire(import.meta.url)(
      '@pact-foundation/pact-cli/src/pact-standalone.js',
    ) as { standalone: () => { pactFullPath: string } }
    return standalone().pactFullPath
  } catch (cause) {
    throw missing(cause)
  }
}

function textOf(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('utf8')
}

function missing(cause: unknown): AssayError {
  return new AssayError('PACT_CLI_MISSING', 'pact-cli has no program for this machine', {
    hint: 'install again without --omit=optional: it comes with @pact-foundation/pact-cli',
    cause,
  })
}

function tooSlow(url: string, timeout: number): AssayError {
  return new AssayError(
    'BROKER_UNREACHABLE',
    `the broker at ${url} took longer than ${timeout} ms`,
    {
      hint: 'try again: what was already published may be published again without harm',
    },
  )
}
