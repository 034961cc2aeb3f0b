export { type Document, loadDocument } from './document.ts'
export { filesNamedBy } from './named.ts'
export { shippedDocument } from './shipped.ts'
export { DocumentTrouble } from './source-file.ts'
