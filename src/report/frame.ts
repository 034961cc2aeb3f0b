import type { Position } from '../finding/index.ts'

const context = 2
const widest = 160

/** The lines around a position, numbered, with a mark under the column. */
export function codeFrame(text: string, { line, column }: Position): string {
  const lines = text.split(/\r?\n/)
  const first = Math.max(1, line - context)
  const last = Math.min(lines.length, line + context)
  const margin = String(last).length
  const shown: string[] = []
  for (let number = first; number <= last; number += 1) {
    const marker = number === line ? '>' : ' '
    shown.push(`${marker} ${String(number).padStart(margin)} | ${clip(lines[number - 1] ?? '')}`.trimEnd())
    if (number === line && column <= widest) shown.push(`  ${' '.repeat(margin)} | ${' '.repeat(column - 1)}^`)
  }
  return shown.join('\n')
}

/** Minified documents have lines that no terminal shows; tabs would move the mark. */
function clip(line: string): string {
  const even = line.replaceAll('\t', ' ')
  return even.length > widest ? `${even.slice(0, widest - 1)}…` : even
}
