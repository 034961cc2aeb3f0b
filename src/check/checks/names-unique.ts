import { isJson } from '../../http/index.ts'
import type { Answer } from '../answers.ts'
import { answered, defineCheck } from '../check.ts'

export const namesUnique = defineCheck({
  id: 'names-unique',
  asks: 'Is the JSON of the body one that every parser reads alike?',
  judge: evidence => {
    const { answer, description } = evidence
    const pointer = answer.content?.pointer ?? description?.pointer
    const name = answer.learn(nameTwice)
    if (name === undefined) return []
    const message = `${answered(evidence)} with the name ${name} twice in one object`
    return [{ code: 'body-ambiguous', message, help: 'Send each name once.', pointer }]
  },
})

function nameTwice({ body, essence, bytes }: Answer): string | undefined {
  if (body === undefined || !isJson(essence ?? '')) return undefined
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  return isCanonical(text, body.value) ? undefined : repeatedName(text)
}

/** Whether the text is what node would write, which has each name once; most are, and it is known sooner than by reading. */
function isCanonical(text: string, value: unknown): boolean {
  try {
    return text === JSON.stringify(value)
  } catch {
    // What is nested deeply can be read and not written.
    return false
  }
}

/** The first name that one object has twice, of text that is valid JSON. Source: RFC 8259, section 4. */
function repeatedName(text: string): string | undefined {
  const open: (Set<string> | undefined)[] = []
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"(?:\s*:)?|[{}[\]]/g)) {
    if (token === '{') open.push(new Set())
    else if (token === '[') open.push(undefined)
    else if (token === '}' || token === ']') open.pop()
    else if (token.endsWith(':')) {
      const name = JSON.parse(token.slice(0, -1)) as string
      const names = open.at(-1)
      if (names?.has(name)) return JSON.stringify(name)
      names?.add(name)
    }
  }
  return undefined
}
