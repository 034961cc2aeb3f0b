import type { Trouble } from '../finding/index.ts'
import { type Style, showFinding } from '../report/index.ts'
import { sourcesOf } from './document.ts'

/** A trouble as people read it: its findings with code frames, or what failed and what to do. */
export function showTrouble(trouble: Trouble, style: Style): string {
  const textOf = sourcesOf(trouble)
  const findings = trouble.findings.map(finding => showFinding(finding, { style, textOf }))
  if (findings.length > 0) return `${findings.join('\n\n')}\n`
  return `${style.red('error')} ${trouble.message}\n  ${style.dim('→')} ${trouble.help}\n`
}
