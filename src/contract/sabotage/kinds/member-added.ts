import { inAnswers } from '../bodies.ts'
import { withMore } from '../clauses/index.ts'
import { defineKind } from '../sabotage.ts'

export const memberAdded = defineKind({
  id: 'member-added',
  says: 'an answer has a member that the document does not name',
  plan: (api, operation) => inAnswers(api, operation, withMore),
})
