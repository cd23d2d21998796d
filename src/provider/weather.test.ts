import { expect, it } from 'vitest'
import { createWeather } from './weather.ts'

const climate = { latency: 80, jitter: 20, seed: 1 }
const days = (options = climate, region = 'here') => {
  const weather = createWeather(options, region)
  return Array.from({ length: 1000 }, () => weather.delay())
}

it('delays lie around the latency, within the jitter, and fill that', () => {
  const delays = days()
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(60)
  expect(Math.max(...delays)).toBeLessThanOrEqual(100)
  for (const least of [60, 65, 70, 75, 80, 85, 90, 95]) {
    const share = delays.filter((delay) => delay >= least && delay < least + 5).length
    expect(share).toBeGreaterThan(75)
    expect(share).toBeLessThan(175)
  }
})

it('the same seed repeats, and each seed and region has its own', () => {
  expect(days()).toEqual(days())
  expect(days({ ...climate, seed: 2 })).not.toEqual(days())
  expect(days(climate, 'there')).not.toEqual(days())
})

it('without jitter each delay is the latency, and none is negative', () => {
  expect(new Set(days({ ...climate, jitter: 0 }))).toEqual(new Set([80]))
  expect(Math.min(...days({ ...climate, latency: 5 }))).toBe(0)
})
