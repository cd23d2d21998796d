import { fileURLToPath } from 'node:url'
import { describe, test } from 'vitest'
import { testCells } from '../src/index.ts'

const suite = fileURLToPath(new URL('control-plane.yaml', import.meta.url))
await testCells({ describe, test }, { suite })
