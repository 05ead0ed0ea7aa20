import { useState } from 'react'
import { count } from '../format.ts'
import { t } from '../strings.ts'

/** The first of many, or the last, and a way to see them all: a page of thousands of rows would be slow and read by nobody. */
export function useShown<T>(all: readonly T[], most: number, which: 'first' | 'last' = 'first') {
  const [everything, setEverything] = useState(false)
  const hidden = everything ? 0 : Math.max(0, all.length - most)
  const shown = hidden === 0 ? all : which === 'first' ? all.slice(0, most) : all.slice(-most)
  return { shown, hidden, showAll: () => setEverything(true) }
}

/** How many are not drawn yet, as the button that draws them. */
export function ShowAll({ hidden, onShow }: { hidden: number; onShow: () => void }) {
  if (hidden === 0) return null
  return (
    <button type="button" className="btn justify-self-start" onClick={onShow}>
      {t.showMore(count(hidden))}
    </button>
  )
}
