import { useEffect, useState } from 'react'

/**
 * How many of many are drawn: the first ones, and once all are wanted, more with each frame, so that the page never stands still
 * however many there are.
 */
export function useGrowing(total: number, first: number, step: number) {
  const [wanted, setWanted] = useState(false)
  const [drawn, setDrawn] = useState(first)
  const shown = Math.min(total, drawn)
  useEffect(() => {
    if (!wanted || drawn >= total) return
    const frame = requestAnimationFrame(() => setDrawn(drawn + step))
    return () => cancelAnimationFrame(frame)
  }, [wanted, drawn, total, step])
  const fold = () => {
    setWanted(false)
    setDrawn(first)
  }
  return { shown, folded: !wanted && shown < total, open: wanted, showAll: () => setWanted(true), fold }
}
