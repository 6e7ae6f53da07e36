import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react'
import {
  heightOf,
  isStuck,
  placeAt,
  positionOf,
  scrolled,
  settled,
  type ScrollPlace,
  type ScrollSize,
} from './scroll-window.ts'

const settleAfterMs = 180
const extraRows = 8
/** Pixels, for the very first drawing. */
const firstHeightPixels = 600

export interface ScrollWindow {
  /** Indexes of the rows to draw, the last one included. */
  first: number
  last: number
  /** Height of the scrolled element, and where in it a row is drawn. */
  height: number
  topOf: (row: number) => number
  atTop: boolean
  /** Brings a row into view. */
  show: (row: number) => void
  toTop: () => void
}

export interface ScrollContent {
  count: number
  rowHeight: number
  /** Of what stays at the top and covers rows. */
  headHeight: number
  prepended: number
}

/** Which of `count` rows of `rowHeight` pixels are in view in `container`; `prepended` keeps them in place. */
export function useScrollWindow(
  container: RefObject<HTMLElement | null>,
  { count, rowHeight, headHeight, prepended }: ScrollContent,
): ScrollWindow {
  const view = useHeight(container) - headHeight
  const size: ScrollSize = { rows: count * rowHeight, view }
  const latest = useRef(size)
  useLayoutEffect(() => {
    latest.current = { rows: count * rowHeight, view }
  }, [latest, count, rowHeight, view])
  const [place, setPlace] = useState<ScrollPlace>({ top: 0, shift: 0 })
  const current = useRef(place)

  const move = useCallback(
    (next: ScrollPlace, scroll: boolean) => {
      current.current = next
      setPlace(next)
      if (scroll) container.current?.scrollTo({ top: next.top, behavior: 'instant' })
    },
    [container],
  )
  useScrolling(container, current, latest, move)
  useKeptInPlace(container, { prepended, rowHeight }, current, latest, move)

  const position = positionOf(place)
  const show = (row: number) => {
    const top = row * rowHeight
    const now = positionOf(placeByNow(container, current, latest))
    if (top < now) move(placeAt(top, size), true)
    else if (top + rowHeight > now + view) move(placeAt(top + rowHeight - view, size), true)
  }
  return {
    first: Math.max(0, Math.floor(position / rowHeight) - extraRows),
    last: Math.min(count - 1, Math.ceil((position + view) / rowHeight) + extraRows),
    height: heightOf(size),
    topOf: (row) => row * rowHeight - place.shift,
    atTop: position < rowHeight,
    show,
    toTop: () => move({ top: 0, shift: 0 }, true),
  }
}

/**
 * An event tells only with the next frame that the element was scrolled; whoever scrolls it from where it was
 * before would undo that.
 */
function placeByNow(
  container: RefObject<HTMLElement | null>,
  current: RefObject<ScrollPlace>,
  size: RefObject<ScrollSize>,
): ScrollPlace {
  const before = current.current
  const top = container.current?.scrollTop ?? before.top
  return top === before.top ? before : scrolled(before, top, size.current)
}

type Move = (next: ScrollPlace, scroll: boolean) => void

function useScrolling(
  container: RefObject<HTMLElement | null>,
  current: RefObject<ScrollPlace>,
  size: RefObject<ScrollSize>,
  move: Move,
): void {
  useEffect(() => {
    const element = container.current
    if (element === null) return undefined
    let timer: number | undefined
    const place = () => placeByNow(container, current, size)
    const settle = () => move(settled(place(), size.current), true)
    const onScroll = () => {
      if (element.scrollTop === current.current.top) return
      move(place(), false)
      window.clearTimeout(timer)
      if (isStuck(current.current, size.current)) settle()
      else timer = window.setTimeout(settle, settleAfterMs)
    }
    element.addEventListener('scroll', onScroll, { passive: true })
    return () => {
      window.clearTimeout(timer)
      element.removeEventListener('scroll', onScroll)
    }
  }, [container, current, size, move])
}

/** New rows on top do not push away what somebody is reading. */
function useKeptInPlace(
  container: RefObject<HTMLElement | null>,
  { prepended, rowHeight }: Pick<ScrollContent, 'prepended' | 'rowHeight'>,
  current: RefObject<ScrollPlace>,
  size: RefObject<ScrollSize>,
  move: Move,
): void {
  const before = useRef(prepended)
  useLayoutEffect(() => {
    const added = prepended - before.current
    before.current = prepended
    const position = positionOf(placeByNow(container, current, size))
    if (added > 0 && position >= rowHeight) move(placeAt(position + added * rowHeight, size.current), true)
  }, [container, prepended, rowHeight, current, size, move])
}

function useHeight(container: RefObject<HTMLElement | null>): number {
  const [height, setHeight] = useState(firstHeightPixels)
  useLayoutEffect(() => {
    const element = container.current
    if (element === null) return undefined
    // It tells the first height, too.
    const observer = new ResizeObserver(() => setHeight(element.clientHeight))
    observer.observe(element)
    return () => observer.disconnect()
  }, [container])
  return height
}
