import { parseArgs } from 'node:util'
import { exitCodes, Trouble } from '../finding/index.ts'

/** A flag as `--help` shows it. */
export type Flag = {
  readonly short?: string
  /** The name of its value; without one the flag is a switch. */
  readonly value?: string
  /** May be given more than once. */
  readonly many?: boolean
  readonly help: string
}

/** What was typed after the command's name. */
export type Typed = {
  readonly positionals: readonly string[]
  flag(name: string): boolean
  text(name: string): string | undefined
  texts(name: string): readonly string[]
}

/** The world as a command sees it. */
export type Terminal = {
  /** Machine output and what was asked for. */
  readonly out: (text: string) => void
  /** Everything said beside it. */
  readonly err: (text: string) => void
  /** Everything that comes in on standard input. */
  readonly input: () => Promise<string>
  readonly env: Readonly<Record<string, string | undefined>>
  readonly colours: boolean
  /** The width of the terminal that standard error is; without it, it is a file or a pipe, or CI keeps it. */
  readonly columns?: number
  /** Has a function called whenever Enter is pressed, until what it returns is called. */
  readonly onEnter?: (pressed: () => void) => () => void
  /** Resolves at the first SIGINT or SIGTERM. */
  readonly interrupted: () => Promise<void>
}

export type Command = {
  /** What follows the name on the usage line: `[document]`. */
  readonly positionals: string
  readonly maxPositionals: number
  readonly summary: string
  readonly description: string
  readonly flags: Readonly<Record<string, Flag>>
  readonly examples: readonly string[]
  /** Does the work; the number is the exit code. */
  run(typed: Typed, terminal: Terminal): Promise<number>
}

/** Flags of every command. */
const common: Readonly<Record<string, Flag>> = { help: { short: 'h', help: 'show this text' } }

/**
 * Reads the words after a command's name.
 *
 * @throws Trouble with exit code 2 for a flag that is unknown or lacks its value, and for words too many
 */
export function readArguments(name: string, command: Command, words: readonly string[]): Typed {
  const flags = { ...command.flags, ...common }
  const options = Object.fromEntries(
    Object.entries(flags).map(([flag, { short, value, many }]) => [
      flag,
      {
        type: value === undefined ? ('boolean' as const) : ('string' as const),
        multiple: many === true,
        ...(short && { short }),
      },
    ]),
  )
  const { values, positionals } = parseStrictly(name, words, options, Object.keys(flags))
  if (positionals.length > command.maxPositionals) {
    const extra = positionals[command.maxPositionals]
    throw new Trouble(
      exitCodes.unusable,
      `"${extra}" is one word too many for contrato ${name}`,
      `Usage: ${usageOf(name, command)}`,
    )
  }
  const all = (flag: string): unknown[] => [values[flag] ?? []].flat()
  return {
    positionals,
    flag: flag => all(flag).includes(true),
    text: flag => all(flag).findLast(value => typeof value === 'string') as string | undefined,
    texts: flag => all(flag).filter(value => typeof value === 'string'),
  }
}

function parseStrictly(
  name: string,
  words: readonly string[],
  options: NonNullable<Parameters<typeof parseArgs>[0]>['options'] & object,
  known: readonly string[],
): { values: Readonly<Record<string, unknown>>; positionals: string[] } {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true, strict: true })
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const unknown = /^Unknown option '(-{1,2}[^']*)'/.exec(message)?.[1]
    const help = `\`contrato ${name} --help\` shows every flag and its value.`
    const lacking = /^Option '(?:-\w, )?(--[\w-]+)/.exec(message)?.[1]
    if (lacking !== undefined && /missing|ambiguous/.test(message)) {
      throw new Trouble(
        exitCodes.unusable,
        `${lacking} has no value`,
        `Give one, as ${lacking}=VALUE where it starts with a dash. ${help}`,
      )
    }
    if (unknown === undefined) throw new Trouble(exitCodes.unusable, message.split('. ')[0] ?? message, help)
    const near = closest(unknown.replace(/^-+/, ''), known)
    throw new Trouble(
      exitCodes.unusable,
      `${unknown} is not a flag of contrato ${name}`,
      near === undefined ? help : `Did you mean --${near}? ${help}`,
    )
  }
}

/** The word that was probably meant: the one with the fewest edits, if they are few. */
export function closest(word: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map(candidate => ({ candidate, edits: distance(word, candidate) }))
    .sort((a, b) => a.edits - b.edits)
  const [best] = ranked
  return best !== undefined && best.edits <= Math.min(2, word.length - 2) ? best.candidate : undefined
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(swap, (row[j] as number) + 1, (next[j - 1] as number) + 1))
    }
    row = next
  }
  return row[b.length] as number
}

function usageOf(name: string, command: Command): string {
  return `contrato ${name} ${command.positionals} [flags]`.replace('  ', ' ')
}

/** The text of `--help`. */
export function helpOf(name: string, command: Command): string {
  const rows = Object.entries({ ...command.flags, ...common }).map(([flag, { short, value, help }]) => {
    const left = `${short === undefined ? '    ' : `-${short}, `}--${flag}${value === undefined ? '' : ` ${value}`}`
    return [left, help] as const
  })
  const width = Math.max(...rows.map(([left]) => left.length))
  const flags = rows.map(([left, help]) => `  ${left.padEnd(width)}  ${help}`).join('\n')
  const examples = command.examples.map(example => `  ${example}`).join('\n')
  return `${command.summary}\n\nUsage: ${usageOf(name, command)}\n\n${command.description}\n\nFlags:\n${flags}\n\nExamples:\n${examples}\n`
}
