import { catalogue, type Explanation, exitCodes, marks, Trouble } from '../../finding/index.ts'
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
    const known: Readonly<Record<string, Explanation>> = { ...catalogue, ...marks }
    if (code === undefined) {
      const width = Math.max(...Object.keys(known).map(name => name.length))
      for (const [name, { title }] of Object.entries(known)) out(`${style.bold(name.padEnd(width))}  ${title}\n`)
      return exitCodes.fine
    }
    const explanation = Object.hasOwn(known, code) ? known[code] : undefined
    if (explanation === undefined) {
      const near = closest(code, Object.keys(known))
      const help = `${near === undefined ? '' : `Did you mean ${near}? `}\`contrato explain\` lists all codes.`
      throw new Trouble(exitCodes.unusable, `${code} is not a finding code`, help)
    }
    const { title, cause, fix, source } = explanation
    const more = source === undefined ? '' : `  See    ${source}\n`
    out(`${style.bold(code)}: ${title}\n\n  Cause  ${cause}\n  Fix    ${fix}\n${more}`)
    return exitCodes.fine
  },
}
