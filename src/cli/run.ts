import { exitCodes, Trouble } from '../finding/index.ts'
import { makeStyle } from '../report/index.ts'
import { closest, helpOf, readArguments, type Terminal } from './command.ts'
import { commands } from './commands/index.ts'
import { sourcesOf } from './document.ts'
import { requireWritable, tellUnusable } from './tell.ts'
import { tool } from './tool.ts'
import { showTrouble } from './trouble.ts'

/** Runs the command that the words name, and tells its troubles. The number is the exit code. */
export async function run(words: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await dispatch(words, terminal)
  } catch (error) {
    const style = makeStyle(terminal.colours)
    if (error instanceof Trouble) {
      terminal.err(showTrouble(error, style))
      return error.exitCode
    }
    const stack = error instanceof Error ? error.stack : String(error)
    terminal.err(
      `${style.red('bug')} contrato ${tool.version} failed in a way it should not. Please report this:\n${stack}\n`,
    )
    return exitCodes.bug
  }
}

async function dispatch(words: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = words
  if (name === '-V' || name === '--version') {
    terminal.out(`${tool.version}\n`)
    return exitCodes.fine
  }
  if (name === undefined || name === '-h' || name === '--help' || name === 'help') {
    terminal.out(overview())
    return exitCodes.fine
  }
  const entry = commands.find(command => command.name === name)
  if (entry === undefined) {
    const near = closest(
      name,
      commands.map(command => command.name),
    )
    const help = `${near === undefined ? '' : `Did you mean ${near}? `}\`contrato --help\` lists the commands.`
    throw new Trouble(exitCodes.unusable, `${name} is not a command of contrato`, help)
  }
  const command = await entry.load()
  const typed = readArguments(name, command, rest)
  if (typed.flag('help')) {
    terminal.out(helpOf(name, command))
    return exitCodes.fine
  }
  // A run of minutes is not to end with a word that was misspelt at its start.
  const tells = command.flags.reporter !== undefined
  if (tells) await requireWritable(typed, terminal)
  try {
    return await command.run(typed, terminal)
  } catch (error) {
    if (tells && error instanceof Trouble && error.findings.length > 0) {
      await tellUnusable(error, name, sourcesOf(error), typed, terminal)
    }
    throw error
  }
}

function overview(): string {
  const width = Math.max(...commands.map(({ name }) => name.length))
  const rows = commands.map(({ name, says }) => `  ${name.padEnd(width)}  ${says}`).join('\n')
  return `contrato ${tool.version}: one OpenAPI document, kept by everybody.

Usage: contrato <command> [document] [flags]

${rows}

The document is a YAML or JSON file, a URL, or - for standard input: OpenAPI 3.0, 3.1, 3.2 or Swagger 2.0. Without one, the
only document in ./openapi/ is used, else the webhook document that comes with contrato. \`contrato <command> --help\` shows the flags.

Exit codes: 0 fine, 1 findings, 2 usage or document unusable, 3 target not reachable, 4 environment, 70 our own bug,
130 interrupted.
`
}
