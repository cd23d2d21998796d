import type { Command } from 'commander'
import type { Broker } from '../../pact/index.ts'
import { version } from '../../version.ts'
import { count, twin } from '../options.ts'

export type BrokerFlags = { readonly brokerTimeout?: number }

export function withBrokerOptions(command: Command): Command {
  return command
    .addOption(
      twin('--broker-timeout <ms>', 'milliseconds for one request to the broker').argParser(
        count(1),
      ),
    )
    .addHelpText(
      'after',
      `
The broker is named by PACT_BROKER_BASE_URL; PACT_BROKER_TOKEN, or PACT_BROKER_USERNAME and
PACT_BROKER_PASSWORD, say who asks. They are read from the environment only, and never printed.`,
    )
}

/** Opens the broker of the environment for a piece of work; undefined: none is named. */
export async function withBroker<T>(
  { brokerTimeout }: BrokerFlags,
  work: (broker: Broker) => Promise<T>,
): Promise<T | undefined> {
  const { openBroker, readBrokerAccess } = await import('../../pact/index.ts')
  const access = readBrokerAccess(process.env)
  if (access === undefined) return undefined
  const broker = await openBroker(access, {
    userAgent: `assay/${version} pact`,
    timeout: brokerTimeout,
  })
  try {
    return await work(broker)
  } finally {
    await broker.close()
  }
}
