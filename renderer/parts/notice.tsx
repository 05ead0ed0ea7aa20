import type { ReactNode } from 'react'

/** A place with nothing in it, or where something failed: what, why, and a way on. */
export function Notice({ title, text, icon, children }: { title: string; text?: string; icon?: ReactNode; children?: ReactNode }) {
  return (
    <div className="m-auto grid max-w-80 justify-items-center gap-2 px-6 py-10 text-center">
      {icon && <div className="mb-1 text-accent">{icon}</div>}
      <h2 className="text-row font-semibold">{title}</h2>
      {text && <p className="text-muted text-balance">{text}</p>}
      {children && <div className="mt-2 flex flex-wrap justify-center gap-2">{children}</div>}
    </div>
  )
}
