import { expect, it } from 'vitest'
import { Part } from '../../src/model/index.ts'
import { ofOwnSide } from '../../src/model/own-side.ts'

const components = {
  schemas: {
    User: {
      type: 'object',
      required: ['id', 'password'],
      properties: {
        id: { type: 'integer', readOnly: true },
        password: { type: 'string', writeOnly: true },
        secret: { $ref: '#/components/schemas/Secret', writeOnly: true },
        pin: { $ref: '#/components/schemas/Pin' },
        name: { type: 'string' },
        friends: { type: 'array', items: { $ref: '#/components/schemas/User' } },
      },
    },
    Secret: { type: 'string' },
    Pin: { type: 'string', writeOnly: true },
    Admin: {
      allOf: [{ $ref: '#/components/schemas/User' }, { properties: { key: { allOf: [{ writeOnly: true }] } } }],
    },
    ByName: { additionalProperties: { $ref: '#/components/schemas/Admin' } },
  },
}

const own = (name: string, side: 'request' | 'response', value: unknown) =>
  ofOwnSide(value, Part.of({ components }).at(`#/components/schemas/${name}`), side)

const user = { id: 1, password: 'p', secret: 's', pin: '1', name: 'n' }

it.each([
  ['User', 'response', user, { id: 1, name: 'n' }],
  ['User', 'request', user, { password: 'p', secret: 's', pin: '1', name: 'n' }],
  ['User', 'response', { friends: [{ friends: [user] }] }, { friends: [{ friends: [{ id: 1, name: 'n' }] }] }],
  ['Admin', 'response', { ...user, key: 'k', more: 1 }, { id: 1, name: 'n', more: 1 }],
  ['ByName', 'response', { a: { ...user, key: 'k' } }, { a: { id: 1, name: 'n' } }],
  ['User', 'response', null, null],
  ['User', 'response', 'text', 'text'],
  ['User', 'response', [user], [user]],
  ['Gone', 'response', user, user],
] as const)('%s in a %s is without what the other side sends', (name, side, value, expected) => {
  expect(own(name, side, value)).toEqual(expected)
})

it('what has nothing to leave out is not copied', () => {
  const value = { id: 1, friends: [{ id: 2 }] }
  expect(own('User', 'response', value)).toBe(value)
})
