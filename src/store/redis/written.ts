/** A job as it is written down: everything that a process needs to go on where another one was killed. */
export type Written<Told> = {
  readonly lane: string
  readonly task: unknown
  readonly told: Told
  /** How often it was done. */
  readonly tries: number
  /** When it is done again, in milliseconds of the epoch, by the clock that can be moved on. */
  readonly due?: number
  /** Set when it is not done again. */
  readonly done?: true
  /** Which clearing it comes after. */
  readonly epoch: number
}

/** The clearing that a job comes after which was forgotten by itself. */
export const dropped = -1

/** Forgets a job, so that whoever does it now does not note that. */
export const drop = `
if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('HSET', KEYS[1], 'data', ARGV[1], 'dropped', '1') end
`

/**
 * Notes what doing a job has come to, unless another process has taken it over. One whose lock ran out, because Redis was
 * away for so long, may still note it: whoever takes the job over then sees that it is done.
 */
export const note = `
local holder = redis.call('GET', KEYS[2])
if holder and holder ~= ARGV[1] then return 0 end
if redis.call('EXISTS', KEYS[1]) == 0 or redis.call('HEXISTS', KEYS[1], 'dropped') == 1 then return 0 end
redis.call('HSET', KEYS[1], 'data', ARGV[2], 'tried', '1')
return 1
`

/** What jobs have come to: their data once they were done, an empty text before, a dash for one that is gone. */
export const triedYet = `
local said = {}
for at, key in ipairs(KEYS) do
  local job = redis.call('HMGET', key, 'tried', 'data', 'dropped')
  if job[3] or not job[2] then said[at] = '-' elseif job[1] then said[at] = job[2] else said[at] = '' end
end
return said
`
