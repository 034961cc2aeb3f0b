import type { Command } from '../command.ts'
import { workerVariable } from '../mock/messages.ts'
import { mockFlags, planOf } from '../mock/plan.ts'

export const mock: Command = {
  summary: 'Serves a mock of one OpenAPI document, or of several at one port.',
  description: [
    'Every answer keeps the document: the success it promises for a valid request, the documented 400 with the true',
    'reasons for an invalid one, the documented 401 without credentials. `Prefer: code=400`, `example=NAME`,',
    '`dynamic=true`, `delay=MS` on a request choose another answer, `validate=false` and `auth=false` an indulgent one.',
    'Of several documents, the first that describes path and method answers. Generated values obey `x-faker` (with',
    '@faker-js/faker installed) and `x-json-schema-faker`; XML is written as `xml` says. What --state has it remember is',
    'forgotten with POST /__contrato/reset.',
  ].join('\n'),
  positionals: '[document...]',
  maxPositionals: Number.POSITIVE_INFINITY,
  flags: mockFlags,
  examples: [
    'contrato mock',
    'contrato mock openapi/webhook.yaml --port 0 --watch',
    'contrato mock users.yaml orders.yaml --https',
    "contrato mock --dynamic --bearer 'my-token'",
  ],
  run: async (typed, terminal) => {
    const plan = planOf(typed, terminal)
    if (terminal.env[workerVariable] !== undefined) {
      const { serveAsWorker } = await import('../mock/worker.ts')
      return await serveAsWorker(plan, terminal)
    }
    if (plan.workers > 1) {
      const { serveWithWorkers } = await import('../mock/workers.ts')
      return await serveWithWorkers(plan, terminal)
    }
    const { serveAlone } = await import('../mock/alone.ts')
    return await serveAlone(plan, terminal)
  },
}
