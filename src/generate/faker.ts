import { createRequire } from 'node:module'
import { isRecord, memberOf, type Source } from './source.ts'

/** What `x-faker` asks for: a function of faker by its path, and what it is given. */
export type FakerCall = { readonly path: string; readonly args: readonly unknown[]; readonly pointer: string }

/** A value of faker's, or why there is none. */
export type Faked = { readonly value: unknown } | { readonly says: string }

type Faker = { seed(seed: number): unknown; setDefaultRefDate?(date: string): void }

/** Reads `x-faker: internet.email` and `x-faker: { helpers.arrayElement: [[a, b]] }`, as Prism takes them. */
function fakerCall(written: unknown, pointer: string): FakerCall | undefined {
  if (typeof written === 'string') return { path: written, args: [], pointer }
  const [path, args] = isRecord(written) ? (Object.entries(written)[0] ?? []) : []
  if (path === undefined) return undefined
  return { path, args: Array.isArray(args) ? args : [args], pointer }
}

/** Names that faker gave its functions before version 8, which documents written for Prism use. */
const renamed: Readonly<Record<string, string>> = {
  'name.findName': 'person.fullName',
  'name.fullName': 'person.fullName',
  'internet.userName': 'internet.username',
  'datatype.uuid': 'string.uuid',
  'random.uuid': 'string.uuid',
  'datatype.number': 'number.int',
  'random.number': 'number.int',
  'datatype.float': 'number.float',
  'datatype.string': 'string.sample',
  'datatype.datetime': 'date.anytime',
  'random.word': 'lorem.word',
  'random.words': 'lorem.words',
  'random.alphaNumeric': 'string.alphanumeric',
  'random.boolean': 'datatype.boolean',
  'phone.phoneNumber': 'phone.number',
  'company.companyName': 'company.name',
  'image.imageUrl': 'image.url',
}

const renamedGroups: Readonly<Record<string, string>> = { name: 'person', address: 'location' }

/**
 * Calls faker, which is a package of the user's own: it weighs more than contrato itself, and few documents name it. It
 * is loaded at the first `x-faker`. That has to happen at once, in the midst of an answer, so it is required, not imported.
 *
 * @param locale as faker spells it: `de`, `pt_BR`
 */
export function callFaker({ path, args, pointer }: FakerCall, seed: number, locale: string): Faked {
  const faker = load(locale)
  if (faker === undefined) {
    return { says: 'x-faker is not obeyed, faker is not installed: npm install --save-dev @faker-js/faker' }
  }
  const [group = '', name = ''] = path.split('.')
  const spellings = [path, renamed[path], `${renamedGroups[group] ?? group}.${name}`]
  const known = spellings.find(spelling => spelling !== undefined && typeof functionAt(faker, spelling) === 'function')
  if (known === undefined) return { says: `x-faker at ${pointer} is not obeyed, faker has no ${path}` }
  try {
    faker.seed(seed)
    const call = functionAt(faker, known) as (...given: unknown[]) => unknown
    const value = call(...args)
    return { value: value instanceof Date ? value.toISOString() : typeof value === 'bigint' ? Number(value) : value }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { says: `x-faker at ${pointer} is not obeyed, ${path} fails: ${reason}` }
  }
}

function functionAt(faker: Faker, path: string): unknown {
  const [group = '', name = '', ...rest] = path.split('.')
  if (rest.length > 0 || name.startsWith('_') || name === 'constructor') return undefined
  const found = memberOf(faker, group) ?? (faker as unknown as Record<string, unknown>)[group]
  return typeof found === 'object' && found !== null ? (found as Record<string, unknown>)[name] : undefined
}

const loaded = new Map<string, Faker | undefined>()

function load(locale: string): Faker | undefined {
  if (loaded.has(locale)) return loaded.get(locale)
  const faker = requireFaker(locale) ?? (locale === 'en' ? undefined : load('en'))
  // Dates that faker makes are counted from a day of its own, for the same seed is to give the same value tomorrow.
  faker?.setDefaultRefDate?.('2024-07-01T00:00:00.000Z')
  loaded.set(locale, faker)
  return faker
}

function requireFaker(locale: string): Faker | undefined {
  if (!/^\w+$/.test(locale)) return undefined
  try {
    return createRequire(import.meta.url)(`@faker-js/faker/locale/${locale}`).faker as Faker
  } catch {
    return undefined
  }
}

/** What the first of the schemas that names something of faker asks for. */
export function fakerOf(sources: readonly Source[]): FakerCall | undefined {
  for (const { value, pointer } of sources) {
    const written = memberOf(value, 'x-faker')
    if (written !== undefined) return fakerCall(written, pointer)
  }
  return undefined
}
