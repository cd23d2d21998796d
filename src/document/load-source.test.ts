import { chmod, mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AssayError, formatPosition } from '../errors.ts'
import { type LoadOptions, loadSource } from './load-source.ts'

let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-source-'))
  await mkdir(join(folder, 'spec'))
  await writeFile(join(folder, 'spec', 'openapi.yaml'), 'a: 1\n')
  await chmod(folder, 0o755)
})
afterAll(() => rm(folder, { recursive: true }))

/** Code, message, position and hint of the error that a location brings. */
const told = (location: string, options?: LoadOptions): Promise<unknown> =>
  loadSource(location, options).then(
    ({ name }) => name,
    ({ code, message, at, hint }: AssayError) => [code, message, at && formatPosition(at), hint],
  )

/** Files belong to someone else where the tests are run by root, who may read them all. */
const asNobody = async <Result>(act: () => Promise<Result>): Promise<Result> => {
  if (process.geteuid?.() !== 0) return act()
  process.seteuid?.(65534)
  try {
    return await act()
  } finally {
    process.seteuid?.(0)
  }
}

describe('a file', () => {
  it('is read under the name that the user wrote', async () => {
    const path = join(folder, 'spec/openapi.yaml')
    expect(await loadSource(path)).toMatchObject({ name: path, value: { a: 1 } })
    const dotted = `./${relative('', path)}`
    expect(await loadSource(dotted)).toMatchObject({ name: dotted, value: { a: 1 } })
  })

  it('is looked for from the base, and named from the working directory', async () => {
    const base = join(folder, 'suites')
    const source = await loadSource('../spec/openapi.yaml', { base })
    expect(source.name).toBe(relative('', join(folder, 'spec/openapi.yaml')))
    const path = join(folder, 'spec/openapi.yaml')
    expect((await loadSource(path, { base })).name).toBe(path)
  })

  it('that does not exist is told with the nearest name in its folder', async () => {
    const path = join(folder, 'spec/openapi.yml')
    expect(await told(path)).toEqual([
      'SOURCE_NOT_FOUND',
      `"${path}" does not exist`,
      undefined,
      `the nearest name is "${join(folder, 'spec/openapi.yaml')}"`,
    ])
    expect(await told('spec/opnapi.yaml', { base: folder })).toContain(
      `the nearest name is "${relative('', join(folder, 'spec/openapi.yaml'))}"`,
    )
  })

  it('that is near no other gets no hint', async () => {
    const path = join(folder, 'spec/zzz')
    const message = `"${path}" does not exist`
    expect(await told(path)).toEqual(['SOURCE_NOT_FOUND', message, undefined, undefined])
  })

  it('whose folder does not exist is told so', async () => {
    const path = join(folder, 'sepc/openapi.yaml')
    const hint = `there is no folder "${join(folder, 'sepc')}"`
    expect(await told(path)).toEqual([
      'SOURCE_NOT_FOUND',
      `"${path}" does not exist`,
      undefined,
      hint,
    ])
    expect(await told(join(folder, 'spec/openapi.yaml/x'))).toContain('SOURCE_NOT_FOUND')
  })

  it('is no folder', async () => {
    const path = join(folder, 'spec')
    const message = `"${path}" could not be read: it is a directory`
    expect(await told(path)).toEqual(['SOURCE_UNREADABLE', message, undefined, undefined])
  })

  it('without permission is told so', async () => {
    const path = join(folder, 'secret.yaml')
    await writeFile(path, 'a: 1', { mode: 0o000 })
    const message = `"${path}" could not be read: permission was denied`
    expect(await asNobody(() => told(path))).toEqual([
      'SOURCE_UNREADABLE',
      message,
      undefined,
      undefined,
    ])
  })

  it('that cannot be read for another reason is told with its code', async () => {
    const name = 'x'.repeat(300)
    const message = `"${name}" could not be read: reading failed with ENAMETOOLONG`
    expect(await told(name)).toEqual(['SOURCE_UNREADABLE', message, undefined, undefined])
  })

  it('above 64 MB is refused before it is read', async () => {
    const path = join(folder, 'large.json')
    await writeFile(path, '')
    await truncate(path, 64 * 1024 * 1024 + 1)
    const message = `"${path}" is larger than 64 MB`
    expect(await told(path)).toEqual(['SOURCE_TOO_LARGE', message, undefined, undefined])
  })

  it('holds UTF-8, or the first byte that is none is told', async () => {
    const path = join(folder, 'latin.yaml')
    await writeFile(path, Buffer.from('a: é \uFFFD\nb: caf\xe9 au lait\n', 'utf8'))
    expect(await told(path)).toBe(path)
    const bytes = Buffer.concat([
      Buffer.from('\uFEFFa: é \uFFFD \uFFFD\uFFFD\nb: caf'),
      Buffer.from([0xe9]),
      Buffer.from(' au lait\n'),
    ])
    await writeFile(path, bytes)
    expect(await told(path)).toEqual([
      'SOURCE_SYNTAX',
      `"${path}" is not UTF-8`,
      `${path}:2:7`,
      'save it as UTF-8',
    ])
  })
})

describe('a path', () => {
  it('is none to the network, wherever it holds a URL', async () => {
    const path = join(folder, 'http://x.io/a.yaml')
    expect(await told(path)).toContain('SOURCE_NOT_FOUND')
    expect(await told('./http://x.io')).toContain('SOURCE_NOT_FOUND')
  })
})

describe('standard input', () => {
  it('is read for "-"', async () => {
    const stdin = Readable.from([Buffer.from('{"a": "\xc3', 'latin1'), Buffer.from([0xa9]), '"}'])
    expect(await loadSource('-', { stdin })).toMatchObject({ name: '<stdin>', value: { a: 'é' } })
  })

  it('is refused as soon as it is more than 64 MB', async () => {
    let chunks = 0
    const endless = Readable.from(
      (function* () {
        for (;;) {
          chunks++
          yield Buffer.alloc(1024 * 1024, 0x20)
        }
      })(),
    )
    const message = '"<stdin>" is larger than 64 MB'
    expect(await told('-', { stdin: endless })).toEqual([
      'SOURCE_TOO_LARGE',
      message,
      undefined,
      undefined,
    ])
    expect(chunks).toBeLessThan(100)
  })

  it('that breaks off is told so', async () => {
    const stdin = new Readable({ read() {} })
    stdin.destroy(Object.assign(new Error('broken'), { code: 'EIO' }))
    const message = '"<stdin>" could not be read: reading failed with EIO'
    expect(await told('-', { stdin })).toEqual(['SOURCE_UNREADABLE', message, undefined, undefined])
  })
})
