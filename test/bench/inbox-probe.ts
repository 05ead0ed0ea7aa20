import type { Page } from '@playwright/test'

/*
 * What is measured inside of the page, where nothing lies between a key and the picture: the functions given to `evaluate` run there.
 */

/** Presses `j` again and again. Milliseconds from each press until the next request is painted; a request that never comes is 5,000. */
export function timeSteps(page: Page, count: number, pauseMs: number): Promise<number[]> {
  return page.evaluate(
    async ([steps, pause]) => {
      const title = () => document.querySelector('#request-title')?.textContent
      const task = () =>
        new Promise((resolve) => {
          const { port1, port2 } = new MessageChannel()
          port1.onmessage = resolve
          port2.postMessage(null)
        })
      const times: number[] = []
      for (let n = 0; n < steps!; n++) {
        const before = title()
        const pressedAt = performance.now()
        window.dispatchEvent(new KeyboardEvent('keydown', { key: 'j', bubbles: true }))
        while (title() === before && performance.now() - pressedAt < 5000) await task()
        // What comes behind the frame in which it is drawn runs once it is.
        await new Promise(requestAnimationFrame)
        await task()
        times.push(performance.now() - pressedAt)
        await new Promise((resolve) => setTimeout(resolve, pause))
      }
      return times
    },
    [count, pauseMs] as const,
  )
}

export type Scrolled = {
  /** Milliseconds between one frame and the next. */
  readonly frames: readonly number[]
  /** How much of the list was passed, 0..1. */
  readonly share: number
  /** Rows on the screen at the end that still had nothing in them, after a moment. */
  readonly empty: number
}

/** Scrolls for so long at a steady speed: from the top to the end where `pixels` is null, else so many each frame. */
export function scroll(page: Page, seconds: number, pixels: number | null): Promise<Scrolled> {
  return page.evaluate(
    async ([wanted, each]) => {
      const list = document.querySelector('[role=list]')!.parentElement!
      const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve))
      list.scrollTop = 0
      await frame()
      const end = list.scrollHeight - list.clientHeight
      const frames: number[] = []
      const startedAt = await frame()
      for (let last = startedAt; last - startedAt < wanted! * 1000; ) {
        list.scrollTop = each === null ? ((last - startedAt) / (wanted! * 1000)) * end : list.scrollTop + each!
        const now = await frame()
        frames.push(now - last)
        last = now
      }
      if (each === null) list.scrollTop = end
      const share = list.scrollTop / end
      await new Promise((resolve) => setTimeout(resolve, 500))
      const empty = document.querySelectorAll('[role=listitem] .bone').length
      return { frames, share, empty }
    },
    [seconds, pixels] as const,
  )
}
