export { type Sample, sample } from './sample.ts'
export { hash } from './seed.ts'
export { vary } from './vary.ts'
