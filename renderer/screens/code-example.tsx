import { useId, useState } from 'react'
import { CopyButton } from '../parts/copy.tsx'
import { exampleLanguages, languageNames, requestExample } from '../request-examples.ts'
import { t } from '../strings.ts'
import { tgo } from '../strings-start.ts'

/** A command or a program to copy. It breaks where it must, and copies as it is. */
export function Code({ text, label, copy = t.copy }: { text: string; label: string; copy?: string }) {
  return (
    <div className="relative">
      {/* biome-ignore lint/a11y/useSemanticElements: a group of fields is another thing */}
      <pre
        role="group"
        aria-label={label}
        className="rounded-control bg-well px-3 py-2.5 pr-24 font-mono text-meta whitespace-pre-wrap wrap-anywhere max-md:pr-3 max-md:pt-12"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it is read and selected with the keyboard too
        tabIndex={0}
      >
        {text}
      </pre>
      <div className="absolute top-1.5 right-1.5">
        <CopyButton text={text} label={copy} />
      </div>
    </div>
  )
}

/** The same request in several languages, one of them shown. Arrows move between the tabs. */
export function RequestExample({ url, token }: { url: string; token: string }) {
  const [language, setLanguage] = useState<(typeof exampleLanguages)[number]>('curl')
  const id = useId()
  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (step === 0) return
    event.preventDefault()
    const at = exampleLanguages.indexOf(language) + step + exampleLanguages.length
    const next = exampleLanguages[at % exampleLanguages.length]!
    setLanguage(next)
    document.getElementById(`${id}-${next}`)?.focus()
  }
  return (
    <div className="grid min-w-0 gap-2">
      <div
        role="tablist"
        aria-label={tgo.examples.label}
        className="flex gap-4 overflow-x-auto border-b border-line"
        data-own-arrows
      >
        {exampleLanguages.map((each) => (
          <button
            key={each}
            id={`${id}-${each}`}
            type="button"
            role="tab"
            aria-selected={each === language}
            aria-controls={`${id}-panel`}
            aria-current={each === language ? 'true' : undefined}
            tabIndex={each === language ? 0 : -1}
            className="tab focus-visible:-outline-offset-2"
            onClick={() => setLanguage(each)}
            onKeyDown={onKeyDown}
          >
            {languageNames[each]}
          </button>
        ))}
      </div>
      <div id={`${id}-panel`} role="tabpanel" aria-labelledby={`${id}-${language}`} className="grid min-w-0 gap-1.5">
        <p className="text-meta text-muted">{tgo.examples.where[language]}</p>
        <Code text={requestExample(language, url, token)} label={languageNames[language]} />
      </div>
    </div>
  )
}
