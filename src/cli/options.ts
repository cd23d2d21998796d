import { type Command, InvalidArgumentError, Option } from 'commander'
import { AssayError } from '../errors.ts'
import type { RunOptions } from '../run.ts'
import type { Cannot, SafetyClass, TargetOptions } from '../target/index.ts'

/** The options that say what is looked at; `run`, `plan` and `cleanup` share them. */
export type TargetFlags = {
  readonly url?: string[]
  readonly document?: string
  readonly envelope?: string
  readonly target?: string[]
  readonly apiKeyEnv?: string
  readonly header?: string[]
  readonly statesUrl?: string
  readonly statesHeader?: string[]
  readonly faultHeader?: string
  readonly safety?: SafetyClass
  readonly cannot?: string[]
  readonly workers?: number
  readonly rateLimit?: string
  readonly requestTimeout?: number
  readonly requestBudget?: number
  readonly patience?: number
  readonly retries?: number
  readonly includeOperation?: string[]
  readonly excludeOperation?: string[]
  readonly includeStatus?: string[]
  readonly excludeStatus?: string[]
}

/** Adds those options to a command, each with its environment twin `ASSAY_…`. */
export function withTargetOptions(command: Command): Command {
  const targeted = withDocumentOptions(
    command.addOption(
      twin('-u, --url <url>', 'base URL of a target; may be given several times').argParser(words),
    ),
  )
  targeted
    .addOption(
      twin(
        '--target <name>',
        'a target of the suite, or all; may be given several times',
      ).argParser(words),
    )
    .addOption(
      twin('--api-key-env <variable>', 'the environment variable that holds the credential'),
    )
    .addOption(
      twin(
        '-H, --header <header>',
        "header of every request, 'Name: value'; ${VAR} is filled in here",
      ).argParser(lines),
    )
    .addOption(twin('--states-url <url>', 'state URL; a path is resolved against each base URL'))
    .addOption(
      twin('--states-header <header>', "header for the state URL, 'Name: value'").argParser(lines),
    )
    .addOption(
      twin('--fault-header <header>', "header that makes a request fail inside, 'Name: value'"),
    )
    .addOption(
      twin('--safety <class>', 'what may be harmed').choices([
        'disposable',
        'shared',
        'production',
      ]),
    )
    .addOption(
      twin('--cannot <status=reason>', 'a status or law that the targets cannot show').argParser(
        lines,
      ),
    )
    .addOption(twin('--workers <n>', 'probes at a time, per target').argParser(count(1)))
    .addOption(
      twin(
        '--rate-limit <rate>',
        'requests per second or minute and target, such as 5/s',
      ).argParser(rate),
    )
    .addOption(twin('--request-timeout <ms>', 'milliseconds for one exchange').argParser(count(1)))
    .addOption(twin('--request-budget <n>', 'requests at most, per target').argParser(count(1)))
    .addOption(
      twin('--patience <ms>', 'milliseconds a target may make us wait in all, by 429').argParser(
        count(0),
      ),
    )
    .addOption(
      twin(
        '--retries <n>',
        'how often to send again what is safe, after a failed connection',
      ).argParser(count(0)),
    )
  return withFilterOptions(targeted)
}

/** Adds the options that say which part of the document it is about. */
export function withFilterOptions(command: Command): Command {
  return command
    .addOption(twin('--include-operation <id>', 'only this operation').argParser(words))
    .addOption(twin('--exclude-operation <id>', 'not this operation').argParser(words))
    .addOption(
      twin('--include-status <status>', 'only this documented status, or this law').argParser(
        words,
      ),
    )
    .addOption(
      twin('--exclude-status <status>', 'not this documented status or law').argParser(words),
    )
}

/** Adds the options that say what is promised. */
export function withDocumentOptions(command: Command): Command {
  return command
    .addOption(
      twin('--document <file>', 'OpenAPI document: a path, a URL, or - for standard input'),
    )
    .addOption(
      twin('--envelope <file>', 'what the prose of the document adds, as JSON Schema per status'),
    )
}

/** Takes words apart at commas and spaces, and puts them to those of the options before. */
export const words = several(/[\s,]+/)
const lines = several(/\n/)

function several(separator: RegExp) {
  return (value: string, before: string[] | undefined) => [
    ...(before ?? []),
    ...value.split(separator).filter((part) => part !== ''),
  ]
}

/** An option that may also come from the environment, under its long name: `--api-key-env` from `ASSAY_API_KEY_ENV`. */
export function twin(flags: string, description: string): Option {
  const option = new Option(flags, description)
  return option.env(`ASSAY_${option.name().replaceAll('-', '_').toUpperCase()}`)
}

export function count(least: number): (value: string) => number {
  return (value) => {
    const number = Number(value)
    if (Number.isInteger(number) && number >= least) return number
    throw new InvalidArgumentError(`It must be a whole number from ${least}.`)
  }
}

/** Reads a time into milliseconds: `80ms`, `2s`, or a plain number of milliseconds. */
export function duration(value: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s)?$/.exec(value) ?? []
  if (number !== undefined) return Number(number) * (unit === 's' ? 1000 : 1)
  throw new InvalidArgumentError('It must be like 80ms or 2s.')
}

function rate(value: string): string {
  if (/^[1-9]\d*\/(s|m)$/.test(value)) return value
  throw new InvalidArgumentError('It must be like 5/s or 100/m.')
}

/** Makes of the flags what `prepare` takes. */
export function prepareOptions(suite: string | undefined, flags: TargetFlags): RunOptions {
  return {
    suite,
    document: flags.document,
    envelope: flags.envelope,
    targets: targetOptions(flags),
    filter: {
      includeOperations: flags.includeOperation ?? [],
      excludeOperations: flags.excludeOperation ?? [],
      includeStatuses: flags.includeStatus ?? [],
      excludeStatuses: flags.excludeStatus ?? [],
    },
  }
}

function targetOptions(flags: TargetFlags): TargetOptions {
  const { statesUrl, statesHeader, faultHeader, header, cannot } = flags
  const given = {
    urls: flags.url,
    names: flags.target,
    credential: flags.apiKeyEnv === undefined ? undefined : { env: flags.apiKeyEnv },
    headers: header && Object.fromEntries(header.map((text) => splitHeader('--header', text))),
    states:
      statesUrl === undefined
        ? undefined
        : {
            url: statesUrl,
            headers: Object.fromEntries(
              (statesHeader ?? []).map((text) => splitHeader('--states-header', text)),
            ),
          },
    faultHeader: faultHeader === undefined ? undefined : namedHeader('--fault-header', faultHeader),
    safety: flags.safety,
    cannot: cannot?.map(splitCannot),
    workers: flags.workers,
    rateLimit: flags.rateLimit,
    requestTimeout: flags.requestTimeout,
    requestBudget: flags.requestBudget,
    patience: flags.patience,
    retries: flags.retries,
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

function splitHeader(option: string, text: string): readonly [string, string] {
  const match = /^\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*:\s*(.*?)\s*$/s.exec(text)
  if (match?.[1] !== undefined && match[2] !== undefined) return [match[1], match[2]]
  throw new AssayError('USAGE', `${option} takes a header, and what was given is none`, {
    hint: `write it as ${option} 'Name: value'`,
  })
}

function namedHeader(option: string, text: string) {
  const [name, value] = splitHeader(option, text)
  return { name, value }
}

/** Reads `--cannot`. Throws AssayError USAGE. */
export function splitCannot(text: string): Cannot {
  const match = /^\s*([\w-]+)\s*=\s*(.+)$/.exec(text)
  if (match?.[1] !== undefined && match[2] !== undefined)
    return { status: match[1], reason: match[2] }
  throw new AssayError(
    'USAGE',
    `--cannot takes a status and a reason, not ${JSON.stringify(text)}`,
    {
      hint: "write for example --cannot '500=the region offers no way to make it fail inside'",
    },
  )
}
