import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { Mark } from '../parts/mark.tsx'
import { go } from '../route.ts'
import { useActions } from '../store/context.ts'
import { t } from '../strings.ts'

/** The one question of a first start: who decides here. Enter goes on, from the name to the address to what comes next. */
export function FirstStart({ suggested }: { suggested: { name: string; email: string } }) {
  const actions = useActions()
  const [name, setName] = useState(suggested.name)
  const [email, setEmail] = useState(suggested.email)
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const nameField = useRef<HTMLInputElement>(null)
  const emailField = useRef<HTMLInputElement>(null)
  useEffect(() => nameField.current?.select(), [])
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    setBusy(true)
    // Where to go is said first: the page is drawn anew as soon as the owner is known.
    const before = location.hash
    if (before === '' || before === '#/' || before === '#/inbox') go({ view: 'welcome' }, 'replace')
    const failure = await actions.saveSettings({ owner: { name, email } })
    setProblem(failure?.message ?? null)
    setBusy(false)
  }
  const toAddress = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing) return
    event.preventDefault()
    emailField.current?.focus()
    emailField.current?.select()
  }
  return (
    <main className="flex h-full overflow-auto p-4">
      <form className="card m-auto grid w-[min(420px,100%)] gap-4 p-6" onSubmit={submit}>
        <Mark size={32} />
        <div className="grid gap-1">
          <h1 className="text-title font-semibold">{t.first.title}</h1>
          <p className="text-muted text-pretty">{t.first.text}</p>
        </div>
        <label className="grid gap-1">
          <span className="font-medium">{t.first.name}</span>
          <input
            ref={nameField}
            className="field"
            value={name}
            onChange={(event) => setName(event.target.value)}
            onKeyDown={toAddress}
            required
            maxLength={200}
            autoComplete="name"
            enterKeyHint="next"
          />
        </label>
        <label className="grid gap-1">
          <span className="font-medium">{t.first.email}</span>
          <input
            ref={emailField}
            className="field"
            type="email"
            value={email}
            onChange={(event) => setEmail(event.target.value)}
            required
            maxLength={254}
            autoComplete="email"
            enterKeyHint="go"
          />
        </label>
        {problem && (
          <p role="alert" className="text-red">
            {problem}
          </p>
        )}
        <div className="flex flex-wrap items-center gap-3">
          <button type="submit" className="btn btn-accent" disabled={busy}>
            {t.first.start}
          </button>
          <span className="text-meta text-muted">{t.first.local}</span>
        </div>
      </form>
    </main>
  )
}
