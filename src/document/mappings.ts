import { formatFragment, parsePointer, resolvePointer } from '../finding/index.ts'
import type { Bounds } from './bounds.ts'
import { isBare, lastName } from './discriminators.ts'
import { eachObject, isNode, type Node } from './each-object.ts'
import { isLiteral } from './literal.ts'
import { type Reason, uriPointer, whyUnresolved } from './references.ts'
import type { Sources } from './source-file.ts'
import { suggesting } from './suggest.ts'
import type { Written } from './trace.ts'
import type { Breach } from './validate.ts'

/** A document in one piece, and where it came from. */
type Bundled = {
  readonly root: Node
  readonly schemasAt: readonly string[]
  readonly sources: Sources
  readonly bounds: Bounds
  readonly trace: (tokens: readonly string[]) => Written
}

/**
 * Settles the mappings of discriminators, in place: bare names become references. Who makes one file of several leaves names
 * of files in them; such a name means the schema that is called as the file was.
 *
 * @returns those that mean nothing at all
 */
export async function settleMappings(bundled: Bundled): Promise<Breach[]> {
  const lost: Breach[] = []
  for (const { schema, tokens } of discriminatedIn(bundled.root)) {
    for (const { holder, key, name, at } of targetsOf(schema, [...tokens, 'discriminator'])) {
      const target = holder[key]
      if (target !== undefined && typeof target !== 'string') {
        const help = "Write the reference itself, as a text: '#/components/schemas/Name'."
        lost.push({ pointer: `#${formatFragment(at)}`, message: `${name} is no text`, help })
      }
      if (typeof target !== 'string' || leadsSomewhere(bundled.root, target)) continue
      const meant = byName(bundled, target) ?? byLastName(bundled, schema, target)
      if (meant !== undefined) holder[key] = meant
      const why = meant === undefined ? await whyLost(bundled, at, target) : undefined
      if (why === undefined) continue
      const { code, help } = why
      const message = why.message.replace(/^\$ref (\S+)/, `${name} to $1`)
      lost.push({ pointer: `#${formatFragment(at)}`, code, message, help: help.replace('the $ref', 'the mapping') })
    }
  }
  return lost
}

type Discriminated = Node & { readonly discriminator: Node }

function discriminatedIn(root: unknown): { readonly schema: Discriminated; readonly tokens: readonly string[] }[] {
  const found: { readonly schema: Discriminated; readonly tokens: readonly string[] }[] = []
  eachObject(root, (node, tokens) => {
    if (!isNode(node.discriminator) || typeof node.discriminator.propertyName !== 'string') return
    if (!isLiteral(tokens, true)) found.push({ schema: node as Discriminated, tokens: [...tokens] })
  })
  return found
}

/** Where something is mapped to: what is called how, and the tokens that lead there. */
type Target = { readonly holder: Node; readonly key: string; readonly name: string; readonly at: readonly string[] }

function targetsOf({ discriminator }: Discriminated, tokens: readonly string[]): Target[] {
  const mapping = isNode(discriminator.mapping) ? discriminator.mapping : {}
  const named = Object.keys(mapping).map(key => {
    return { holder: mapping, key, name: `the mapping of ${JSON.stringify(key)}`, at: [...tokens, 'mapping', key] }
  })
  const fallback = { holder: discriminator, key: 'defaultMapping', name: 'the defaultMapping' }
  return [...named, { ...fallback, at: [...tokens, 'defaultMapping'] }]
}

function leadsSomewhere(root: Node, target: string): boolean {
  return target.startsWith('#') && resolvePointer(root, parsePointer(target)) !== undefined
}

/** What a mapping means that is no reference but the name of a component. */
function byName({ root, schemasAt }: Bundled, target: string): string | undefined {
  const isComponent = isBare(target) && resolvePointer(root, [...schemasAt, target]) !== undefined
  return isComponent ? `#${uriPointer([...schemasAt, target])}` : undefined
}

/** The branch, else the component, that has the last name of a reference. */
function byLastName({ root, schemasAt }: Bundled, schema: Node, target: string): string | undefined {
  const name = lastName(target)
  const branches = [schema.oneOf, schema.anyOf].flatMap(list => (Array.isArray(list) ? list : []))
  const branch = branches
    .map(each => resolvePointer(each, ['$ref']))
    .find(ref => {
      return typeof ref === 'string' && parsePointer(ref).at(-1) === name && resolvePointer(root, parsePointer(ref))
    })
  if (typeof branch === 'string') return branch
  const isComponent = resolvePointer(root, [...schemasAt, name]) !== undefined
  return isComponent ? `#${uriPointer([...schemasAt, name])}` : undefined
}

async function whyLost(bundled: Bundled, at: readonly string[], target: string): Promise<Reason['why'] | undefined> {
  const { source } = bundled.trace(at)
  if (!isBare(target) || /\.(ya?ml|json)$/i.test(target)) {
    const reason = await whyUnresolved(target, source, bundled.sources, bundled.bounds, () => target)
    return reason && suggesting(reason, target, source, bundled.sources).why
  }
  const why = {
    code: 'reference-missing',
    message: `$ref ${target} leads nowhere: no schema is called so among ${bundled.schemasAt.join('.')}`,
    help: 'Correct the $ref, or add what it names.',
  } as const
  return suggesting({ why, isDead: true }, `#/${target}`, source, bundled.sources).why
}
