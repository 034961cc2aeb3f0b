import { answered, defineCheck } from '../check.ts'

export const statusDocumented = defineCheck({
  id: 'status-documented',
  asks: 'Is the status one that the operation documents?',
  judge: evidence => {
    if (evidence.description !== undefined) return []
    const { operation } = evidence
    const known = operation.responses.map(response => response.status).join(', ') || 'none'
    return [
      {
        code: 'status-undocumented',
        message: `${answered(evidence)} where the document has ${known}`,
        help: 'Answer with a documented status, or document this one.',
        pointer: `${operation.pointer}/responses`,
      },
    ]
  },
})
