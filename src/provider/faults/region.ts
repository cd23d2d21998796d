import { type Outage, tunable } from '../fault.ts'

const answers = { usual: 40, unit: 'answers' }

/** Each takes a whole region away, from the start or after a while. */
export const regionOutages: readonly Outage[] = [
  tunable(answers, (after) => {
    let met = 0
    return {
      name: 'dies',
      statement: 'after a while the region ends every connection and takes no more',
      cause: 'refused',
      caughtBy: [],
      meet({ go, plant }) {
        met += 1
        if (met > after) plant.die()
        else go()
      },
    }
  }),
  tunable(answers, (after) => {
    let met = 0
    return {
      name: 'falls-silent',
      statement: 'after a while the region answers nothing any more',
      cause: 'timeout',
      caughtBy: [],
      meet({ go }) {
        met += 1
        if (met <= after) go()
      },
    }
  }),
  {
    name: 'half-open',
    statement: 'connections are taken and not a word is said',
    cause: 'timeout',
    caughtBy: [],
    connect(socket) {
      socket.resume()
      return 'kept'
    },
  },
  {
    name: 'stops-reading',
    statement: 'connections are taken and nothing is read from them',
    cause: 'timeout',
    caughtBy: [],
    connect(socket) {
      socket.pause()
      return 'kept'
    },
  },
]
