import { CopyButton } from '../parts/copy.tsx'
import { Mark } from '../parts/mark.tsx'
import { t } from '../strings.ts'

/** Shown to a browser without a session. */
export function SignIn({ used }: { used: boolean }) {
  return (
    <main className="flex h-full overflow-auto p-4">
      <div className="card m-auto grid w-[min(440px,100%)] gap-3 p-6">
        <Mark size={32} />
        <h1 className="mt-1 text-title font-semibold">{t.signIn.title}</h1>
        <p className="text-muted text-pretty">{used ? t.signIn.used : t.signIn.text}</p>
        <div className="flex flex-wrap items-center justify-between gap-2 rounded-control bg-well py-1.5 pr-1.5 pl-3">
          <code className="font-mono">{t.signIn.command}</code>
          <CopyButton text={t.signIn.command} />
        </div>
        <p className="text-meta text-muted">{t.signIn.note}</p>
        <button type="button" className="btn justify-self-start" onClick={() => location.reload()}>
          {t.signIn.again}
        </button>
      </div>
    </main>
  )
}
