// @ts-check
/** The ceiling: node:http reads the body and answers the same bytes each time. `node bare-http.mjs PORT STATUS` */
import { createServer } from 'node:http'
import { constantAnswer } from './answers.mjs'

const [port, status] = process.argv.slice(2)
const body = Buffer.from(JSON.stringify(constantAnswer(status)))
const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': body.length }

createServer((request, response) => {
  /** @type {Buffer[]} */
  const chunks = []
  request.on('data', chunk => chunks.push(chunk))
  request.on('end', () => {
    Buffer.concat(chunks)
    response.writeHead(Number(status), headers).end(body)
  })
}).listen(Number(port), '127.0.0.1')
