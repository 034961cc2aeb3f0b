export {
  apiOf,
  documentIn,
  documentOf,
  locator,
  operationOf,
  type Told,
  troubleIn,
  troubleOf,
} from './documents.ts'
export { type Files, folderWith } from './files.ts'
export { realDocuments } from './real-documents.ts'
export { refusals, request } from './requests.ts'
