import { exitCodes, Trouble } from '../../finding/index.ts'
import { type HttpRequest, sendTo, Unreachable } from '../../http/index.ts'
import { Api } from '../../model/index.ts'
import { curlLine } from '../../report/index.ts'
import type { Command, Typed } from '../command.ts'
import { contractFlags, contractOptions, runAndTell } from '../contract.ts'
import { openDocument } from '../document.ts'
import { failOn } from '../tell.ts'

const defaultTimeout = 10_000

export const check: Command = {
  summary: 'Tells whether a running implementation keeps an OpenAPI document.',
  description: [
    'It makes its own requests: the documented examples, values at every edge, each clause broken alone, wrong',
    'credentials, bodies that are no JSON, the same request many times and at once, things created, read, changed and',
    'removed. Every answer is judged: status, media type, body, headers, and whether it fits its request.',
  ].join('\n'),
  positionals: '[document]',
  maxPositionals: 1,
  flags: {
    url: { short: 'u', value: 'URL', help: 'where the implementation is (required)' },
    'bearer-env': { value: 'NAME', help: 'environment variable that holds the bearer token' },
    header: { short: 'H', value: 'FIELD', many: true, help: "field of every request, as 'Name: value'" },
    timeout: { value: 'MS', help: `milliseconds until an answer is given up (default ${defaultTimeout})` },
    ...contractFlags,
  },
  examples: [
    'contrato check --url http://127.0.0.1:4010',
    'contrato check openapi/webhook.yaml --url https://staging.example --bearer-env TOKEN --param instanceId=inst-1',
    'contrato check --url http://127.0.0.1:4010 --reporter list --reporter json=report.json',
  ],
  run: async (typed, terminal) => {
    const threshold = failOn(typed)
    const url = urlOf(typed.text('url'))
    const options = contractOptions(typed)
    const timeout = timeoutOf(typed.text('timeout'))
    const fields = headersOf(typed)
    const { document } = await openDocument(typed, terminal)
    const api = new Api(document)
    const { token, headers } = withCredential(api, fields, tokenOf(typed.text('bearer-env'), terminal.env))
    const target = sendTo(url, { headers, timeout })
    const origin = url.href.replace(/\/$/, '')
    const curl = (request: HttpRequest): string => curlLine(origin, request)
    try {
      return await runAndTell({
        command: 'check',
        document,
        api,
        target,
        shown: origin,
        options: { ...options, curl, ...(token !== undefined && { token }) },
        threshold,
        typed,
        terminal,
      })
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error
      const help = 'Check that the server runs and that --url names its address and port.'
      throw new Trouble(exitCodes.unreachable, `${origin} cannot be reached: ${error.message}`, help)
    }
  },
}

function urlOf(text: string | undefined): URL {
  if (text === undefined)
    throw new Trouble(
      exitCodes.unusable,
      '--url is missing',
      'Say where the implementation is: --url http://127.0.0.1:3000',
    )
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && (url.username !== '' || url.password !== '')) {
    throw new Trouble(
      exitCodes.unusable,
      '--url holds credentials, which would stand in every report',
      "Leave them out of the URL and give -H 'Authorization: …' or --bearer-env NAME.",
    )
  }
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url
  throw new Trouble(exitCodes.unusable, `${text} is not an http or https URL`, 'Give it as http://127.0.0.1:3000')
}

function tokenOf(name: string | undefined, env: Readonly<Record<string, string | undefined>>): string | undefined {
  if (name === undefined) return undefined
  const token = env[name]
  if (token !== undefined && token !== '') return token
  throw new Trouble(exitCodes.unusable, `The environment variable ${name} is not set`, `Set it: export ${name}=…`)
}

/**
 * A field that carries the credential of the document's security is taken for the token, so that requests without it can be
 * made too.
 */
function withCredential(
  api: Api,
  fields: readonly string[],
  token: string | undefined,
): { readonly token: string | undefined; readonly headers: readonly string[] } {
  const schemes = api.operations.flatMap(({ security }) => security.flat())
  for (let at = 0; at < fields.length; at += 2) {
    const [name, value] = [fields[at] as string, fields[at + 1] as string]
    const scheme = schemes.find(({ credential }) => credential('')?.name.toLowerCase() === name.toLowerCase())
    const shown = scheme?.credential('')
    if (shown === undefined || shown.in !== 'header') continue
    const prefix = shown.value.trim()
    const isOfScheme = prefix === '' || value.toLowerCase().startsWith(`${prefix.toLowerCase()} `)
    if (!isOfScheme) continue
    const given = prefix === '' ? value : value.slice(prefix.length + 1)
    const plain = prefix === 'Basic' ? Buffer.from(given, 'base64').toString() : given
    return { token: plain.trim(), headers: fields.filter((_, index) => index !== at && index !== at + 1) }
  }
  return { token, headers: fields }
}

function headersOf(typed: Typed): string[] {
  return typed.texts('header').flatMap(field => {
    const [, name, value] = /^([!#$%&'*+.^`|~\w-]+):\s*(.*)$/s.exec(field) ?? []
    if (name !== undefined && value !== undefined) return [name, value]
    throw new Trouble(exitCodes.unusable, `"${field}" is not a header field`, "Give it as -H 'Name: value'.")
  })
}

function timeoutOf(text: string | undefined): number {
  const milliseconds = Number(text ?? defaultTimeout)
  if (Number.isInteger(milliseconds) && milliseconds > 0) return milliseconds
  throw new Trouble(exitCodes.unusable, `${text} is not a number of milliseconds`, 'Give a whole number above 0.')
}
