import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  convertWorkflowTemplate,
  NoOperationTraceWriter,
  parseWorkflow,
} from '@actions/workflow-parser'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'

const root = fileURLToPath(new URL('../..', import.meta.url))
const workflows = readdirSync(`${root}.github/workflows`)
const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false })
const gitlab = import.meta.resolve('gitlab-ci-local/src/schema/schema.js')
const validateGitlab = ajv.compile(((await import(gitlab)) as { schema: object }).schema)

/** What GitHub's own parser says of a workflow: its schema, its expressions, its jobs. */
async function githubMistakes(content: string): Promise<readonly string[]> {
  const { context, value } = parseWorkflow(
    { name: 'workflow', content },
    new NoOperationTraceWriter(),
  )
  if (value === undefined) return context.errors.getErrors().map(String)
  const { errors = [] } = await convertWorkflowTemplate(context, value)
  return errors.map(({ Message }) => Message)
}

/** What GitLab's JSON Schema, the one of its pipeline editor, says of a pipeline. */
function gitlabMistakes(content: string): readonly string[] {
  validateGitlab(parse(content))
  return (validateGitlab.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  )
}

const read = (file: string) => readFileSync(root + file, 'utf8')

function spoil(text: string, right: string, wrong: string): string {
  expect(text).toContain(right)
  return text.replace(right, wrong)
}

test('there are workflows to look at', () => {
  expect(workflows).toContain('ci.yml')
  expect(workflows).toContain('staging.yml')
  expect(workflows).toContain('many-regions.yml')
})

test.each(workflows)('GitHub takes %s', async (file) => {
  expect(await githubMistakes(read(`.github/workflows/${file}`))).toEqual([])
})

test.each(['.gitlab-ci.yml', '.gitlab/many-regions.yml'])('GitLab takes %s', (file) => {
  expect(gitlabMistakes(read(file))).toEqual([])
})

describe('a mistake in a gate is refused', () => {
  test.each([
    ['runs-on:', 'run-on:', "Unexpected value 'run-on'"],
    ['timeout-minutes: 20', 'timeout-minutes: soon', "Unexpected value 'soon'"],
    ['fail-fast: false', 'fail-fast: nope', "Unexpected value 'nope'"],
    ['if: always()', 'if: allways()', "Unrecognized function: 'allways'"],
    ['name: staging', 'name: [', 'workflow'],
    ['${{ matrix.region }}', '${{ matrx.region }}', "Unrecognized named-value: 'matrx'"],
    ['deployment_status:', 'deployment_stats:', "Unexpected value 'deployment_stats'"],
    ['    runs-on:', '    needs: [before]\n    runs-on:', 'at least one job with no dependencies'],
  ])('GitHub: %s → %s', async (right, wrong, said) => {
    const spoilt = spoil(read('.github/workflows/staging.yml'), right, wrong)
    expect((await githubMistakes(spoilt)).join('\n')).toContain(said)
  })

  test.each([
    ['resource_group:', 'resource_grup:', '{"additionalProperty":"resource_grup"}'],
    ['when: always', 'when: sometimes', '/conformance/artifacts/when'],
    ['timeout: 20 minutes', 'timeout: [20]', '/conformance/timeout'],
    ['  script:', '  skript:', '{"additionalProperty":"skript"}'],
    ['junit: reports', 'junt: reports', '{"additionalProperty":"junt"}'],
  ])('GitLab: %s → %s', (right, wrong, said) => {
    expect(gitlabMistakes(spoil(read('.gitlab-ci.yml'), right, wrong)).join('\n')).toContain(said)
  })

  test.each([
    ['needs: shard', 'needs: shards', "'shards'"],
    ['strategy.job-total', 'strategi.job-total', "Unrecognized named-value: 'strategi'"],
    ['if: always() && needs', 'if: always() & needs', 'Unexpected symbol'],
    ['continue-on-error: true', 'continue-on-error: [yes]', 'A sequence was not expected'],
  ])('GitHub, many regions: %s → %s', async (right, wrong, said) => {
    const spoilt = spoil(read('.github/workflows/many-regions.yml'), right, wrong)
    expect((await githubMistakes(spoilt)).join('\n')).toContain(said)
  })

  test.each([
    ['parallel: 10', 'parallel: ten', '/shard/parallel'],
    ['allow_failure: true', 'allow_failure: maybe', '/shard/allow_failure'],
    ['      when: always', '      when: ever', '/merge/rules/0/when'],
    ['needs: [shard]', 'need: [shard]', '{"additionalProperty":"need"}'],
  ])('GitLab, many regions: %s → %s', (right, wrong, said) => {
    const spoilt = spoil(read('.gitlab/many-regions.yml'), right, wrong)
    expect(gitlabMistakes(spoilt).join('\n')).toContain(said)
  })
})
