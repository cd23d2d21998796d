import { type ChildProcess, fork } from 'node:child_process'
import { devNull } from 'node:os'
import { fileURLToPath } from 'node:url'
import { AssayError } from '../../errors.ts'

/** Pact's own verifier, in a process of its own. */
export type Verifier = {
  /**
   * Has the one interaction verified that a door offers; the answer is Pact's result, as JSON.
   *
   * @throws AssayError PACT_VERIFIER_FAILED when the verifier ends or does not answer
   */
  verify(task: Task): Promise<string>
  close(): void
}

export type Task = {
  readonly provider: string
  /** The URL of the door: pact, states and provider stand below it. */
  readonly door: string
  /** Milliseconds after which nothing more is to be hoped for. */
  readonly timeout: number
}

/** What the process hears, and what it says. */
export type Asked = Task & { readonly id: number }
export type Answered = { readonly id: number; readonly result: string }

/**
 * Opens a verifier; its process starts with the first task.
 *
 * A process of its own, because the verifier is native code that prints to standard output, blocks
 * one thread of the pool per interaction, takes brokers and filters from the environment, and reports
 * its use to its makers unless told otherwise. It gets an environment with none of that, and never
 * hears of a credential. Should an answer end it, each task that was under way is tried once more in a
 * process apart: its door repeats what was answered, so that nothing is sent twice.
 */
export function openVerifier(): Verifier {
  const apart = new Set<Running>()
  let shared: Running | undefined

  async function verifyApart(task: Task): Promise<string> {
    const running = start()
    apart.add(running)
    try {
      return await running.verify(task)
    } finally {
      running.end()
      apart.delete(running)
    }
  }

  return {
    async verify(task) {
      if (shared?.hasEnded() !== false) shared = start()
      const running = shared
      try {
        return await running.verify(task)
      } catch (error) {
        if (running.hasEnded()) return verifyApart(task)
        throw error
      }
    },
    close() {
      for (const running of [...apart, ...(shared === undefined ? [] : [shared])]) running.end()
    },
  }
}

type Running = {
  verify(task: Task): Promise<string>
  hasEnded(): boolean
  end(): void
}

/** The build of it, also where the sources themselves run: Node 20 does not read them. */
const program = fileURLToPath(
  new URL('process.js', import.meta.url.replace(/\/src\/(?=pact\/verify\/)/, '/dist/')),
)

function start(): Running {
  const child: ChildProcess = fork(program, {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: plainEnvironment(),
    execArgv: [],
  })
  const waiting = new Map<number, { resolve(result: string): void; reject(why: Error): void }>()
  let ended: string | undefined
  let last = 0
  const end = (why: string) => {
    ended ??= why
    for (const { reject } of waiting.values()) reject(failed(why))
  }
  child.on('message', ({ id, result }: Answered) => waiting.get(id)?.resolve(result))
  child.on('error', ({ message }) => end(message))
  child.on('exit', (code, signal) => end(`it ended with ${signal ?? `exit code ${code}`}`))
  return {
    async verify(task) {
      const id = ++last
      let timer: NodeJS.Timeout | undefined
      try {
        return await new Promise((resolve, reject) => {
          waiting.set(id, { resolve, reject })
          if (ended !== undefined) return reject(failed(ended))
          const late = `it did not answer within ${task.timeout} ms`
          timer = setTimeout(() => reject(failed(late)), task.timeout)
          child.send({ ...task, id } satisfies Asked, (error) => error && end(error.message))
        })
      } finally {
        clearTimeout(timer)
        waiting.delete(id)
      }
    },
    hasEnded: () => ended !== undefined,
    end: () => void child.kill('SIGKILL'),
  }
}

/** Threads of the process: what is asked beyond them waits for its turn. */
const mostAtATime = 64

/** It never speaks TLS, and would otherwise read the certificates of the system for each interaction. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const { PATH, SystemRoot } = process.env
  return {
    PATH,
    SystemRoot,
    LOG_LEVEL: 'error',
    PACT_DO_NOT_TRACK: 'true',
    SSL_CERT_FILE: devNull,
    SSL_CERT_DIR: devNull,
    UV_THREADPOOL_SIZE: String(mostAtATime),
  }
}

function failed(why: string): AssayError {
  return new AssayError('PACT_VERIFIER_FAILED', `Pact's verifier failed: ${why}`, {
    hint: 'run it again; if that helps nothing, npm ci installs the verifier anew',
  })
}
