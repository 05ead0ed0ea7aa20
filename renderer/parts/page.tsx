import type { ReactNode } from 'react'

type Props = {
  /** Of the heading, which names the page. */
  readonly id: string
  readonly title: ReactNode
  readonly help?: string
  /** Before the title: the way back. */
  readonly back?: ReactNode
  /** Beside the title: what can be done with all of it. */
  readonly actions?: ReactNode
  readonly wide?: boolean
  /** Stays at the foot while the rest scrolls. */
  readonly foot?: ReactNode
  readonly children: ReactNode
}

/** A screen of its own that scrolls as a whole. */
export function Page({ id, title, help, back, actions, wide = false, foot, children }: Props) {
  const width = wide ? 'max-w-[1048px]' : 'max-w-[808px]'
  return (
    <section className="flex min-h-0 min-w-0 flex-1 flex-col bg-panel" aria-labelledby={id}>
      <div
        className="min-h-0 flex-1 overflow-y-auto focus-visible:-outline-offset-2"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is scrolled with the keyboard too
        tabIndex={0}
      >
        <div className={`mx-auto grid gap-5 px-4 py-5 lg:px-6 ${width}`}>
          <header className="grid gap-1">
            {back}
            <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
              <h1 id={id} className="min-w-0 text-title font-semibold wrap-anywhere">
                {title}
              </h1>
              {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
            </div>
            {help && <p className="text-muted text-pretty">{help}</p>}
          </header>
          {children}
        </div>
      </div>
      {foot}
    </section>
  )
}

type Tab = { readonly href: string; readonly label: string; readonly here: boolean; readonly note?: string }

/** Parts of a screen, each with an address of its own. */
export function TabLinks({ label, tabs }: { label: string; tabs: readonly Tab[] }) {
  return (
    <nav aria-label={label} className="overflow-x-auto border-b border-line max-md:-mx-4 max-md:px-4">
      <ul className="flex gap-5">
        {tabs.map((tab) => (
          <li key={tab.href}>
            <a href={tab.href} aria-current={tab.here ? 'page' : undefined} className="tab">
              {tab.label}
              {tab.note && <span className="ml-1.5 font-normal text-muted tabular-nums">{tab.note}</span>}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

/** A topic of a page: its heading, and what belongs to it. */
export function Part({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  return (
    <section aria-label={title} className="grid min-w-0 gap-1.5">
      <div className="flex flex-wrap items-end justify-between gap-2">
        <h2 className="head first-letter:uppercase">{title}</h2>
        {action}
      </div>
      {children}
    </section>
  )
}

/** Grey shapes where rows will be; unseen when the answer comes at once. */
export function Bones({ rows = 4 }: { rows?: number }) {
  return (
    <div className="late card divide-y divide-line" aria-hidden="true">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: shapes have nothing else
        <div key={row} className="grid gap-2 px-4 py-3.5">
          <div className={`bone h-3.5 ${row % 2 ? 'w-2/5' : 'w-3/5'}`} />
          <div className="bone h-2.5 w-1/3" />
        </div>
      ))}
    </div>
  )
}
