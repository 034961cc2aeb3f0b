import { inAnswers } from '../bodies.ts'
import { withoutRequired } from '../clauses/index.ts'
import { defineKind } from '../sabotage.ts'

export const memberDropped = defineKind({
  id: 'member-dropped',
  says: 'an answer lacks a required member',
  plan: (api, operation) => inAnswers(api, operation, withoutRequired),
})
