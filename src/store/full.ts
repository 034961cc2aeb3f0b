import { exitCodes, Trouble } from '../finding/index.ts'
import { maxWaiting } from './store.ts'

/** The refusal of more work than may wait. */
export function fullOf(waiting: number): Trouble {
  const help = 'Wait until the receivers have answered, or clear the deliveries.'
  return new Trouble(exitCodes.environment, `${waiting} deliveries wait already; ${maxWaiting} is the most`, help)
}
