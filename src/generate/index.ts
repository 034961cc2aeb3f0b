export { exampleRequest } from './request.ts'
export { type Sample, sample } from './sample.ts'
export { hash } from './seed.ts'
export { varier } from './vary.ts'
