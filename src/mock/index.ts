export { Mock, type MockOptions } from './mock.ts'
export { type Remembered, thingsIn } from './resources/resources.ts'
export { shelvesOf } from './resources/sessions.ts'
export { type Share, Uniques } from './uniques.ts'
