import { exitCodes } from '../../finding/index.ts'
import { Mock } from '../../mock/index.ts'
import { Api } from '../../model/index.ts'
import { curlLine } from '../../report/index.ts'
import type { Command } from '../command.ts'
import { contractFlags, contractOptions } from '../contract.ts'
import { rememberedIn } from '../last-run.ts'
import { runAndTell, runOnDocument } from '../run-contract.ts'
import { failOn } from '../tell.ts'

export const prove: Command = {
  summary: 'Runs the contract check on the mock of the document, which must have no finding.',
  description: `A finding here is a contradiction in the document, or a fault of contrato.\n\n${rememberedIn}`,
  positionals: '[document]',
  maxPositionals: 1,
  flags: contractFlags,
  examples: ['contrato prove', 'contrato prove openapi/webhook.yaml --phases examples,invalid'],
  run: async (typed, terminal) => {
    const threshold = failOn(typed)
    const options = contractOptions(typed)
    return await runOnDocument(typed, terminal, async (document, signal) => {
      const api = new Api(document)
      const code = await runAndTell({
        command: 'prove',
        document,
        api,
        target: new Mock(api).handler,
        shown: 'the mock',
        // The mock keeps what the document says; what names suggest it does not guess.
        options: { ...options, infer: false, curl: request => curlLine('http://127.0.0.1:4010', request) },
        threshold,
        signal,
        typed,
        terminal,
      })
      if (code === exitCodes.findings && typed.texts('reporter').length === 0) {
        const named = typed.positionals[0] === undefined ? '' : ` ${typed.positionals[0]}`
        terminal.err(`The curl lines ask the mock: start it with \`contrato mock${named}\`.\n`)
      }
      return code
    })
  },
}
