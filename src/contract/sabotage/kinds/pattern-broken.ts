import { inAnswers } from '../bodies.ts'
import { outOfPattern } from '../clauses/index.ts'
import { defineKind } from '../sabotage.ts'

export const patternBroken = defineKind({
  id: 'pattern-broken',
  says: 'a text of an answer does not fit its pattern',
  plan: (api, operation) => inAnswers(api, operation, outOfPattern),
})
