import type { ServerResponse } from 'node:http'
import { refuse } from '../answer.ts'
import { type Fault, type Meeting, tunable } from '../fault.ts'
import { encodeAnswer, sendMessage } from '../message.ts'

const percent = { usual: 1, unit: 'percent' }
const rate = { usual: 20, unit: 'requests per second' }

/** Milliseconds that an answer takes where the region has no latency. */
const base = 10

/** Each makes a region hard to work with, while what it answers in the end is what is promised. */
export const hardships: readonly Fault[] = [
  tunable({ usual: 10, unit: 'times as slow' }, (times) => ({
    name: 'slows',
    statement: 'every answer takes many times as long',
    caughtBy: [],
    meet({ go, plant }) {
      setTimeout(go, (times - 1) * (plant.weather.delay() || base))
    },
  })),
  throttling(
    'throttles',
    'beyond a rate, requests are answered 429 with seconds to wait',
    () => '1',
  ),
  throttling(
    'throttles-until',
    'beyond a rate, requests are answered 429 with a date to wait for',
    () => new Date(Date.now() + 1000).toUTCString(),
  ),
  {
    name: 'throttles-forever',
    statement: 'every request is answered 429 with seconds to wait',
    caughtBy: [],
    meet: ({ request, response }) => {
      request.resume()
      throttle(response, '1')
    },
  },
  tunable(percent, (share) => ({
    name: 'loses-connections',
    statement: 'some connections are reset as soon as they are made',
    caughtBy: [],
    connect(socket, { weather }) {
      if (weather.random() * 100 >= share) return undefined
      socket.resetAndDestroy()
      return 'kept'
    },
  })),
  losing('loses-requests', 'some requests are lost with their connection, unheard', ({ request }) =>
    request.socket.resetAndDestroy(),
  ),
  losing(
    'loses-answers',
    'some requests are carried out and their answer is lost with the connection',
    ({ request, response, go }) => {
      response.end = () => {
        request.socket.resetAndDestroy()
        return response
      }
      go()
    },
  ),
]

/** Lets as many requests in, within each second, as the rate says. */
function throttling(name: string, statement: string, wait: () => string): Fault {
  return tunable(rate, (most) => {
    let second = 0
    let met = 0
    return {
      name,
      statement,
      caughtBy: [],
      meet({ request, response, go }) {
        const now = Math.floor(Date.now() / 1000)
        if (now !== second) {
          second = now
          met = 0
        }
        met += 1
        if (met <= most) return go()
        request.resume()
        throttle(response, wait())
      },
    }
  })
}

function throttle(response: ServerResponse, wait: string): void {
  const headers = [
    ['Retry-After', wait],
    ['RateLimit-Limit', '100'],
  ] as const
  sendMessage(response, encodeAnswer(refuse(429, 'too many requests', headers)))
}

function losing(name: string, statement: string, lose: (meeting: Meeting) => void): Fault {
  return tunable(percent, (share) => ({
    name,
    statement,
    caughtBy: [],
    meet(meeting) {
      if (meeting.plant.weather.random() * 100 < share) lose(meeting)
      else meeting.go()
    },
  }))
}
