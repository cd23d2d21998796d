import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { AssayError } from '../errors.ts'
import { collectBytes } from './collect-bytes.ts'
import { decodeText } from './decode-text.ts'
import { fetchBytes, showUrl } from './fetch-bytes.ts'
import { limits } from './limits.ts'
import { nearest } from './nearest.ts'
import { parseSource, type Source } from './source.ts'
import { sourceErrors } from './source-errors.ts'

export type LoadOptions = {
  /** What `-` reads; `process.stdin` when left out. */
  readonly stdin?: NodeJS.ReadableStream | undefined
  /** The folder that relative paths start from; the working directory when left out. */
  readonly base?: string | undefined
  /** Whether only JSON will do, so that nothing else is tried. */
  readonly json?: boolean | undefined
  /** What reads a URL; that of the platform when left out. */
  readonly fetch?: typeof fetch | undefined
}

/**
 * Reads a text from a file, from standard input (`-`) or over HTTP, and parses it.
 *
 * Throws the SOURCE codes. No error and no name shows the credentials of a URL.
 */
export async function loadSource(location: string, options: LoadOptions = {}): Promise<Source> {
  const { name, bytes } = await readLocation(location, options)
  return parseSource(decodeText(bytes, name), name, options.json)
}

type Read = { readonly name: string; readonly bytes: Uint8Array }

async function readLocation(location: string, { stdin, base, fetch }: LoadOptions): Promise<Read> {
  if (location === '-') {
    return { name: '<stdin>', bytes: await readStream(stdin ?? process.stdin, '<stdin>') }
  }
  if (/^https?:\/\//i.test(location)) {
    return { name: showUrl(location), bytes: await fetchBytes(location, { fetch }) }
  }
  const path = resolve(base ?? '', location)
  const name = base === undefined || isAbsolute(location) ? location : relative('', path)
  return { name, bytes: await readPath(path, name) }
}

async function readPath(path: string, name: string): Promise<Uint8Array> {
  const found = await stat(path).catch(async (error: unknown) => {
    throw isMissing(error)
      ? await notFound(path, name)
      : sourceErrors.unreadable(name, reasonOf(error))
  })
  if (found.isDirectory()) throw sourceErrors.unreadable(name, 'it is a directory')
  if (found.size > limits.bytes) throw sourceErrors.tooLarge(name)
  return readStream(createReadStream(path, { highWaterMark: 1024 * 1024 }), name)
}

async function readStream(stream: NodeJS.ReadableStream, name: string): Promise<Uint8Array> {
  try {
    return await collectBytes(stream, name)
  } catch (error) {
    throw error instanceof AssayError ? error : sourceErrors.unreadable(name, reasonOf(error))
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(codeOf(error))
}

function reasonOf(error: unknown): string {
  const code = codeOf(error)
  if (code === 'EACCES' || code === 'EPERM') return 'permission was denied'
  return code === '' ? 'reading failed' : `reading failed with ${code}`
}

async function notFound(path: string, name: string): Promise<AssayError> {
  const message = `${JSON.stringify(name)} does not exist`
  return new AssayError('SOURCE_NOT_FOUND', message, { hint: await hintFor(path, name) })
}

async function hintFor(path: string, name: string): Promise<string | undefined> {
  const names = await readdir(dirname(path)).catch(() => undefined)
  if (names === undefined) return `there is no folder ${JSON.stringify(dirname(name))}`
  const near = nearest(basename(path), names)
  return near && `the nearest name is ${JSON.stringify(join(dirname(name), near))}`
}
