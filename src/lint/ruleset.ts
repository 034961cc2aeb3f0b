import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Config } from '@redocly/openapi-core'
import type { Document } from '../document/index.ts'
import { exitCodes, type Finding, type Position, parsePointer, type Severity, Trouble } from '../finding/index.ts'
import { type RuleCode, rules } from './rules/index.ts'

type Core = typeof import('@redocly/openapi-core')

/** How severe a rule is: those of Redocly in its own configuration, ours by their code. */
export type Ruleset = {
  /** The file as shown to people. */
  readonly file: string
  readonly config: Config
  severityOf(code: RuleCode): Severity | 'off'
}

/** What a ruleset may say; `oas3_0Rules` and `oas3_1Rules` are Redocly's way to differ between versions. */
const sections = ['extends', 'rules', 'oas3_0Rules', 'oas3_1Rules']

const severities = { error: 'error', warn: 'warning', off: 'off' } as const

const help =
  'A ruleset is a YAML file with `rules:`, each a name with error, warn or off, as in https://redocly.com/docs/cli/rules.'

/**
 * Reads a ruleset: the one named, else `lint.yaml` beside the document, else the one of this package.
 *
 * @throws Trouble when it is not there, is no ruleset, or names a rule that does not exist
 */
export async function readRuleset(core: Core, document: Document, named?: string): Promise<Ruleset> {
  const absolute = path.resolve(named ?? besideOf(document) ?? shippedRuleset())
  const file = showPath(absolute)
  const text = await readText(absolute, file)
  const content = contentOf(core, text, file)
  // Redocly runs a plugin.js that lies in the folder of its configuration; in the folder of this module there is none.
  const config = await createConfig(core, text, fileURLToPath(import.meta.url), file)
  const own = ownSeverities(content, file)
  const problems = await core.lintConfig({ config })
  const findings = problems.flatMap((problem): Finding[] => {
    const [location] = problem.location
    const [section, name] = parsePointer(location?.pointer ?? '')
    if (section === 'rules' && name !== undefined && isOwn(name)) return []
    const position = location && positionIn(core, file, location)
    const message = sentence(problem.message)
    return [{ code: 'ruleset', severity: 'error', message, help, ...(position && { position }) }]
  })
  if (findings.length > 0) throw unusable(file, findings[0]?.message ?? '', findings)
  return {
    file,
    config,
    severityOf: code => own.get(code) ?? rules.find(rule => rule.code === code)?.severity ?? 'error',
  }
}

/** Relative to the working directory where that is shorter, as the files of a document are shown. */
function showPath(absolute: string): string {
  const relative = path.relative(process.cwd(), absolute)
  return relative.startsWith(`..${path.sep}..`) ? absolute : relative
}

/** Redocly ends some messages with a full stop and some not. */
export function sentence(message: string): string {
  return message.trim().replace(/\.$/, '')
}

/** Line and column of what Redocly points at. */
export function positionIn(core: Core, file: string, location: Parameters<Core['getLineColLocation']>[0]): Position {
  const { line, col } = core.getLineColLocation(location).start
  return { file, line, column: col }
}

function besideOf(document: Document): string | undefined {
  const beside = path.join(path.dirname(document.files[0] ?? ''), 'lint.yaml')
  return existsSync(beside) ? beside : undefined
}

/** The ruleset that comes with this package. */
function shippedRuleset(): string {
  // Source and build lie at different depths below the package, so the folder above that holds it is looked for.
  for (const up of ['../', '../../', '../../../']) {
    const candidate = fileURLToPath(new URL(`${up}openapi/lint.yaml`, import.meta.url))
    if (existsSync(candidate)) return candidate
  }
  throw new Error('the package is incomplete: openapi/lint.yaml is missing')
}

async function readText(absolute: string, file: string): Promise<string> {
  try {
    return await readFile(absolute, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    const reason = code === 'ENOENT' ? 'there is no such file' : String(error instanceof Error ? error.message : error)
    throw new Trouble(
      exitCodes.unusable,
      `Cannot read the ruleset ${file}: ${reason}`,
      'Check the path; a relative path starts at the current folder.',
    )
  }
}

/** The parsed text. What would make Redocly run code, or read other files or the network, is refused. */
function contentOf(core: Core, text: string, file: string): Readonly<Record<string, unknown>> {
  const content = parse(core, text, file)
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw unusable(file, 'it is not a map with `rules:`')
  }
  const other = Object.keys(content).find(key => !sections.includes(key))
  if (other !== undefined) throw unusable(file, `"${other}" is not read, only ${sections.join(', ')}`)
  const { extends: presets = [] } = content as { extends?: unknown }
  const isPreset = (name: unknown) => typeof name === 'string' && /^[a-z-]+$/.test(name)
  if (!Array.isArray(presets) || !presets.every(isPreset)) {
    throw unusable(file, '"extends" takes a list of the rulesets that Redocly brings along, such as recommended')
  }
  if (holdsReference(content)) throw unusable(file, '$ref is not followed in a ruleset')
  return content as Readonly<Record<string, unknown>>
}

function parse(core: Core, text: string, file: string): unknown {
  try {
    return core.parseYaml(text)
  } catch (error) {
    const { reason, mark } = error as { reason?: string; mark?: { line: number; column: number } }
    if (reason === undefined || mark === undefined) throw error
    const position = { file, line: mark.line + 1, column: mark.column + 1 }
    const message = `it is not YAML: ${reason}`
    throw unusable(file, message, [{ code: 'ruleset', severity: 'error', message, help, position }])
  }
}

function holdsReference(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return '$ref' in value || Object.values(value).some(holdsReference)
}

async function createConfig(core: Core, text: string, configPath: string, file: string): Promise<Config> {
  try {
    return await core.createConfig(text, { configPath })
  } catch (error) {
    throw unusable(file, sentence(error instanceof Error ? error.message : String(error)))
  }
}

function ownSeverities(content: Readonly<Record<string, unknown>>, file: string): Map<string, Severity | 'off'> {
  const own = new Map<string, Severity | 'off'>()
  for (const [name, setting] of Object.entries(content.rules ?? {})) {
    if (!isOwn(name)) continue
    if (!isSeverity(setting))
      throw unusable(file, `${name} is ${JSON.stringify(setting)}, but takes error, warn or off`)
    own.set(name, severities[setting])
  }
  return own
}

function isOwn(name: string): boolean {
  return rules.some(({ code }) => code === name)
}

function isSeverity(setting: unknown): setting is keyof typeof severities {
  return typeof setting === 'string' && Object.hasOwn(severities, setting)
}

function unusable(file: string, reason: string, findings: readonly Finding[] = []): Trouble {
  return new Trouble(exitCodes.unusable, `The ruleset ${file} cannot be used: ${reason}`, help, findings)
}
