import type { Ajv, CodeKeywordDefinition, ErrorObject, KeywordCxt, ValidateFunction } from 'ajv'
import { _, Name } from 'ajv/dist/compile/codegen/code.js'
import { branchChooser, type Choice, type Chooser, type Heir } from './discriminator.ts'
import type { Lenience } from './sides.ts'

/** What is judged as an heir already is not asked for one again, however its schema gets back to the one it extends. */
type Judging = Lenience & { readonly asHeir?: unknown }

/** What a discriminator has against a value: it names nothing that there is, or an heir that the value is none of. */
export type Misnamed = { readonly names: readonly string[] } | { readonly heir: string }

/** In the code of validators: no branch is named, and none of the branches is meant by the name that is there. */
const plain = -1
const unknown = -2

/**
 * Teaches a validator that of the branches of a union the one is judged that the discriminator names. An answer has to
 * match one branch only for all that, as `oneOf` says; of a request the named branch decides.
 */
export function teachDiscriminators(ajv: Ajv, root: unknown): void {
  for (const keyword of ['oneOf', 'anyOf'] as const) teachUnion(ajv, root, keyword)
}

/**
 * The validator of a schema that others extend: it passes on to the heir that the discriminator names. The heir looks at
 * what both demand, so the schema itself is asked only where the heir does not extend it.
 *
 * @param own the validator of the schema itself
 * @param heirAt the validator of an heir itself
 */
export function heirsFirst({
  schema,
  chooser,
  own,
  heirAt,
}: {
  readonly schema: object
  readonly chooser: Chooser<Heir>
  readonly own: ValidateFunction
  readonly heirAt: (pointer: string) => ValidateFunction
}): ValidateFunction {
  const judge = function (this: Judging | undefined, ...given: Parameters<ValidateFunction>): boolean {
    const [data, place] = given
    const choice = this?.asHeir === data ? 'plain' : chooser.choose(data)
    const context = typeof choice === 'string' ? this : { ...this, asHeir: data }
    const heir = typeof choice === 'string' ? undefined : choice.named
    const errors: ErrorObject[] = []
    const ask = (validate: ValidateFunction): void => {
      if (validate.apply(context as never, given) !== true) errors.push(...(validate.errors ?? []))
    }
    const tell = (misnamed: Misnamed): void => {
      const instancePath = place?.instancePath ?? ''
      errors.push({
        keyword: 'discriminator',
        instancePath,
        schemaPath: '',
        params: { misnamed },
        parentSchema: schema,
        data,
      })
    }
    const validate = heir === undefined ? own : heirAt(heir.pointer)
    if (heir !== undefined) {
      ask(validate)
      if (errors.length > 0) tell({ heir: heir.pointer })
    }
    if (heir === undefined || !heir.isExtending) ask(own)
    if (choice === 'unknown') tell({ names: chooser.names })
    judge.errors = errors.length === 0 ? null : errors
    Object.assign(judge, { evaluated: validate.evaluated })
    return errors.length === 0
  } as ValidateFunction
  return judge
}

function teachUnion(ajv: Ajv, root: unknown, keyword: 'oneOf' | 'anyOf'): void {
  const rule = ajv.RULES.all[keyword]
  if (typeof rule !== 'object') return
  const original = rule.definition as CodeKeywordDefinition
  rule.definition = {
    ...rule.definition,
    code: (cxt: KeywordCxt) => {
      const { discriminator } = cxt.parentSchema
      const chooser = discriminator && branchChooser(root, discriminator, cxt.schema)
      if (chooser === undefined) original.code(cxt)
      else namedUnion(cxt, keyword, chooser)
    },
  } as typeof rule.definition
}

function namedUnion(cxt: KeywordCxt, keyword: 'oneOf' | 'anyOf', chooser: Chooser<number>): void {
  const { gen, data } = cxt
  const choose = gen.scopeValue('keyword', { ref: (value: unknown) => numberOf(chooser.choose(value)) })
  const named = gen.const('named', _`${choose}(${data})`)
  const isStrict = keyword === 'oneOf' ? _`${named} >= 0 && !this?.trusting` : _`false`
  const valid = gen.let('valid', false)
  const passing = gen.let('passing', null)
  const branchValid = gen.name('_valid')
  cxt.setParams({ passing })
  const branches: readonly unknown[] = cxt.schema
  branches.forEach((_branch, at) => {
    gen.if(_`${named} === ${plain} || ${named} === ${at} || (${isStrict})`, () => {
      const inner = cxt.subschema({ keyword, schemaProp: at, compositeRule: true }, branchValid)
      gen.if(branchValid, () => {
        if (keyword === 'oneOf') {
          gen.assign(passing, _`${passing} === null ? ${at} : [].concat(${passing}, ${at})`)
        }
        gen.assign(valid, true)
        cxt.mergeEvaluated(inner, Name)
      })
    })
  })
  if (keyword === 'oneOf') {
    gen.if(
      _`${passing} !== null && (typeof ${passing} != "number" || (${named} >= 0 && ${passing} !== ${named}))`,
      () => gen.assign(valid, false),
    )
  }
  cxt.result(
    valid,
    () => cxt.reset(),
    () => cxt.error(true),
  )
}

function numberOf(choice: Choice<number>): number {
  if (choice === 'plain') return plain
  return choice === 'unknown' ? unknown : choice.named
}
