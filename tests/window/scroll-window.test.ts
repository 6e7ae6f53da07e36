import { describe, expect, test } from 'vitest'
import {
  heightOf,
  isStuck,
  placeAt,
  scrolled,
  settled,
  type ScrollPlace,
} from '../../src-renderer/pages/log/rows/scroll-window.ts'

const million = { rows: 44_000_000, view: 600 }
const few = { rows: 44_000, view: 600 }
const position = (place: ScrollPlace) => place.top + place.shift

describe('scrolling through more rows than a browser can', () => {
  test('a short log scrolls one to one', () => {
    expect(heightOf(few)).toBe(44_000)
    expect(scrolled({ top: 0, shift: 0 }, 5_000, few)).toEqual({ top: 5_000, shift: 0 })
  })

  test('a long log’s element stays within what a browser can lay out', () => {
    expect(heightOf(million)).toBeLessThan(16_000_000)
  })

  test('a turn of the wheel moves as many pixels of rows as it says', () => {
    const before = placeAt(20_000_000, million)
    const after = scrolled(before, before.top + 120, million)
    expect(position(after) - position(before)).toBeCloseTo(120)
  })

  test('the End key shows the last row, Home the first', () => {
    const end = scrolled({ top: 0, shift: 0 }, heightOf(million) - million.view, million)
    expect(position(end)).toBe(million.rows - million.view)
    expect(position(scrolled(end, 0, million))).toBe(0)
  })

  test('the thumb in the middle shows the middle', () => {
    const middle = scrolled({ top: 0, shift: 0 }, (heightOf(million) - million.view) / 2, million)
    expect(position(middle)).toBeCloseTo((million.rows - million.view) / 2)
  })

  test('settling changes the element and not the rows', () => {
    const drifted = { top: 3_000_400, shift: 19_000_000 }
    expect(position(settled(drifted, million))).toBeCloseTo(position(drifted))
  })

  test('wheeling for ever in one direction reaches the end, wherever it began', () => {
    let place = placeAt(43_990_000, million)
    for (let turn = 0; turn < 200 && !isStuck(place, million); turn += 1) {
      const top = Math.min(place.top + 120, heightOf(million) - million.view)
      place = scrolled(place, top, million)
      if (isStuck(place, million)) place = settled(place, million)
    }
    expect(position(place)).toBe(million.rows - million.view)
  })

  test('nothing is scrolled beyond its ends', () => {
    expect(placeAt(-50, few)).toEqual({ top: 0, shift: 0 })
    expect(position(placeAt(99_000_000, million))).toBe(million.rows - million.view)
    expect(placeAt(100, { rows: 200, view: 600 })).toEqual({ top: 0, shift: 0 })
  })
})
