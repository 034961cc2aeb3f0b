export { type CreateMockOptions, createMock, listenTo, type MockServer } from './create-mock.ts'
