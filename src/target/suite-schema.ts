/** The suite file as JSON Schema 2020-12: what `suites/*.yaml` may say, and the text of its reference. */

const text = { type: 'string', minLength: 1 } as const
const pointer = { type: 'string', pattern: '^(/.*)?$' } as const
const milliseconds = { type: 'integer', minimum: 1 } as const
const grace = { type: 'integer', minimum: 0 } as const

const role = {
  type: 'object',
  description: 'How one provider state serves one operation.',
  additionalProperties: false,
  required: ['state'],
  properties: {
    state: { ...text, description: 'The provider state, by the name that the target knows.' },
    params: {
      type: 'object',
      description:
        'Parameters of the state. `{name}` stands for a name that Assay chooses and journals before it is used; `{operationId}` for the operation.',
      additionalProperties: { type: ['string', 'number', 'boolean'] },
    },
    path: {
      type: 'object',
      description: 'Path parameter ← the name of the answered value that fills it.',
      additionalProperties: text,
    },
    credential: { ...text, description: 'The answered value that is a credential.' },
  },
} as const

const recipeRequest = {
  type: 'object',
  additionalProperties: false,
  required: ['method', 'path'],
  properties: {
    method: { enum: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] },
    path: { type: 'string', pattern: '^/', description: 'Path and query; `{value}` is filled.' },
    body: { description: 'Sent as JSON; `{name}` and other values in its texts are filled.' },
  },
} as const

const recipe = {
  type: 'object',
  description: 'How a provider state is arranged by plain requests with the configured credential.',
  additionalProperties: false,
  required: ['setup'],
  properties: {
    setup: {
      type: 'array',
      minItems: 1,
      description: 'The requests, in order. Values of one may be used in the next.',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['request'],
        properties: {
          request: recipeRequest,
          values: {
            type: 'object',
            description: 'Value ← JSON Pointer into the answer.',
            additionalProperties: { type: 'string', pattern: '^/' },
          },
        },
      },
    },
    teardown: {
      type: 'object',
      description: 'The request that undoes it. 404 and 410 count as undone.',
      additionalProperties: false,
      required: ['request'],
      properties: { request: recipeRequest },
    },
    find: {
      type: 'object',
      description: 'How a lost creation is found again by the name that Assay chose.',
      additionalProperties: false,
      required: ['request', 'items', 'name', 'values'],
      properties: {
        request: recipeRequest,
        items: { ...pointer, description: 'JSON Pointer to the list in the answer.' },
        name: { ...pointer, description: 'JSON Pointer to the name, from an item.' },
        values: {
          type: 'object',
          description: 'Value ← JSON Pointer, from an item.',
          additionalProperties: { type: 'string', pattern: '^/' },
        },
      },
    },
  },
} as const

const cannot = {
  type: 'array',
  description: 'What this target cannot show. A declared skip leaves the run partial, not red.',
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['status', 'reason'],
    properties: {
      status: {
        type: ['string', 'integer'],
        description: 'A documented status code (500, 5XX, default) or the id of a law.',
      },
      operation: { ...text, description: 'Only for this operation.' },
      reason: text,
      until: {
        type: 'string',
        format: 'date',
        description: 'The last day (UTC) on which it holds.',
      },
    },
  },
} as const

const settings = {
  credential: {
    type: 'object',
    description: 'Where the credential is read from; never the credential itself.',
    additionalProperties: false,
    properties: {
      env: { ...text, description: 'An environment variable.' },
      file: { ...text, description: 'A file that holds nothing else; relative to the suite file.' },
    },
    minProperties: 1,
    maxProperties: 1,
  },
  headers: {
    type: 'object',
    description: 'Sent with every request to the API. `${VAR}` is taken from the environment.',
    additionalProperties: { type: 'string' },
  },
  states: {
    type: 'object',
    description: 'The state URL of the target, the Pact convention. Relative: to the base URL.',
    additionalProperties: false,
    required: ['url'],
    properties: {
      url: text,
      headers: { type: 'object', additionalProperties: { type: 'string' } },
    },
  },
  recipes: { ...text, description: 'The recipe book (under `recipes`) that arranges states here.' },
  faultHeader: {
    type: 'object',
    description: 'A header that makes the target answer 500 to this one request.',
    additionalProperties: false,
    required: ['name', 'value'],
    properties: { name: text, value: text },
  },
  faultState: {
    type: 'boolean',
    description: 'false: the fault state is never armed here, because others would meet it.',
  },
  safety: { enum: ['disposable', 'shared', 'production'], description: 'Default: shared.' },
  allowedHosts: {
    type: 'array',
    items: text,
    description:
      'Hosts that may be reached besides those of the base URL and the state URL; one without a port at any port.',
  },
  insecure: {
    type: 'boolean',
    description: 'true: its certificate is not verified. Every report says so. Default: false.',
  },
  workers: {
    type: 'integer',
    minimum: 1,
    maximum: 64,
    description: 'Probes at a time. Default: 8.',
  },
  rateLimit: {
    type: 'string',
    pattern: '^[1-9][0-9]*/(s|m)$',
    description: 'Requests per second or minute, such as 5/s.',
  },
  requestBudget: { type: 'integer', minimum: 1, description: 'Requests at most. Default: 10000.' },
  creationBudget: { type: 'integer', minimum: 0, description: 'Creations at most. Default: 1000.' },
  connectTimeout: { ...milliseconds, description: 'Milliseconds. Default: 5000.' },
  requestTimeout: {
    ...milliseconds,
    description: 'Milliseconds for one exchange. Default: 10000.',
  },
  probeTimeout: { ...milliseconds, description: 'Milliseconds for one probe. Default: 60000.' },
  patience: {
    type: 'integer',
    minimum: 0,
    description:
      'Milliseconds that the target may make us wait in all, by answering 429. Default: 60000.',
  },
  retries: {
    type: 'integer',
    minimum: 0,
    description:
      'How often a request is sent again whose connection failed: any that was never sent, and GET, HEAD and OPTIONS that got no byte of an answer. Default: 0.',
  },
  latencyBudget: {
    ...milliseconds,
    description: 'Milliseconds in which an answer is due. Without it, no time is judged.',
  },
  account: {
    ...text,
    description:
      'The account that the credential is of. Targets that name the same one share it: a credential made in one works in all, and stops working in all.',
  },
  revocationBudget: {
    ...grace,
    description:
      'Milliseconds after its deletion within which a credential must have stopped working here. Default: 0, at once.',
  },
  consistencyWindow: {
    ...grace,
    description:
      'Milliseconds after a write in which a read may still show what was there before, and nothing else. Default: 0, none.',
  },
  version: {
    type: 'object',
    description:
      'Where the target says which version it runs: a header of its answers, or a path that is asked once, without a credential.',
    additionalProperties: false,
    minProperties: 1,
    properties: {
      header: {
        type: 'string',
        pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$",
        description: 'The header that holds it: of any answer, or of that of the path.',
      },
      path: {
        type: 'string',
        pattern: '^/[!-~]*$',
        description: 'The path, continuing the base URL; a GET.',
      },
      pointer: { ...pointer, description: 'JSON Pointer into the answer of the path.' },
    },
    dependentRequired: { pointer: ['path'] },
    anyOf: [{ required: ['header'] }, { required: ['pointer'] }],
  },
  cannot,
} as const

export const suiteSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Assay suite',
  description: 'What is run where: a document, its envelope, and the targets that are to keep it.',
  type: 'object',
  additionalProperties: false,
  required: ['document'],
  properties: {
    name: text,
    document: { ...text, description: 'The OpenAPI document: a path from this file, or a URL.' },
    envelope: {
      ...text,
      description: 'What the prose of the document adds: JSON Schema per status range.',
    },
    baseline: {
      ...text,
      description:
        'Findings that are known, as `--baseline-update` writes them: a path from this file.',
    },
    credential: {
      ...text,
      description: 'How the credential is written, such as key-{API_KEY}. Default: the bare value.',
    },
    pact: {
      type: 'object',
      description: 'How the parties of the pacts are called that Assay writes.',
      additionalProperties: false,
      properties: {
        provider: { ...text, description: 'Default: the title of the document in kebab case.' },
        consumer: { ...text, description: 'Default: assay.' },
      },
    },
    operations: {
      type: 'object',
      description: 'Per operationId, the provider states that serve it.',
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        properties: {
          existing: { ...role, description: 'A resource that the operation acts on.' },
          absent: { ...role, description: 'No such resource.' },
          refused: { ...role, description: 'A credential that is no longer accepted.' },
          fault: { ...role, description: 'The next request of the operation fails inside.' },
          foreign: { ...role, description: 'A resource of another account.' },
        },
        patternProperties: { '^[1-5][0-9][0-9]$': role },
      },
    },
    recipes: {
      type: 'object',
      description: 'Recipe books by name: provider state → how plain requests arrange it.',
      additionalProperties: { type: 'object', additionalProperties: recipe },
    },
    defaults: {
      type: 'object',
      description: 'Settings of every target that does not say otherwise.',
      additionalProperties: false,
      properties: settings,
    },
    targets: {
      type: 'object',
      minProperties: 1,
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        properties: {
          embedded: {
            type: 'object',
            description: 'The reference provider, started inside the run.',
            additionalProperties: false,
            required: ['regions'],
            properties: { regions: { type: 'array', minItems: 1, items: text } },
          },
          url: { ...text, description: 'The base URL. `${VAR}` is taken from the environment.' },
          region: { ...text, description: 'How the region is named in reports.' },
          ...settings,
        },
        oneOf: [{ required: ['embedded'] }, { required: ['url'] }],
      },
    },
    run: {
      type: 'array',
      minItems: 1,
      items: text,
      description: 'The targets of a run that names none. Default: all.',
    },
  },
} as const
