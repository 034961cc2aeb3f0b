// @ts-check
/** What a process has cost so far, its threads and children counted in. NaN where the system does not tell. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/** Linux reports CPU time to programs in this unit on every architecture Node runs on (USER_HZ). */
const TICKS_PER_SECOND = 100

/**
 * @typedef {object} ProcessRow
 * @property {number} pid
 * @property {number} parent pid
 * @property {number} cpuSeconds user and system, of all threads and of the children that have ended
 * @property {number} residentBytes
 */

/**
 * @param {number} pid
 * @returns {{ cpuSeconds: number, residentBytes: number }} of the process and its living descendants together
 */
export function usage(pid) {
  const rows = processes()
  if (!rows) return { cpuSeconds: Number.NaN, residentBytes: Number.NaN }
  const family = familyOf(pid, rows)
  if (family.length === 0) throw new Error(`process ${pid} has ended`)
  return {
    cpuSeconds: family.reduce((sum, row) => sum + row.cpuSeconds, 0),
    residentBytes: family.reduce((sum, row) => sum + row.residentBytes, 0),
  }
}

/**
 * @param {number} pid
 * @param {ProcessRow[]} rows
 * @returns {ProcessRow[]}
 */
function familyOf(pid, rows) {
  const children = rows.filter(row => row.parent === pid).flatMap(row => familyOf(row.pid, rows))
  return [...rows.filter(row => row.pid === pid), ...children]
}

/**
 * @returns {ProcessRow[] | undefined}
 */
function processes() {
  if (process.platform === 'linux') return procProcesses()
  if (process.platform === 'win32') return undefined
  return psProcesses(execFileSync('ps', ['-A', '-o', 'pid=,ppid=,time=,rss='], { encoding: 'utf8', timeout: 5_000 }))
}

/**
 * @returns {ProcessRow[]}
 */
function procProcesses() {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(name => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'latin1')
        const status = readFileSync(`/proc/${name}/status`, 'latin1')
        return [procProcess(Number(name), stat, status)]
      } catch {
        return [] // ended since the folder was read
      }
    })
}

/**
 * @param {number} pid
 * @param {string} stat see proc_pid_stat(5)
 * @param {string} status see proc_pid_status(5)
 * @returns {ProcessRow}
 */
export function procProcess(pid, stat, status) {
  // The name of the program, in brackets, may hold spaces and brackets: count the fields from behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ticks = fields.slice(11, 15).map(Number) // utime, stime, cutime, cstime
  return {
    pid,
    parent: Number(fields[1]),
    cpuSeconds: ticks.reduce((sum, time) => sum + time, 0) / TICKS_PER_SECOND,
    residentBytes: Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024,
  }
}

/**
 * @param {string} listing of `ps -o pid=,ppid=,time=,rss=`
 * @returns {ProcessRow[]}
 */
export function psProcesses(listing) {
  return [...listing.matchAll(/^\s*(\d+)\s+(\d+)\s+(?:(\d+)-)?([\d:.]+)\s+(\d+)\s*$/gm)].map(
    ([, pid, parent, days, clock = '', kilobytes]) => ({
      pid: Number(pid),
      parent: Number(parent),
      cpuSeconds: Number(days ?? 0) * 86_400 + clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0),
      residentBytes: Number(kilobytes) * 1024,
    }),
  )
}
