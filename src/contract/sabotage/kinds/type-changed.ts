import { inAnswers } from '../bodies.ts'
import { ofOtherType } from '../clauses/index.ts'
import { defineKind } from '../sabotage.ts'

export const typeChanged = defineKind({
  id: 'type-changed',
  says: 'a value of an answer has another type',
  plan: (api, operation) => inAnswers(api, operation, ofOtherType),
})
