import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

export type Rectangle = { readonly x: number; readonly y: number; readonly width: number; readonly height: number }

/** What is remembered about the window between starts. Losing it does no harm. */
export type WindowState = {
  readonly bounds: Rectangle | null
  readonly maximized: boolean
  /** Whether the person was told that closing only hides the window. */
  readonly hintShown: boolean
}

const fresh: WindowState = { bounds: null, maximized: false, hintShown: false }

export function readWindowState(file: string): WindowState {
  try {
    const { bounds, maximized, hintShown } = JSON.parse(readFileSync(file, 'utf8')) as Partial<WindowState>
    const numbers = bounds ? [bounds.x, bounds.y, bounds.width, bounds.height] : []
    const usable = numbers.length === 4 && numbers.every(Number.isSafeInteger) && bounds!.width >= 300 && bounds!.height >= 200
    return { bounds: usable ? bounds! : null, maximized: maximized === true, hintShown: hintShown === true }
  } catch {
    return fresh
  }
}

export function writeWindowState(file: string, state: WindowState): void {
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(`${file}.new`, JSON.stringify(state))
    renameSync(`${file}.new`, file)
  } catch {
    // A window that opens in its usual place is no loss.
  }
}

/** The remembered bounds if enough of them can be seen on a screen that is still there. */
export function visibleBounds(bounds: Rectangle | null, screens: readonly Rectangle[]): Rectangle | null {
  if (!bounds) return null
  const seen = screens.some((area) => {
    const width = Math.min(bounds.x + bounds.width, area.x + area.width) - Math.max(bounds.x, area.x)
    const height = Math.min(bounds.y + bounds.height, area.y + area.height) - Math.max(bounds.y, area.y)
    return width >= 100 && height >= 100
  })
  return seen ? bounds : null
}
