import { inAnswers } from '../bodies.ts'
import { outOfSize } from '../clauses/index.ts'
import { defineKind } from '../sabotage.ts'

export const sizeBroken = defineKind({
  id: 'size-broken',
  says: 'a list of an answer has too few or too many items, or one twice',
  plan: (api, operation) => inAnswers(api, operation, outOfSize),
})
