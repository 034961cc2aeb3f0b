import type { SourceError } from './source.ts'

/** What people did who wrote this, and what they can do about it. */
type Explained = { readonly message: string; readonly help: string; readonly offset: number }

/** Says of a mistake in YAML or JSON what it probably is, where the parser only tells what it expected. */
export function explainSyntax(text: string, { message, offset }: SourceError): Explained {
  const merge = /^(?:<{7}|>{7}) /m.exec(text)
  if (merge !== null) {
    const help = 'Resolve the merge, and take out the lines that begin with <<<<<<<, ======= and >>>>>>>.'
    return { message: 'it holds the marks of a merge that is not resolved', help, offset: merge.index }
  }
  const comment = commentedReference(text, offset)
  if (comment !== undefined) {
    const help = "Write the reference in quotes: $ref: '#/…'."
    return { message: 'without quotes, the # of a $ref begins a comment', help, offset: comment }
  }
  const rest = text.slice(offset)
  if (/^\/[/*]/.test(rest)) {
    return { message: 'JSON has no comments', help: 'Take the comment out, or write the document in YAML.', offset }
  }
  if (/^[}\]]/.test(rest) && /,\s*$/.test(text.slice(Math.max(0, offset - 1000), offset)) && /^\s*[{[]/.test(text)) {
    return { message: `a comma stands before the closing ${rest[0]}`, help: 'Take the comma out.', offset }
  }
  if (message === 'duplicated mapping key') {
    const key = /^["']?(.*?)["']?\s*(?::\s|:$|$)/m.exec(rest)?.[1] ?? ''
    return { message: `the key ${key} is there twice`, help: 'Make one of both, or rename one.', offset }
  }
  return { message, help: helpFor(message, lineAt(text, offset)), offset }
}

function helpFor(reason: string, line: string): string {
  if (/\btab characters?\b/.test(reason)) return 'Indent with spaces.'
  if (/^bad indentation/.test(reason)) {
    const holdsColon = /^\s*(?:- +)?[\w$-]+:\s+[^'"[{|>&*!#\s].*:\s/.test(line)
    return holdsColon
      ? 'Write the text in quotes: it holds a colon and a space.'
      : 'Indent it as far as what it belongs to.'
  }
  if (/^deficient indentation/.test(reason))
    return 'Close the quote or bracket that was opened above, or indent this line.'
  if (/^unidentified alias/.test(reason))
    return 'Name what it stands for with &, further up, or write the text in quotes.'
  return 'Mend the text at this place.'
}

/** Where `$ref: #` stands shortly before a mistake, in braces that the comment has left open. */
function commentedReference(text: string, offset: number): number | undefined {
  const from = text.lastIndexOf('\n', text.lastIndexOf('\n', offset - 1) - 1) + 1
  const found = /\$ref["']?:[ \t]+#/.exec(text.slice(from, offset))
  return found === null || !/[{,]\s*["']?$/.test(text.slice(0, from + found.index)) ? undefined : from + found.index
}

function lineAt(text: string, offset: number): string {
  const end = text.indexOf('\n', offset)
  return text.slice(text.lastIndexOf('\n', offset - 1) + 1, end === -1 ? text.length : end)
}
