import { github } from './github.ts'
import { json } from './json.ts'
import { list } from './list.ts'

/** Every report format. */
export const formats = [list, json, github] as const

export type FormatName = (typeof formats)[number]['name']
