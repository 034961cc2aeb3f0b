import { catalogue, exitCodes, type FindingCode, Trouble } from '../../finding/index.ts'
import { makeStyle } from '../../report/index.ts'
import { type Command, closest } from '../command.ts'

export const explain: Command = {
  summary: 'Says what a finding code means and how to fix it.',
  description: 'Without a code, lists them all.',
  positionals: '[code]',
  maxPositionals: 1,
  flags: {},
  examples: ['contrato explain body-mismatch', 'contrato explain'],
  run: async ({ positionals }, { out, colours }) => {
    const style = makeStyle(colours)
    const [code] = positionals
    if (code === undefined) {
      const width = Math.max(...Object.keys(catalogue).map(name => name.length))
      for (const [name, { title }] of Object.entries(catalogue)) out(`${style.bold(name.padEnd(width))}  ${title}\n`)
      return exitCodes.fine
    }
    if (!Object.hasOwn(catalogue, code)) {
      const near = closest(code, Object.keys(catalogue))
      const help = `${near === undefined ? '' : `Did you mean ${near}? `}\`contrato explain\` lists all codes.`
      throw new Trouble(exitCodes.unusable, `${code} is not a finding code`, help)
    }
    const { title, cause, fix } = catalogue[code as FindingCode]
    out(`${style.bold(code)}: ${title}\n\n  Cause  ${cause}\n  Fix    ${fix}\n`)
    return exitCodes.fine
  },
}
