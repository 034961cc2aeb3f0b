/** Dresses text for a terminal; each function leaves it as it is where colours are not wanted. */
export type Style = Readonly<Record<'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan', (text: string) => string>>

const codes = { bold: [1, 22], dim: [2, 22], red: [31, 39], yellow: [33, 39], green: [32, 39], cyan: [36, 39] } as const

export function makeStyle(colours: boolean): Style {
  const dress =
    ([on, off]: readonly [number, number]) =>
    (text: string): string =>
      colours ? `\u001b[${on}m${text}\u001b[${off}m` : text
  return {
    bold: dress(codes.bold),
    dim: dress(codes.dim),
    red: dress(codes.red),
    yellow: dress(codes.yellow),
    green: dress(codes.green),
    cyan: dress(codes.cyan),
  }
}
