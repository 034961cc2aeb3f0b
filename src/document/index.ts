export { type Document, loadDocument } from './document.ts'
export { DocumentTrouble } from './read.ts'
export { shippedDocument } from './shipped.ts'
