export { Mock, type MockOptions } from './mock.ts'
export { shelvesOf } from './resources/place.ts'
export { type Remembered, thingsIn } from './resources/resources.ts'
export { type Share, Uniques } from './uniques.ts'
