export { Mock, type MockOptions } from './mock.ts'
export { type Share, Uniques } from './uniques.ts'
