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

type Waiting = { resolve(result: string): void; reject(error: AssayError): void }

/** The build of it, also where the sources themselves run: Node 20 does not read them. */
const program = fileURLToPath(
  new URL('process.js', import.meta.url.replace(/\/src\/(?=pact\/verify\/)/, '/dist/')),
)

/**
 * Opens a verifier; its process starts with the first task, and again should it ever die.
 *
 * A process of its own, because the verifier is native code that prints to standard output, blocks
 * one thread of the pool per interaction, takes brokers and filters from the environment, and reports
 * its use to its makers unless told otherwise. It gets an environment with none of that, it never
 * hears of a credential, and whatever an answer does to it ends no more than itself.
 *
 * @param tasks how many are verified at a time, at most
 */
export function openVerifier(tasks: number): Verifier {
  const waiting = new Map<number, Waiting>()
  let running: ChildProcess | undefined
  let last = 0

  function start(): ChildProcess {
    const child = fork(program, {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: plainEnvironment(tasks),
      execArgv: [],
    })
    child.on('message', ({ id, result }: Answered) => {
      waiting.get(id)?.resolve(result)
    })
    const end = (why: string) => {
      if (running !== child) return
      running = undefined
      for (const each of waiting.values()) each.reject(failed(why))
    }
    child.on('error', ({ message }) => end(message))
    child.on('exit', (code, signal) => end(`it ended with ${signal ?? `exit code ${code}`}`))
    return child
  }

  return {
    async verify(task) {
      running ??= start()
      const child = running
      const id = ++last
      let timer: NodeJS.Timeout | undefined
      try {
        return await new Promise((resolve, reject) => {
          waiting.set(id, { resolve, reject })
          timer = setTimeout(() => {
            reject(failed(`it did not answer within ${task.timeout} ms`))
            child.kill('SIGKILL')
          }, task.timeout)
          child.send({ ...task, id } satisfies Asked)
        })
      } finally {
        clearTimeout(timer)
        waiting.delete(id)
      }
    },
    close() {
      const child = running
      running = undefined
      child?.kill('SIGKILL')
    },
  }
}

/** It never speaks TLS, and would otherwise read the certificates of the system for each interaction. */
function plainEnvironment(tasks: number): NodeJS.ProcessEnv {
  const { PATH, SystemRoot } = process.env
  return {
    PATH,
    SystemRoot,
    LOG_LEVEL: 'error',
    PACT_DO_NOT_TRACK: 'true',
    SSL_CERT_FILE: devNull,
    SSL_CERT_DIR: devNull,
    UV_THREADPOOL_SIZE: String(Math.max(4, tasks)),
  }
}

function failed(why: string): AssayError {
  return new AssayError('PACT_VERIFIER_FAILED', `Pact's verifier failed: ${why}`, {
    hint: 'run it again; if that helps nothing, npm ci installs the verifier anew',
  })
}
