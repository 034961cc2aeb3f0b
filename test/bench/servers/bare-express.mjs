// @ts-check
/** Express 5 as its guide shows it: `express.json()`, a route, `res.json`. `node bare-express.mjs PORT STATUS` */
import express from 'express'
import { constantAnswer } from './answers.mjs'

const [port, status] = process.argv.slice(2)
const answer = constantAnswer(status)
const app = express()

app.use(express.json())
app.post('/api/v2/instance/:instanceId/webhook', (_request, response) => {
  response.status(Number(status)).json(answer)
})
app.listen(Number(port), '127.0.0.1')
