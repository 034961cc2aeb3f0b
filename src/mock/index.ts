export { Mock, type MockOptions } from './mock.ts'
