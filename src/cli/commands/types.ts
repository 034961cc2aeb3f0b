import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { exitCodes, Trouble } from '../../finding/index.ts'
import { makeStyle, showFinding } from '../../report/index.ts'
import { generateTypes, staleness } from '../../types/index.ts'
import type { Command } from '../command.ts'
import { type Chosen, chooseDocument, documentFlags, isFile, openDocument } from '../document.ts'

export const types: Command = {
  summary: 'Writes TypeScript types of an OpenAPI document.',
  description: 'The file lies beside the document, with the ending .d.ts, unless --output says otherwise.',
  positionals: '[document]',
  maxPositionals: 1,
  flags: {
    output: { short: 'o', value: 'FILE', help: 'file to write; - for standard output' },
    ...documentFlags,
    check: { help: 'write nothing, exit with 1 when the file is not up to date' },
  },
  examples: ['contrato types', 'contrato types openapi/webhook.yaml -o src/api.d.ts', 'contrato types --check'],
  run: async (typed, terminal) => {
    const { out, err, colours } = terminal
    const output = typed.text('output') ?? besideDocument(chooseDocument(typed.positionals[0]))
    const { document } = await openDocument(typed, terminal)
    const text = await generateTypes(document, notice => err(`${makeStyle(colours).yellow('warning')} ${notice}\n`))
    const shown = path.relative(process.cwd(), path.resolve(output))
    if (typed.flag('check')) {
      const finding = staleness(shown, await readIfThere(output), text)
      if (finding === undefined) {
        err(`${shown} is up to date\n`)
        return exitCodes.fine
      }
      err(`${showFinding(finding, { style: makeStyle(colours), textOf: () => undefined })}\n`)
      return exitCodes.findings
    }
    if (output === '-') {
      out(text)
      return exitCodes.fine
    }
    await write(output, text)
    err(`${shown} written\n`)
    return exitCodes.fine
  },
}

/** The shipped document lies inside the package, where nothing of a user's is to be written; others lie nowhere. */
function besideDocument(chosen: Chosen): string {
  const { file, why } = chosen
  if (!isFile(chosen)) {
    const message = 'The document is no file that types could lie beside'
    throw new Trouble(exitCodes.unusable, message, 'Give --output FILE, or --output - for standard output.')
  }
  if (why !== 'shipped') return `${file.replace(/\.(ya?ml|json)$/i, '')}.d.ts`
  const message = 'There is no document here, and the types of the webhook document are already in contrato/client'
  throw new Trouble(exitCodes.unusable, message, 'Name a document, or give --output FILE.')
}

async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch {
    return ''
  }
}

async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Trouble(
      exitCodes.environment,
      `Cannot write ${file}: ${reason}`,
      'Name a file in a folder that exists and may be written to.',
    )
  }
}
