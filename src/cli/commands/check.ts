import { exitCodes, Trouble } from '../../finding/index.ts'
import { sendTo, Unreachable } from '../../http/index.ts'
import { Api } from '../../model/index.ts'
import type { Command } from '../command.ts'
import { confirmHost } from '../confirm-host.ts'
import { contractFlags, contractOptions } from '../contract.ts'
import { rememberedIn } from '../last-run.ts'
import { runAndTell, runOnDocument } from '../run-contract.ts'
import { credentialsOf, curlFor, headersOf, targetFlags, timeoutOf, tokenOf, urlOf } from '../target.ts'
import { failOn, tellInVain } from '../tell.ts'

export const check: Command = {
  summary: 'Tells whether a running implementation keeps an OpenAPI document.',
  description: [
    'It makes its own requests: the documented examples, values at every edge, each clause broken alone, wrong',
    'credentials, bodies that are no JSON, the same request many times and at once, things created, read, changed and',
    'removed. Every answer is judged: status, media type, body, headers, and whether it fits its request.',
    '',
    rememberedIn,
  ].join('\n'),
  positionals: '[document]',
  maxPositionals: 1,
  flags: {
    ...targetFlags,
    ...contractFlags,
  },
  examples: [
    'contrato check --url http://127.0.0.1:4010',
    'contrato check openapi/webhook.yaml --url https://staging.example --confirm-host staging.example --bearer-env TOKEN',
    'contrato check --url http://127.0.0.1:4010 --reporter list --reporter json=report.json',
  ],
  run: async (typed, terminal) => {
    const threshold = failOn(typed)
    const url = urlOf(typed.text('url'))
    const options = contractOptions(typed)
    const timeout = timeoutOf(typed.text('timeout'))
    const fields = headersOf(typed)
    const token = tokenOf(typed.text('bearer-env'), terminal.env)
    await confirmHost(url, typed.texts('confirm-host'))
    const origin = url.href.replace(/\/$/, '')
    const base = url.pathname.replace(/\/$/, '')
    return await runOnDocument(typed, terminal, async (document, signal) => {
      const api = new Api(document)
      const { headers, tokens, token: rest, variables } = credentialsOf(api, fields, token)
      const added = headers.filter((_, at) => at % 2 === 0)
      const curl = curlFor(origin, headers, typed.text('bearer-env'), variables)
      try {
        return await runAndTell({
          command: 'check',
          document,
          api,
          target: sendTo(url, { headers, timeout, keepAlive: true }),
          shown: origin,
          options: { ...options, curl, added, base, tokens, ...(rest !== undefined && { token: rest }) },
          threshold,
          signal,
          typed,
          terminal,
        })
      } catch (error) {
        if (!(error instanceof Unreachable)) throw error
        const help = 'Check that the server runs and that --url names its address and port.'
        const message = `${origin} cannot be reached: ${error.message}`
        await tellInVain({ command: 'check', document, target: origin, message, help }, typed, terminal)
        throw new Trouble(exitCodes.unreachable, message, help)
      }
    })
  },
}
