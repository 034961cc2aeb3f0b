export { Mock, type MockOptions } from './mock.ts'
export { problem } from './problem.ts'
