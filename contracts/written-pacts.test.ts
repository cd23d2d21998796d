import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { writePacts } from '../src/index.ts'

it('the committed pacts of the document are what `assay pact write` writes', async () => {
  const dir = fileURLToPath(new URL('.', import.meta.url))
  const { files, unwritten } = await writePacts({ dir, check: true })
  expect(files.flatMap(({ file, state, differences }) => [file, state, ...differences])).toEqual([
    `${dir}assay-archil-control-plane.json`,
    'unchanged',
    `${dir}assay-faults-archil-control-plane.json`,
    'unchanged',
  ])
  expect(unwritten).toEqual([])
})
