import { Part } from '../../../model/index.ts'
import { jsonResponses, spoilt } from '../bodies.ts'
import { ofOtherType, withoutRequired } from '../clauses/index.ts'
import { placesIn } from '../places.ts'
import { defineKind, isOf, isSuccess } from '../sabotage.ts'

/** One answer in so many is wrong. */
const rarity = 12

export const faultIntermittent = defineKind({
  id: 'fault-intermittent',
  says: `one answer in ${rarity} is wrong`,
  *plan(api, operation) {
    for (const { response, content } of jsonResponses(operation).filter(({ response }) => isSuccess(response))) {
      const root = content.schema && Part.of(api.document.root).at(content.schema.pointer)
      const [place] = root === undefined ? [] : placesIn(root)
      const [attempt] = place === undefined ? [] : [...withoutRequired(place), ...ofOtherType(place)]
      if (place === undefined || attempt === undefined) continue
      yield {
        says: `answers ${response.status} ${attempt.says}, one time in ${rarity}`,
        pointer: `${place.schema.pointer}/${attempt.keyword}`,
        status: response.status,
        begin() {
          let answers = 0
          return passing => {
            if (!isOf(passing, response)) return undefined
            answers += 1
            return answers % rarity === 0 ? spoilt(passing, content, place, attempt.edits) : undefined
          }
        },
      }
    }
  },
})
