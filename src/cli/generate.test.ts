import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { generateFiles } from './generate.ts'

test.each(Object.entries(generateFiles()))(
  '%s is what the code says (else: npm run generate)',
  (file, text) => {
    expect(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')).toBe(text)
  },
)
