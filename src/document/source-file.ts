import path from 'node:path'
import { exitCodes, type Finding, type Position, resolvePointer, Trouble } from '../finding/index.ts'
import { isAddress } from './address.ts'
import { Lines, Positions, parseSource } from './source.ts'

/** The text of one file of a document, with what is worked out from it when somebody asks. */
export class SourceFile {
  /** As shown to people: relative to the working directory where that is shorter. */
  readonly shown: string
  readonly text: string
  /** Its absolute path, or its address where it was read from a server. */
  readonly absolute: string
  #lines: Lines | undefined
  #positions: Positions | undefined
  /** What is done to the references of its value, in place, so that they are references by place. */
  readonly settle: (value: unknown) => void
  readonly #complete: (value: unknown) => void
  #value: { value: unknown } | undefined
  #asWritten: { value: unknown } | undefined

  /** @param complete adds to its value, in place, the references that its author wrote otherwise */
  constructor(
    absolute: string,
    text: string,
    settle: (value: unknown) => void = () => {},
    complete: (value: unknown) => void = () => {},
  ) {
    this.settle = settle
    this.#complete = complete
    this.absolute = absolute
    this.shown = showPath(absolute)
    this.text = text
  }

  /** The parsed text. It is parsed again here because the bundler rewrites the value that it was given. */
  get value(): unknown {
    if (this.#value === undefined) {
      const value = parseSource(this.text)
      this.settle(value)
      this.#complete(value)
      this.#value = { value }
    }
    return this.#value.value
  }

  /** The text at these tokens as its author wrote it, before references were settled. */
  written(tokens: readonly string[]): string | undefined {
    this.#asWritten ??= { value: parseSource(this.text) }
    const text = resolvePointer(this.#asWritten.value, tokens)
    return typeof text === 'string' ? text : undefined
  }

  positionAt(offset: number): Position {
    this.#lines ??= new Lines(this.text)
    return { file: this.shown, ...this.#lines.at(offset) }
  }

  positionOf(tokens: readonly string[]): Position {
    this.#positions ??= new Positions(this.text)
    return this.positionAt(this.#positions.offsetOf(tokens))
  }
}

/** The files of a document by absolute path or address, the entry first. */
export type Sources = Map<string, SourceFile>

/** A document that cannot be used; its findings have positions in `sources`. */
export class DocumentTrouble extends Trouble {
  readonly sources: Sources

  constructor(
    message: string,
    help: string,
    findings: readonly Finding[],
    sources: Sources,
    exitCode: number = exitCodes.unusable,
  ) {
    super(exitCode, message, help, findings)
    this.sources = sources
  }
}

/** A path as people are shown it: relative to the working directory, unless that is far away. */
export function showPath(absolute: string): string {
  if (isAddress(absolute)) return absolute
  const relative = path.relative(process.cwd(), absolute)
  return relative.startsWith(`..${path.sep}..`) ? absolute : relative
}
