import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { reportSchema } from './report/index.ts'
import { suiteSchema } from './target/index.ts'

/** Every file that is made from the code, by its path in the repository. `npm run generate` writes them. */
export function generateFiles(): Readonly<Record<string, string>> {
  return {
    'schemas/suite.schema.json': json(suiteSchema),
    'schemas/report.schema.json': json(reportSchema),
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [file, text] of Object.entries(generateFiles())) {
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
}
