import { inAnswers } from '../bodies.ts'
import { asNull } from '../clauses/index.ts'
import { defineKind } from '../sabotage.ts'

export const nullSent = defineKind({
  id: 'null-sent',
  says: 'a value of an answer is null',
  plan: (api, operation) => inAnswers(api, operation, asNull),
})
