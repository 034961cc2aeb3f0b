import { isRecord, memberOf } from './source.ts'

/** What the document says about how values are made, in `x-json-schema-faker` at its root. */
export type Settings = {
  readonly minItems: number | undefined
  readonly maxItems: number | undefined
  readonly minLength: number | undefined
  readonly maxLength: number | undefined
  /** How likely an optional member is there, from 0 to 1. */
  readonly optionals: number | undefined
  /** Whether values are taken from documented examples and defaults even where they are to be generated. */
  readonly useExamples: boolean
  /** Which language faker speaks. */
  readonly locale: string
  /** What is written there and means nothing here. */
  readonly unknown: readonly string[]
}

const flags = ['alwaysFakeOptionals', 'requiredOnly', 'useExamplesValue', 'useDefaultValue'] as const
const sizes = ['minItems', 'maxItems', 'minLength', 'maxLength'] as const

/** Options that change nothing here, because what they ask for is so already or can never be wanted of a mock. */
const settled = new Set(['ignoreMissingRefs', 'failOnInvalidTypes', 'failOnInvalidFormat', 'reuseProperties', 'random'])

const read = new WeakMap<object, Settings>()

/** Reads the options of json-schema-faker, in camel case or, as Prism's manual has them, with dashes. */
export function settingsOf(root: unknown): Settings {
  const key = isRecord(root) ? root : {}
  const known = read.get(key) ?? readSettings(memberOf(root, 'x-json-schema-faker'))
  read.set(key, known)
  return known
}

function readSettings(written: unknown): Settings {
  const given = new Map<string, unknown>()
  const unknown: string[] = []
  for (const [name, value] of Object.entries(isRecord(written) ? written : {})) {
    const camel = name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
    const isSize = sizes.some(size => size === camel) && typeof value === 'number' && value >= 0 && value <= 1_000
    const isFlag = flags.some(flag => flag === camel) && typeof value === 'boolean'
    const isShare = camel === 'optionalsProbability' && (typeof value === 'number' || value === false)
    if (isSize || isFlag || isShare || (camel === 'locale' && typeof value === 'string')) given.set(camel, value)
    else if (!settled.has(camel)) unknown.push(name)
  }
  const size = (name: string): number | undefined => given.get(name) as number | undefined
  const share = given.get('optionalsProbability')
  return {
    minItems: size('minItems'),
    maxItems: size('maxItems'),
    minLength: size('minLength'),
    maxLength: size('maxLength'),
    optionals:
      given.get('requiredOnly') === true
        ? 0
        : given.get('alwaysFakeOptionals') === true
          ? 1
          : typeof share === 'number'
            ? Math.min(1, Math.max(0, share))
            : undefined,
    useExamples: given.get('useExamplesValue') === true || given.get('useDefaultValue') === true,
    locale: (given.get('locale') as string | undefined) ?? 'en',
    unknown,
  }
}
