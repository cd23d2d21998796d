import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { likenesses } from './likenesses.ts'

const write = (likeness: string, id: string) =>
  likenesses.find((each) => each.id === likeness)?.write(id)

const hash = 'a1b2c3d4e5f60718'

it.each<[likeness: string, id: string, wire: string | undefined]>([
  ['other-case', 'Ab-1', 'aB-1'],
  ['other-case', '1234', undefined],
  ['other-case', '7b1c2f9e-3d4a-4e5f-8a9b-0c1d2e3f4a5b', undefined],
  ['other-case', '01ARZ3NDEKTSV4RRFFQ69G5FAV', undefined],
  ['space-before', 'a/b', '%20a%2Fb'],
  ['space-after', 'a', 'a%20'],
  ['cut', hash, 'a1b2c3d4e5f6071'],
  ['cut', '1234567890123456', undefined],
  ['cut', 'short', undefined],
  ['longer', hash, `${hash}0`],
  ['longer', '42', undefined],
  ['zero-before', '42', '042'],
  ['zero-before', 'a42', undefined],
  ['decimal', '42', '42.0'],
  ['encoded-twice', 'abc', '%2561bc'],
  ['nul-after', 'abc', 'abc%00'],
  ['star', hash, 'a1b2c3d4e5f6071*'],
  ['percent', hash, 'a1b2c3d4e5f6071%25'],
  ['underscore', hash, 'a1b2c3d4e5f6071_'],
  ['underscore', 'a1b2c3d4e5f6071_', undefined],
])('%s of %s is another id, or none that others could have', (likeness, id, wire) => {
  expect(write(likeness, id)).toBe(wire)
})

it.each(likenesses)('$id: a shell makes the same of the variable', ({ id, write, show }) => {
  const own = ['zero-before', 'decimal'].includes(id) ? '42' : hash
  const word = show('OWN').map((part) => {
    if (typeof part === 'string') return part
    return 'variable' in part ? `\${${part.variable}}` : `$(${part.command})`
  })
  const made = execFileSync('sh', ['-c', `printf %s "${word.join('')}"`], {
    env: { PATH: process.env.PATH, OWN: own },
  })
  expect(made.toString()).toBe(write(own))
})
