import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { AssayError } from '../../errors.ts'

/** What a consumer publishes its pacts under. */
export type Revision = { readonly version: string; readonly branch: string }

/**
 * The version of a consumer: the one given, else the commit that is checked out.
 *
 * A pact file that differs from its commit is not what the commit holds, so it gets no version from there.
 *
 * @throws AssayError VERSION_UNKNOWN
 */
export async function readConsumerVersion(
  files: readonly string[],
  given: string | undefined,
): Promise<string> {
  return given ?? (await commitOf(files))
}

/**
 * The branch of a consumer: the one given, else the one that is checked out.
 *
 * @throws AssayError VERSION_UNKNOWN
 */
export async function readBranch(given: string | undefined): Promise<string> {
  return given ?? (await currentBranch())
}

async function commitOf(files: readonly string[]): Promise<string> {
  const changed = await git(['status', '--porcelain', '--untracked-files=no', '--', ...files])
  if (changed) {
    const names = changed.split('\n').map((line) => line.slice(3))
    throw unknown(`${names.join(', ')} differs from its commit`, `commit it, or ${versionHint}`)
  }
  const commit = await git(['rev-parse', '--verify', 'HEAD'])
  if (commit) return commit
  throw unknown('there is no git commit to name the version by', versionHint)
}

async function currentBranch(): Promise<string> {
  const branch = await git(['branch', '--show-current'])
  if (branch) return branch
  throw unknown('no git branch is checked out', 'name it with --branch')
}

const versionHint = 'name it with --consumer-version'

async function git(args: readonly string[]): Promise<string | undefined> {
  try {
    return (await promisify(execFile)('git', args)).stdout.trimEnd()
  } catch {
    return undefined
  }
}

function unknown(message: string, hint: string): AssayError {
  return new AssayError('VERSION_UNKNOWN', message, { hint })
}
