import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { t } from '../strings.ts'

/** Copies a text and says so for a moment. */
export function CopyButton({ text, label = t.copy }: { text: string; label?: string }) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 2000)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setCopied(true)
    } catch {
      setCopied(false)
    }
  }
  return (
    <button type="button" className="btn" onClick={copy} aria-live="polite">
      {copied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
      {copied ? t.copied : label}
    </button>
  )
}
