import { inAnswers } from '../bodies.ts'
import { unlisted } from '../clauses/index.ts'
import { defineKind } from '../sabotage.ts'

export const enumLeft = defineKind({
  id: 'enum-left',
  says: 'a value of an answer is none of those listed',
  plan: (api, operation) => inAnswers(api, operation, unlisted),
})
