import { lintDocument } from '../../lint/index.ts'
import { Api } from '../../model/index.ts'
import type { Command } from '../command.ts'
import { documentFlags, openDocument } from '../document.ts'
import { failOn, reportFlags, tell } from '../tell.ts'

export const lint: Command = {
  summary: "Finds an OpenAPI document's own faults.",
  description: [
    'Examples, defaults and enums that do not match their schemas, schemas that nothing matches, operations without operationId, success, client',
    'error, refusal or security, or that no request reaches, misspelt x-contract extensions, and what the ruleset forbids.',
  ].join('\n'),
  positionals: '[document]',
  maxPositionals: 1,
  flags: {
    ...documentFlags,
    ruleset: { value: 'FILE', help: 'a Redocly ruleset (default: lint.yaml beside the document)' },
    ...reportFlags,
  },
  examples: [
    'contrato lint',
    'contrato lint openapi/webhook.yaml --fail-on warning',
    'contrato lint --reporter json=lint.json',
  ],
  run: async (typed, terminal) => {
    const threshold = failOn(typed)
    const { document } = await openDocument(typed, terminal, { tells: false })
    const api = new Api(document)
    const ruleset = typed.text('ruleset')
    const findings = await lintDocument(document, api, ruleset === undefined ? {} : { ruleset })
    return await tell(
      { command: 'lint', document, findings, summary: { operations: api.operations.length } },
      threshold,
      typed,
      terminal,
    )
  },
}
