import { describe, expect, it } from 'vitest'
import { chart, curveOf } from '../../../infra/console/instance/curve.ts'

const { width, height } = chart

describe('the curve of a number', () => {
  it('goes from 0 at the foot to its limit at the top', () => {
    const points: [number, number][] = [
      [1000, 0],
      [1010, 50],
      [1020, 100],
    ]
    expect(curveOf({ points, limit: 100, arrival: null })).toEqual({
      course: `0,${height} ${width / 2},${height / 2} ${width},0`,
      forecast: null,
      limit: 0,
    })
  })

  it('goes on to where its limit is reached', () => {
    const points: [number, number][] = [
      [0, 0],
      [10, 50],
    ]
    const arrival = { minute: 20, hours: 1 }
    expect(curveOf({ points, limit: 100, arrival }).forecast).toBe(`${width / 2},${height / 2} ${width},0`)
  })

  it('is cut where the limit is further away than the past is long', () => {
    const points: [number, number][] = [
      [0, 0],
      [10, 10],
    ]
    const arrival = { minute: 100, hours: 1 }
    const { course, forecast } = curveOf({ points, limit: 100, arrival })
    expect(course).toBe(`0,${height} ${width / 2},${Math.round(height * 0.9)}`)
    expect(forecast).toBe(`${width / 2},${Math.round(height * 0.9)} ${width},${Math.round(height * 0.8)}`)
  })

  it('is a point where there is one, and bears numbers below 0', () => {
    expect(curveOf({ points: [[5, -4]], arrival: null })).toEqual({
      course: `0,${height}`,
      forecast: null,
      limit: null,
    })
  })
})
