export { Calls } from './calls.ts'
export { type CreateMockOptions, createMock, listenTo, type MockServer } from './create-mock.ts'
export { Mocks, type Shadowed, shadowedBy } from './mocks.ts'
export { openState, type State } from './state.ts'
