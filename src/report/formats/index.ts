import { github } from './github.ts'
import { html } from './html.ts'
import { json } from './json.ts'
import { junit } from './junit.ts'
import { list } from './list.ts'
import { markdown } from './markdown.ts'
import { ndjson } from './ndjson.ts'
import { sarif } from './sarif.ts'

/** Every report format. */
export const formats = [list, json, ndjson, junit, sarif, github, markdown, html] as const

export type FormatName = (typeof formats)[number]['name']
