import { isJson, parseMediaType } from '../../http/index.ts'
