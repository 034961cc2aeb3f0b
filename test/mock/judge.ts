import SwaggerParser from '@apidevtools/swagger-parser'
import type { ValidateFunction } from 'ajv'
import Ajv2020 from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { Answer } from './kit.ts'

type Described = { readonly responses: Readonly<Record<string, DescribedResponse>> }
type DescribedResponse = { readonly $ref?: string; readonly content?: Readonly<Record<string, unknown>> }

/** Statuses that say something about the message and not about the operation; they need no description. */
const general = new Set([404, 405, 406, 413, 415])

/** Why an answer to a method and path is not what the document describes; empty when it is. */
export type AnswerJudge = (method: string, target: string, answer: Answer) => readonly string[]

/**
 * Judges answers by a document without any code of contrato: the bundle of swagger-parser, its schemas compiled by Ajv as
 * they stand, templates matched by a regular expression.
 */
export async function independentJudge(file: string): Promise<AnswerJudge> {
  const root = (await SwaggerParser.bundle(file)) as unknown as {
    paths: Readonly<Record<string, Readonly<Record<string, Described>>>>
  }
  const ajv = new Ajv2020.default({ strict: false, validateSchema: false, strictNumbers: true, allErrors: true })
  addFormats.default(ajv)
  ajv.addSchema(root, 'doc:')
  const compiled = new Map<string, ValidateFunction>()
  const validatorAt = (steps: readonly string[]): ValidateFunction => {
    const fragment = steps.map(step => encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')
    const known = compiled.get(fragment) ?? ajv.compile({ $ref: `doc:#/${fragment}` })
    compiled.set(fragment, known)
    return known
  }
  const templates = Object.keys(root.paths).map(path => ({
    path,
    form: new RegExp(`^${path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{[^}]*\}/g, '[^/]+')}$`),
  }))

  return (method, target, answer) => {
    const path = templates.find(({ form }) => form.test(target.split('?')[0] ?? ''))?.path
    const asked = method === 'HEAD' ? 'get' : method.toLowerCase()
    const described = path === undefined ? undefined : root.paths[path]?.[asked]
    const response = described?.responses[String(answer.status)]
    if (response === undefined || path === undefined) return whyNoProblem(method, answer)
    const steps = response.$ref?.slice(2).split('/') ?? ['paths', path, asked, 'responses', String(answer.status)]
    const { content } = resolve(root, steps) as DescribedResponse
    if (method === 'HEAD') return answer.text === '' ? [] : ['an answer to HEAD has a body']
    const type = answer.headers['content-type'] ?? ''
    if (content?.[type] === undefined) return [`Content-Type ${type} is not described`]
    if (answer.json === undefined) return [`the body is not JSON: ${answer.text.slice(0, 100)}`]
    const validate = validatorAt([...steps, 'content', type, 'schema'])
    return validate(answer.json) ? [] : (validate.errors ?? []).map(error => `${error.instancePath} ${error.message}`)
  }
}

function whyNoProblem(method: string, { status, headers, json, text }: Answer): string[] {
  if (method === 'OPTIONS' && status === 204) return text === '' ? [] : ['a 204 has a body']
  if (!general.has(status)) return [`the status ${status} is not described`]
  if (headers['content-type'] !== 'application/problem+json') return [`a ${status} is no problem+json`]
  if (method === 'HEAD') return text === '' ? [] : ['an answer to HEAD has a body']
  const { title, status: said, detail } = (json ?? {}) as Record<string, unknown>
  if (typeof title !== 'string' || said !== status || typeof detail !== 'string') return [`no problem detail: ${text}`]
  return status === 405 && headers.allow === undefined ? ['a 405 without Allow'] : []
}

function resolve(root: unknown, steps: readonly string[]): unknown {
  let value = root
  for (const step of steps) value = (value as Record<string, unknown>)[step]
  return value
}
