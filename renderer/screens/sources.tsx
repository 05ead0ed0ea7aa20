import { Plug, Plus } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { HookView, SourceView } from '../../shared/contract/settings.ts'
import { Notice } from '../parts/notice.tsx'
import { Bones, Page, Part } from '../parts/page.tsx'
import { useInbox } from '../store/context.ts'
import { useSources } from '../store/sources.ts'
import { t } from '../strings.ts'
import { tsr } from '../strings-sources.ts'
import { visible } from '../visible-text.ts'
import { HookRow, RemoveHookDialog } from './sources-hooks.tsx'
import { NewSource } from './sources-new.tsx'
import { RevokeDialog } from './sources-revoke.tsx'
import { KeyRow, ProgramRow } from './sources-rows.tsx'

/** Whatever may ask here, and every other credential, with what came of it. */
export function SourcesScreen() {
  const { view, failure, load } = useSources()
  const [adding, setAdding] = useState(false)
  const [leaving, setLeaving] = useState<SourceView | null>(null)
  const [ending, setEnding] = useState<HookView | null>(null)
  const url = useInbox((state) => state.settings?.url ?? null)
  if (view === null && failure) {
    return (
      <Notice title={tsr.failed} text={visible(failure.message)}>
        <button type="button" className="btn" onClick={() => void load()}>
          {t.retry}
        </button>
      </Notice>
    )
  }
  const of = (kind: SourceView['kind']) => view?.items.filter((each) => each.kind === kind) ?? []
  const rows = (kind: SourceView['kind'], Row: typeof KeyRow) =>
    of(kind).map((source) => <Row key={source.id} source={source} onRevoke={() => setLeaving(source)} />)
  return (
    <Page
      id="sources-title"
      title={tsr.title}
      help={tsr.help}
      actions={
        !adding && (
          <button type="button" className="btn btn-accent" onClick={() => setAdding(true)}>
            <Plus size={14} aria-hidden /> {tsr.add}
          </button>
        )
      }
    >
      {adding && <NewSource items={view?.items ?? []} onMade={() => void load()} onClose={() => setAdding(false)} />}
      {view === null ? (
        <Bones />
      ) : (
        <>
          <Part title={tsr.programs}>
            {of('source').length > 0 ? (
              <List>{rows('source', ProgramRow)}</List>
            ) : (
              <div className="card flex">
                <Notice icon={<Plug size={24} />} title={tsr.noPrograms} text={tsr.noProgramsHelp} />
              </div>
            )}
          </Part>
          <Part title={tsr.hooks}>
            {view.config_problems.length > 0 && (
              <div role="alert" className="card px-4 py-3 text-amber">
                <p>{tsr.config}</p>
                <ul className="list-disc pl-5">
                  {view.config_problems.map(({ pointer, message }) => (
                    <li key={`${pointer} ${message}`} className="wrap-anywhere">
                      {visible(`${pointer} ${message}`)}
                    </li>
                  ))}
                </ul>
              </div>
            )}
            {view.hooks.length > 0 ? (
              <List>
                {view.hooks.map((hook) => (
                  <HookRow key={hook.name} hook={hook} onRemove={() => setEnding(hook)} />
                ))}
              </List>
            ) : (
              <p className="text-muted">
                {tsr.noHooks}{' '}
                {url && (
                  <a
                    className="text-accent underline underline-offset-2"
                    href={new URL('/docs', url).href}
                    target="_blank"
                    rel="noopener noreferrer"
                  >
                    {tsr.howHooks}
                  </a>
                )}
              </p>
            )}
          </Part>
          <Part title={tsr.keys}>
            {of('key').length > 0 ? <List>{rows('key', KeyRow)}</List> : <p className="text-muted">{tsr.noKeys}</p>}
          </Part>
          {of('session').length > 0 && (
            <Part title={tsr.sessions}>
              <List>{rows('session', KeyRow)}</List>
            </Part>
          )}
        </>
      )}
      <RevokeDialog source={leaving} onClose={() => setLeaving(null)} onRevoked={() => void load()} />
      <RemoveHookDialog hook={ending} onClose={() => setEnding(null)} onRemoved={() => void load()} />
    </Page>
  )
}

const List = ({ children }: { children: ReactNode }) => <ul className="card divide-y divide-line">{children}</ul>
