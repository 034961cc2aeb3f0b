import type { Finding } from '../../finding/index.ts'
import { printable } from '../escape.ts'
import type { ReportFormat } from '../report.ts'

/** For GitHub Actions: one workflow command per finding, which becomes an annotation at its line. */
export const github: ReportFormat<'github'> = {
  name: 'github',
  isLog: true,
  render: ({ findings }) => findings.map(annotation).join(''),
}

function annotation({ severity, position, code, message, help }: Finding): string {
  const level = severity === 'info' ? 'notice' : severity
  const place =
    position === undefined ? '' : `file=${property(position.file)},line=${position.line},col=${position.column},`
  return `::${level} ${place}title=${property(code)}::${data(`${message} ${help}`)}\n`
}

/** Escapes of the workflow command format. */
function data(text: string): string {
  return printable(text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A'))
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
