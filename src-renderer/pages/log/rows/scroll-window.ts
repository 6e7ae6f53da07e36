/**
 * Scrolling through more than a browser can: elements end at some 33 million pixels, a million rows do not.
 * The scrolled element is kept shorter than the rows it stands for. Small moves are taken as they are; jumps
 * (the scrollbar's thumb, Home, End) are taken in proportion. All in CSS pixels.
 */
export interface ScrollSize {
  /** Height that all rows together have. */
  rows: number
  /** Height of what is seen. */
  view: number
}

export interface ScrollPlace {
  /** The element's own scrollTop. */
  top: number
  /** Where that is among the rows: their position minus `top`. */
  shift: number
}

/** Where the first row that is seen begins, among all rows. */
export const positionOf = ({ top, shift }: ScrollPlace): number => top + shift

const maxHeightPixels = 6_000_000

/** How tall the scrolled element is made. */
export const heightOf = (size: ScrollSize): number => Math.min(size.rows, maxHeightPixels)

/** The place after the element was scrolled to `top`. */
export function scrolled(before: ScrollPlace, top: number, size: ScrollSize): ScrollPlace {
  if (size.rows <= maxHeightPixels) return { top, shift: 0 }
  const jumped = Math.abs(top - before.top) > size.view
  const position = jumped ? top * proportion(size) : top + before.shift
  return { top, shift: within(position, size) - top }
}

/** The same rows, with the element where it ought to be for them: to be done when scrolling has paused. */
export function settled(place: ScrollPlace, size: ScrollSize): ScrollPlace {
  return placeAt(positionOf(place), size)
}

/**
 * The place that shows the rows at `position`: in proportion, but one to one near both ends, so that the last
 * turn of the wheel arrives at the last row.
 */
export function placeAt(position: number, size: ScrollSize): ScrollPlace {
  const inside = within(position, size)
  if (size.rows <= maxHeightPixels) return { top: inside, shift: 0 }
  const toEnd = size.rows - size.view - inside
  const longest = heightOf(size) - size.view
  if (inside < size.view) return { top: inside, shift: 0 }
  if (toEnd < size.view) return { top: longest - toEnd, shift: inside - longest + toEnd }
  const top = Math.max(size.view, Math.min(longest - size.view, Math.round(inside / proportion(size))))
  return { top, shift: inside - top }
}

/** Whether the element is at one of its ends while its rows are not: then it must settle at once. */
export function isStuck(place: ScrollPlace, size: ScrollSize): boolean {
  const position = positionOf(place)
  const atTop = place.top <= 0 && position > 0
  const atEnd = place.top >= heightOf(size) - size.view - 1 && position < size.rows - size.view - 1
  return atTop || atEnd
}

const proportion = (size: ScrollSize) => (size.rows - size.view) / (heightOf(size) - size.view)

const within = (position: number, size: ScrollSize) =>
  Math.max(0, Math.min(position, Math.max(0, size.rows - size.view)))
