import { useEffect } from 'react'
import { useInbox } from './store/context.ts'
import { t } from './strings.ts'

/** What the browser shows of a page in the background: how many wait in the window's title, and a dot on its icon. */
export function useAttention(): void {
  const waiting = useInbox(({ counts }) => counts.views?.inbox ?? counts.pending)
  useEffect(() => {
    document.title = waiting > 0 ? `(${waiting}) ${t.name}` : t.name
    const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]')
    const wanted = waiting > 0 ? './favicon-waiting.svg' : './favicon.svg'
    if (icon && icon.getAttribute('href') !== wanted) icon.setAttribute('href', wanted)
  }, [waiting])
}
